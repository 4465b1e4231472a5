//! What a month costs: arithmetic over a dated price table. Every figure says what it assumes.

mod month;
mod notes;
mod table;
mod ways;

use crate::config::{Address, Config, CpuCredits, FunctionArch, Kind, Problem, Spot};
use crate::machine;

pub use month::{HOURS, Month};
pub use notes::notes;
use table::as_of;
pub use ways::{Ways, ways};

/// What a public IPv4 address costs, USD an hour, in every region. Source: "Amazon VPC pricing", since 2024-02-01.
const IPV4: f64 = 0.005;
/// GB that leave AWS in a month before they cost anything. Source: "Amazon EC2 on-demand pricing", data transfer.
const FREE_OUT_GB: f64 = 100.0;
/// USD for each invocation, and for each GB-second. Source: "AWS Lambda pricing".
const INVOCATION: f64 = 0.20 / 1_000_000.0;
const GB_SECOND_ARM64: f64 = 0.000_013_333_4;
const GB_SECOND_X86_64: f64 = 0.000_016_666_7;
/// USD for a GB of log lines. Source: "Amazon CloudWatch pricing", us-east-1.
const LOG_GB: f64 = 0.50;
/// GB that one invocation logs: its own line, and those of Lambda.
const LOG_OF_INVOCATION_GB: f64 = 1_000.0 / 1e9;
/// How much less than on demand a spot box is taken to cost: its price changes with the hour and the zone. Source: "Spot Instance
/// Advisor", which showed 49 to 71 % for these types in us-east-1 in August 2026.
const SPOT_DISCOUNT: f64 = 0.60;

/// An amount, and what it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub id: &'static str,
    /// For people, a few words.
    pub label: &'static str,
    /// USD a month.
    pub usd: f64,
    /// In half a sentence.
    pub assumes: String,
}

/// The parts of a month's bill, without taxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    pub parts: Vec<Figure>,
}

impl Estimate {
    /// USD a month.
    pub fn total(&self) -> f64 {
        self.parts.iter().map(|part| part.usd).sum()
    }
}

/// Of any config, also one that has problems. Where nobody knows the machine's price, the problem says what to do.
pub fn estimate(config: &Config, month: &Month) -> Result<Estimate, Problem> {
    let mut parts = vec![machine_hours(config, month)?];
    parts.extend(surplus(config, month));
    parts.extend([disk(config), address(config, month), data_out(config, month)]);
    parts.extend(snapshots(config, month));
    parts.push(function(config, month));
    Ok(Estimate { parts })
}

fn machine_hours(config: &Config, month: &Month) -> Result<Figure, Problem> {
    let (price, whose) = hourly(config)?;
    Ok(Figure {
        id: "machine",
        label: "Machine",
        usd: month.hours * price,
        assumes: format!(
            "{} h of {} in {} at ${} an hour, {whose}",
            amount(month.hours),
            first_type(config),
            config.box_.region,
            rate(price)
        ),
    })
}

/// USD an hour, and whose word that is.
fn hourly(config: &Config) -> Result<(f64, String), Problem> {
    if let Some(price) = config.cost.hourly_price {
        return Ok((price, "which is your price".into()));
    }
    let (name, region) = (first_type(config), config.box_.region.as_str());
    if name.is_empty() || region.is_empty() {
        let what = if name.is_empty() { "box.types" } else { "box.region" };
        let message = "is missing, and what the box costs follows from it";
        return Err(Problem::new(what, Kind::Missing, message));
    }
    let price = on_demand(config).ok_or_else(|| {
        let message = format!(
            "the price table does not know {} in {}; enter what AWS's price list says, in USD an hour",
            name.escape_debug(),
            region.escape_debug()
        );
        Problem::new("cost.hourly_price", Kind::Missing, message)
    })?;
    Ok(match config.box_.spot {
        Spot::Off => (price, format!("on demand, as of {}", as_of())),
        // Fallback begins with spot, and costs the full price only while there is none.
        Spot::Only | Spot::Fallback => (
            price * (1.0 - SPOT_DISCOUNT),
            format!("as spot, taken to be {:.0} % below on demand", SPOT_DISCOUNT * 100.0),
        ),
    })
}

/// USD an hour.
fn on_demand(config: &Config) -> Option<f64> {
    table::hourly(first_type(config), &config.box_.region)
}

