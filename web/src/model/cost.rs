//! What the form's config costs in a month, as it is drawn: amounts, and how long their bars are.

use pushbox_shared::config::{Config, Problem};
use pushbox_shared::cost::{self, Figure, Month, dollars};
use pushbox_shared::unix_time::UnixTime;

/// What a person says of the month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// In which somebody uses the app; assumed from the config where nobody has said.
    pub hours: Option<f64>,
    pub data_out_gb: f64,
}

impl Default for Said {
    fn default() -> Said {
        Said { hours: None, data_out_gb: Month::ALWAYS_ON.data_out_gb }
    }
}

#[derive(Debug)]
pub struct Bill {
    /// "$16.88 a month, always on".
    pub total: String,
    pub parts: Vec<Bar>,
    /// In which a box that sleeps is on.
    pub hours: f64,
    /// "$2.97 a month, asleep when nobody comes".
    pub asleep: String,
    pub ways: Vec<Bar>,
    /// The id of the way that the form asks for.
    pub way: &'static str,
    pub verdict: Option<String>,
    pub notes: Vec<String>,
}

/// A figure, and where its bar begins and how long it is, in percent.
#[derive(Debug)]
pub struct Bar {
    pub figure: Figure,
    pub amount: String,
    pub start: f64,
    pub length: f64,
}

const ASLEEP: &str = "asleep when nobody comes";

pub fn bill(config: &Config, said: Said, now: UnixTime) -> Result<Bill, Problem> {
    let asleep = Month::asleep(config);
    let asleep = Month { hours: said.hours.unwrap_or(asleep.hours), data_out_gb: said.data_out_gb, ..asleep };
    let sleeps = config.sleep.is_on();
    let month = if sleeps { asleep } else { asleep.awake() };
    let estimate = cost::estimate(config, &month)?;
    let ways = cost::ways(config, &asleep)?;
    let total = estimate.total();
    let said = |total: f64, how: &str| format!("{} a month, {how}", dollars(total));
    let dearest = ways.all().map(|way| way.usd).fold(0.0, f64::max);
    Ok(Bill {
        total: said(total, if sleeps { ASLEEP } else { "always on" }),
        parts: stacked(estimate.parts, total),
        hours: asleep.hours,
        asleep: said(ways.asleep.usd, ASLEEP),
        verdict: ways.verdict(),
        ways: ways.all().map(|way| bar(way.clone(), 0.0, dearest)).collect(),
        way: if sleeps { "asleep" } else { "on" },
        notes: cost::notes(config, &month, now),
    })
}

/// One after the other.
fn stacked(figures: Vec<Figure>, whole: f64) -> Vec<Bar> {
    let mut start = 0.0;
    let after = |figure: Figure| {
        let bar = bar(figure, start, whole);
        start += bar.length;
        bar
    };
    figures.into_iter().map(after).collect()
}

fn bar(figure: Figure, start: f64, whole: f64) -> Bar {
    let length = if whole > 0.0 { figure.usd / whole * 100.0 } else { 0.0 };
    Bar { amount: dollars(figure.usd), start, length, figure }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_795_392_000);

    fn config(sleeps: bool) -> Config {
        let mut config = Config::default();
        config.sleep.after_idle_minutes = sleeps.then_some(15);
        config
    }

    fn shown(bill: &Bill) -> String {
        let amounts: Vec<&str> = bill.parts.iter().map(|part| part.amount.as_str()).collect();
        format!("{}: {}", bill.total, amounts.join(" + "))
    }

    #[test]
    fn a_form_without_any_answer_has_a_bill_already() {
        let bill = bill(&config(false), Said::default(), NOW).expect("a price");
        assert_eq!(shown(&bill), "$16.88 a month, always on: $12.26 + $0.96 + $3.65 + $0.00 + under $0.01");
        assert_eq!(bill.way, "on");
        assert!(bill.notes[0].starts_with("Until 2026-12-31 "), "{:?}", bill.notes);
    }

    #[test]
    fn hours_count_for_a_box_that_sleeps_alone() {
        let said = Said { hours: Some(10.0), ..Said::default() };
        let sleeping = bill(&config(true), said, NOW).expect("a price");
        assert_eq!(
            shown(&sleeping),
            "$1.20 a month, asleep when nobody comes: $0.17 + $0.96 + $0.05 + $0.00 + $0.02"
        );
        let awake = bill(&config(false), said, NOW).expect("a price");
        assert!(awake.total.starts_with("$16.88 "), "{}", awake.total);
        assert_eq!(awake.ways[1].amount, "$1.20", "what it could be");
    }

    #[test]
    fn bars_fill_their_line_and_the_dearest_way_is_the_longest() {
        let said = Said { data_out_gb: 300.0, ..Said::default() };
        let bill = bill(&config(true), said, NOW).expect("a price");
        let last = bill.parts.last().expect("parts");
        assert!((last.start + last.length - 100.0).abs() < 1e-9, "{last:?}");
        assert!(bill.parts.windows(2).all(|two| (two[0].start + two[0].length - two[1].start).abs() < 1e-9));
        assert!(bill.ways.iter().all(|way| (0.0..=100.0).contains(&way.length)));
        assert!(bill.ways.iter().any(|way| way.length == 100.0));
    }

    #[test]
    fn without_a_price_there_is_no_bill() {
        let mut config = config(false);
        config.box_.types = vec!["x9.huge".into()];
        assert_eq!(bill(&config, Said::default(), NOW).unwrap_err().path, "cost.hourly_price");
    }
}
