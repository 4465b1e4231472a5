//! What may make a month cheaper or dearer than its estimate, and is too uncertain to be counted.

use super::{Month, as_of, dollars, estimate, first_type, on_demand, rate, surplus_price};
use crate::config::{Config, Spot};
use crate::day::day;
use crate::machine;
use crate::unix_time::UnixTime;

/// Whole sentences; those that hold at that time, since 1970.
pub fn notes(config: &Config, month: &Month, now: UnixTime) -> Vec<String> {
    let all = [
        trial(config, month, now),
        credits(),
        processors(config, month),
        spot(config),
        others(config, month),
        prices(config),
    ];
    all.into_iter().flatten().collect()
}

/// Source: "Amazon EC2 T4g instances", free trial.
fn trial(config: &Config, month: &Month, now: UnixTime) -> Option<String> {
    const END: &str = "2026-12-31";
    let is_in_it = first_type(config) == "t4g.small" && config.box_.spot == Spot::Off;
    let parts = (is_in_it && *day(now) <= *END).then(|| estimate(config, month))?.ok()?.parts;
    let rest: f64 = parts.iter().filter(|part| part.id != "machine").map(|part| part.usd).sum();
    Some(format!(
        "Until {END} every AWS account has 750 hours a month of t4g.small free of charge, but not its CPU credits: with them this is {}.",
        dollars(rest)
    ))
}

/// Source: "AWS Free Tier", accounts since 2025-07-15.
fn credits() -> Option<String> {
    Some("AWS gives new accounts up to $200 of credits for a while. They are not taken off here.".into())
}

/// A small machine may cost more in CPU credits than in hours.
fn processors(config: &Config, month: &Month) -> Option<String> {
    let name = first_type(config);
    if !machine::has_cpu_credits(name) {
        return None;
    }
    let Some(price) = surplus_price(config) else {
        return Some(
            "With standard CPU credits it never pays for more, and is slow when they are used up.".into(),
        );
    };
    let Some(size) = machine::size(name) else {
        return Some(format!(
            "What its processors do beyond its CPU credits costs ${} a vCPU-hour more.",
            rate(price)
        ));
    };
    let most = month.hours * f64::from(size.vcpus) * (1.0 - size.baseline) * price;
    Some(format!(
        "Its CPU credits cover {:.0} % of its processors, over a day or until it is switched off. Beyond that it costs more: up to {} a \
         month if they never rested. With box.cpu_credits \"standard\" it becomes slow instead.",
        size.baseline * 100.0,
        dollars(most)
    ))
}

fn spot(config: &Config) -> Option<String> {
    if config.cost.hourly_price.is_some() {
        return None;
    }
    let changes = "The price of spot changes all the time; AWS's console shows today's, and cost.hourly_price takes it.";
    match config.box_.spot {
        Spot::Off => None,
        Spot::Only => Some(changes.into()),
        Spot::Fallback => {
            let price = on_demand(config)?;
            Some(format!("{changes} While EC2 has none, the box costs ${} an hour.", rate(price)))
        }
    }
}

/// What a fallback to another type means.
fn others(config: &Config, month: &Month) -> Option<String> {
    let (first, others) = config.box_.types.split_first()?;
    let with = |name: &String| {
        let mut config = config.clone();
        config.box_.types = vec![name.clone()];
        let total = estimate(&config, month).map(|estimate| dollars(estimate.total()));
        format!("{name}, {}", total.unwrap_or_else(|_| "whose price is not known".into()))
    };
    let others: Vec<String> = others.iter().map(with).collect();
    (!others.is_empty()).then(|| {
        format!("Where EC2 has no {first}, the month is that of another type: {}.", others.join("; "))
    })
}

fn prices(config: &Config) -> Option<String> {
    let whose = match config.cost.hourly_price {
        Some(_) => String::new(),
        None => format!("The machine's price is of {}; one in cost.hourly_price counts instead. ", as_of()),
    };
    Some(format!("{whose}Taxes are not included."))
}