/// The one that is taken while EC2 has it.
fn first_type(config: &Config) -> &str {
    config.box_.types.first().map_or("", String::as_str)
}

/// What a burstable machine works beyond its credits, where it may.
fn surplus(config: &Config, month: &Month) -> Option<Figure> {
    let price = surplus_price(config)?;
    (month.surplus_vcpu_hours > 0.0).then(|| Figure {
        id: "surplus",
        label: "CPU credits",
        usd: month.surplus_vcpu_hours * price,
        assumes: format!("{} vCPU-hours beyond its credits at ${price}", amount(month.surplus_vcpu_hours)),
    })
}

/// USD for a vCPU-hour beyond the credits, where they are not the end. Source: "Amazon EC2 on-demand pricing", unlimited mode.
fn surplus_price(config: &Config) -> Option<f64> {
    let name = first_type(config);
    let is_unlimited = config.box_.cpu_credits == CpuCredits::Unlimited && machine::has_cpu_credits(name);
    is_unlimited.then(|| if name.starts_with("t4g.") { 0.04 } else { 0.05 })
}

fn disk(config: &Config) -> Figure {
    let (storage, whose) = storage(config);
    let gb = config.box_.disk_gb;
    Figure {
        id: "disk",
        label: "Disk",
        usd: f64::from(gb) * storage.gp3,
        assumes: format!("{gb} GB of gp3 at ${} a month{whose}, on or off", storage.gp3),
    }
}

/// The prices of the config's region; of a region that the table does not know those of us-east-1, and the words that say so.
fn storage(config: &Config) -> (table::Storage, &'static str) {
    match table::storage(&config.box_.region) {
        Some(storage) => (storage, ""),
        None => (table::storage("us-east-1").unwrap_or_default(), " (as in us-east-1)"),
    }
}

fn address(config: &Config, month: &Month) -> Figure {
    let (on, kind) = match config.box_.address {
        Address::Auto => (month.hours, "while the box is on"),
        Address::Elastic => (HOURS, "kept also while it is off"),
    };
    Figure {
        id: "address",
        label: "Address",
        usd: on * IPV4,
        assumes: format!("{} h of a public IPv4 address at ${IPV4}, {kind}", amount(on)),
    }
}

fn data_out(config: &Config, month: &Month) -> Figure {
    let (storage, whose) = storage(config);
    let gb = month.data_out_gb;
    Figure {
        id: "out",
        label: "Data out",
        usd: beyond_free(month) * storage.out,
        assumes: format!("{} GB; beyond {FREE_OUT_GB} GB a month ${} each{whose}", amount(gb), storage.out),
    }
}

/// GB.
fn beyond_free(month: &Month) -> f64 {
    (month.data_out_gb - FREE_OUT_GB).max(0.0)
}

/// pushbox takes none, but a person may.
fn snapshots(config: &Config, month: &Month) -> Option<Figure> {
    let (storage, whose) = storage(config);
    let gb = month.snapshot_gb;
    (gb > 0.0).then(|| Figure {
        id: "snapshots",
        label: "Snapshots",
        usd: gb * storage.snapshot,
        assumes: format!("{} GB at ${} a month{whose}", amount(gb), storage.snapshot),
    })
}

fn function(config: &Config, month: &Month) -> Figure {
    let gb_second = match config.function.arch {
        FunctionArch::Arm64 => GB_SECOND_ARM64,
        FunctionArch::X86_64 => GB_SECOND_X86_64,
    };
    let gb = f64::from(config.function.memory_mb) / 1024.0;
    let seconds = month.invocations * month.invocation_seconds;
    Figure {
        id: "function",
        label: "Function",
        usd: month.invocations * (INVOCATION + LOG_OF_INVOCATION_GB * LOG_GB) + seconds * gb * gb_second,
        assumes: format!(
            "{} invocations of {} s with {} MB, and their log, without AWS's free tier",
            amount(month.invocations),
            amount(month.invocation_seconds),
            config.function.memory_mb
        ),
    }
}

/// `$16.87`; what is less than a cent is said to be.
pub fn dollars(usd: f64) -> String {
    if usd > 0.0 && usd < 0.005 { "under $0.01".into() } else { format!("${usd:.2}") }
}

/// With one decimal where it has any.
fn amount(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), String::from)
}

/// `0.0168`: what costs little has many decimals.
fn rate(usd: f64) -> String {
    let text = format!("{usd:.5}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
mod tests;
