//! What may make a month cheaper or dearer than its estimate, and is too uncertain to be counted.

use std::time::Duration;

use super::{Month, as_of, dollars, first_type, surplus_price};
use crate::config::{Config, CpuCredits, Spot};
use crate::day::day;
use crate::machine;

#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The last day on which it holds, as `YYYY-MM-DD`; nothing where no end is known.
    pub(super) until: Option<&'static str>,
    /// Whole sentences.
    pub text: String,
}

/// Those that hold at that time, since 1970.
pub fn notes(config: &Config, month: &Month, now: Duration) -> Vec<Note> {
    let today = day(now);
    let all = [trial(config), credits(), processors(config, month), spot(config), prices(config)];
    all.into_iter().flatten().filter(|note| note.until.is_none_or(|end| *today <= *end)).collect()
}

fn lasting(text: String) -> Option<Note> {
    Some(Note { until: None, text })
}

/// Source: "Amazon EC2 T4g instances", free trial.
fn trial(config: &Config) -> Option<Note> {
    const END: &str = "2026-12-31";
    (first_type(config) == "t4g.small" && config.box_.spot == Spot::Off).then(|| Note {
        until: Some(END),
        text: format!(
            "Until {END} every AWS account has 750 hours a month of t4g.small free of charge, but not its CPU credits. They are not \
             taken off here."
        ),
    })
}

/// Source: "AWS Free Tier", accounts since 2025-07-15.
fn credits() -> Option<Note> {
    lasting(
        "A new AWS account gets up to $200 of credits for its first six months. They are not taken off here."
            .into(),
    )
}

/// A small machine may cost more in CPU credits than in hours.
fn processors(config: &Config, month: &Month) -> Option<Note> {
    let size = machine::size(first_type(config))?;
    if config.box_.cpu_credits == CpuCredits::Standard && machine::has_cpu_credits(first_type(config)) {
        return lasting(
            "With standard CPU credits it is never dearer than this, and slow when they are used up.".into(),
        );
    }
    let price = surplus_price(config)?;
    let most = month.hours * f64::from(size.vcpus) * (1.0 - size.baseline) * price;
    lasting(format!(
        "Its CPU credits cover {:.0} % of its processors, over a day. Beyond that it costs more: up to {} a month if they never rested. With \
         box.cpu_credits \"standard\" it becomes slow instead.",
        size.baseline * 100.0,
        dollars(most)
    ))
}

fn spot(config: &Config) -> Option<Note> {
    (config.box_.spot != Spot::Off && config.cost.hourly_price.is_none()).then(|| Note {
        until: None,
        text: "The price of spot changes all the time; AWS's console shows today's, and cost.hourly_price takes it.".into(),
    })
}

fn prices(config: &Config) -> Option<Note> {
    let whose = match config.cost.hourly_price {
        Some(_) => String::new(),
        None => format!("The machine's price is of {}; one in cost.hourly_price counts instead. ", as_of()),
    };
    lasting(format!("{whose}Taxes are not included."))
}
