//! The price table: two texts of aligned columns, which `docs/prices.md` tells how to renew.

/// USD an hour on demand, by type.
const MACHINES: &str = include_str!("machines.txt");
/// USD a GB, of what holds and moves data.
const STORAGE: &str = include_str!("storage.txt");

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Storage {
    /// USD for a GB of it, for a month.
    pub gp3: f64,
    /// USD for a GB of it, for a month.
    pub snapshot: f64,
    /// USD for a GB that leaves AWS, after the free ones.
    pub out: f64,
}

/// USD an hour on demand; nothing where the type is not sold there, or the table does not know.
pub(super) fn hourly(instance_type: &str, region: &str) -> Option<f64> {
    cell(MACHINES, region, instance_type)
}

pub(super) fn storage(region: &str) -> Option<Storage> {
    let of = |column| cell(STORAGE, region, column);
    Some(Storage { gp3: of("gp3")?, snapshot: of("snapshot")?, out: of("out")? })
}

/// The regions whose prices are known.
#[cfg(test)]
pub(super) fn regions() -> impl Iterator<Item = &'static str> {
    lines(MACHINES).skip(1).filter_map(|line| line.split_whitespace().next())
}

/// The day of the prices of machines, as `YYYY-MM-DD`.
pub(super) fn as_of() -> &'static str {
    MACHINES.split_once("# As of ").and_then(|(_, rest)| rest.get(..10)).unwrap_or_default()
}

/// The first of them names the columns.
fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

fn cell(table: &'static str, row: &str, column: &str) -> Option<f64> {
    let at = lines(table).next()?.split_whitespace().position(|name| name == column)?;
    let line = lines(table).skip(1).find(|line| line.split_whitespace().next() == Some(row))?;
    line.split_whitespace().nth(at)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine;

    #[test]
    fn both_tables_know_the_same_regions_and_when_they_were_made() {
        assert!(
            as_of() >= "2025-03-02" && as_of().chars().all(|c| c == '-' || c.is_ascii_digit()),
            "{}",
            as_of()
        );
        assert!(regions().count() >= 12);
        for region in regions() {
            let storage = storage(region).expect(region);
            assert!(
                storage.gp3 > 0.05 && storage.snapshot > 0.03 && storage.out > 0.01,
                "{region}: {storage:?}"
            );
        }
        assert_eq!(storage("mars-north-1"), None);
    }

    #[test]
    fn every_type_has_prices_and_a_size() {
        let types: Vec<&str> = lines(MACHINES).next().expect("names").split_whitespace().skip(1).collect();
        assert!(types.len() >= 24, "{types:?}");
        for name in types {
            assert!(machine::size(name).is_some(), "{name} has no size");
            assert!(hourly(name, "us-east-1").is_some(), "{name} has no price in us-east-1");
        }
        assert_eq!(hourly("t4g.nano", "mars-north-1"), None);
        assert_eq!(hourly("region", "us-east-1"), None);
    }
}
