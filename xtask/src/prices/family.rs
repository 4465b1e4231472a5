//! What a family costs in a region, out of prices of which some are missing and some are those of another product.
//!
//! Within a family the price doubles from size to size, so every size says what all others cost. A wrong price in the source is that of
//! a dedicated instance, which is dearer by about 6 %, and several sizes may have it: the median would follow them.

use std::ops::RangeInclusive;

/// What rounding explains, in thousandths: a nano of 0.0028 is rounded by up to 18 of them.
const SAME: RangeInclusive<u64> = 975..=1025;

/// How much dearer a dedicated instance is, in thousandths of the price that is looked for.
const DEDICATED: RangeInclusive<u64> = 1040..=1090;

/// The source's prices have four decimals.
const STEP: u64 = 100;

/// What a size costs, as the source says or as the family does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Price {
    /// How many times the smallest size it is.
    pub(crate) units: u64,
    /// Millionths of a US dollar for an hour.
    pub(crate) micros: u64,
}

impl Price {
    /// How dear it is for its size beside another price, in thousandths.
    fn beside(self, other: Price) -> u64 {
        self.micros * other.units * 1000 / (other.micros * self.units)
    }

    fn agrees(self, other: Price) -> bool {
        SAME.contains(&self.beside(other))
    }

    /// What it makes another size cost.
    fn of(self, units: u64) -> u64 {
        let steps = (2 * self.micros * units + STEP * self.units) / (2 * STEP * self.units);
        steps * STEP
    }
}

/// What became of the source's price of a size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cleaned {
    Kept(u64),
    /// There was none, and the family says it.
    Filled(u64),
    /// It was that of a dedicated instance.
    Replaced {
        was: u64,
        by: u64,
    },
    /// Nothing that could be believed.
    Unknown,
}

impl Cleaned {
    pub(crate) fn micros(self) -> Option<u64> {
        match self {
            Cleaned::Kept(micros) | Cleaned::Filled(micros) | Cleaned::Replaced { by: micros, .. } => {
                Some(micros)
            }
            Cleaned::Unknown => None,
        }
    }
}

/// How many times the smallest size a size is: `nano` is 1, `xlarge` 32. Nothing for `metal` and whatever else is no size of this row.
pub(crate) fn units(size: &str) -> Option<u64> {
    const ROW: [&str; 6] = ["nano", "micro", "small", "medium", "large", "xlarge"];
    if let Some(place) = ROW.iter().position(|name| *name == size) {
        return Some(1 << place);
    }
    let times: u64 = size.strip_suffix("xlarge")?.parse().ok()?;
    times.checked_mul(32).filter(|units| *units > 0)
}

/// The price that stands for the family, out of all that the source has of it in a region.
///
/// It is the cheapest for its size, if another size agrees and each of the rest is that of a dedicated instance; of those that agree,
/// the largest, because rounding matters least there. With anything else in the family, none is believed.
pub(crate) fn standard(quoted: &[Price]) -> Option<Price> {
    let cheapest = quoted.iter().copied().min_by(|a, b| (a.micros * b.units).cmp(&(b.micros * a.units)))?;
    let agreeing = || quoted.iter().filter(|price| price.agrees(cheapest));
    let standard = *agreeing().max_by_key(|price| price.units)?;
    let explained = |price: &Price| price.agrees(standard) || DEDICATED.contains(&price.beside(standard));
    (agreeing().count() >= 2 && quoted.iter().all(explained)).then_some(standard)
}

/// The price of a size: as quoted where it agrees with its family's, else as that makes it.
pub(crate) fn clean(quoted: Option<u64>, units: u64, standard: Option<Price>) -> Cleaned {
    match (standard, quoted) {
        (None, _) => Cleaned::Unknown,
        (Some(standard), None) => Cleaned::Filled(standard.of(units)),
        (Some(standard), Some(was)) if (Price { units, micros: was }).agrees(standard) => Cleaned::Kept(was),
        (Some(standard), Some(was)) => Cleaned::Replaced { was, by: standard.of(units) },
    }
}

#[cfg(test)]
mod tests {
    use super::Cleaned::{Filled, Kept, Replaced, Unknown};
    use super::*;

    /// Cleans a family that is quoted from `nano` on, in millionths; 0 is a hole.
    #[track_caller]
    fn check(quoted: &[u64], expected: &[Cleaned]) {
        let sizes = || quoted.iter().enumerate().map(|(place, micros)| (1 << place, *micros));
        let known: Vec<Price> = sizes()
            .filter(|(_, micros)| *micros > 0)
            .map(|(units, micros)| Price { units, micros })
            .collect();
        let standard = standard(&known);
        let cleaned: Vec<Cleaned> =
            sizes().map(|(units, micros)| clean((micros > 0).then_some(micros), units, standard)).collect();
        assert_eq!(cleaned, expected);
    }

    #[test]
    fn a_hole_is_filled_from_the_largest_size() {
        check(&[0, 10_400, 20_800], &[Filled(5_200), Kept(10_400), Kept(20_800)]);
    }

    #[test]
    fn the_price_of_a_dedicated_instance_is_replaced() {
        check(&[5_200, 10_400, 22_000], &[Kept(5_200), Kept(10_400), Replaced { was: 22_000, by: 20_800 }]);
    }

    #[test]
    fn more_dedicated_prices_than_right_ones_do_not_win() {
        check(
            &[5_200, 10_400, 22_000, 0, 88_200, 176_300],
            &[
                Kept(5_200),
                Kept(10_400),
                Replaced { was: 22_000, by: 20_800 },
                Filled(41_600),
                Replaced { was: 88_200, by: 83_200 },
                Replaced { was: 176_300, by: 166_400 },
            ],
        );
    }

    #[test]
    fn nothing_is_made_of_one_price_or_none() {
        check(&[0, 0], &[Unknown, Unknown]);
        check(&[5_200, 0], &[Unknown, Unknown]);
    }

    #[test]
    fn the_only_cheap_price_is_not_overruled_by_dear_ones_that_agree() {
        check(&[5_200, 11_000, 22_000], &[Unknown; 3]);
    }

    #[test]
    fn a_price_that_nothing_explains_makes_the_family_unknown() {
        check(&[5_200, 10_400, 41_600], &[Unknown; 3]);
        check(&[5_200, 10_400, 2_080], &[Unknown; 3]);
    }

    #[test]
    fn what_rounding_explains_is_kept() {
        check(&[2_800, 5_600, 11_200], &[Kept(2_800), Kept(5_600), Kept(11_200)]);
        // t2 in London: small and medium have three decimals.
        check(&[6_600, 13_200, 26_000, 52_000, 105_600], &[6_600, 13_200, 26_000, 52_000, 105_600].map(Kept));
        // Half a step is rounded up, as AWS does it: c7g.medium is half of 0.0725.
        assert_eq!(Price { units: 16, micros: 72_500 }.of(8), 36_300);
    }

    #[test]
    fn sizes_double() {
        let sizes = ["nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "12xlarge"];
        assert_eq!(sizes.map(units), [1, 2, 4, 8, 16, 32, 64, 384].map(Some));
        assert_eq!(["metal", "0xlarge", "metal-24xl"].map(units), [None; 3]);
    }
}
