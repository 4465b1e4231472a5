//! What a month has of everything that costs.

use super::amount;
use crate::config::Config;
use crate::config::schedule::Schedule;

/// In a month, as AWS's own price lists count them.
pub const HOURS: f64 = 730.0;
const WEEKS: f64 = HOURS / (7.0 * 24.0);

/// Nobody knows how often visitors come: a box that sleeps is taken to be used four hours on each working day.
const USED_DAYS_A_WEEK: usize = 5;
const USED_HOURS_A_DAY: f64 = 4.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Month {
    /// In which the box is on, [`HOURS`] at most.
    pub hours: f64,
    pub data_out_gb: f64,
    pub snapshot_gb: f64,
    /// Hours of one vCPU beyond what its credits cover.
    pub surplus_vcpu_hours: f64,
    /// Of the function.
    pub invocations: f64,
    /// What Lambda bills for each of them.
    pub invocation_seconds: f64,
}

impl Month {
    /// A box that is always on, with a hundred pushes: each is a delivery, and what the function does afterwards.
    pub const ALWAYS_ON: Month = Month {
        hours: HOURS,
        data_out_gb: 5.0,
        snapshot_gb: 0.0,
        surplus_vcpu_hours: 0.0,
        invocations: 200.0,
        invocation_seconds: 5.0,
    };

    /// What is assumed of a config: on all the time, unless it sleeps.
    pub fn of(config: &Config) -> Month {
        if config.sleep.is_on() { Month::asleep(config) } else { Month::ALWAYS_ON }
    }

    /// As if it slept when nobody comes, or outside its schedule.
    pub fn asleep(config: &Config) -> Month {
        let (days, hours) = days_and_hours(config);
        let hours_a_day = (hours + f64::from(config.sleep.idle_minutes()) / 60.0).min(24.0);
        // After each push the function watches for two minutes whether the box falls asleep over it.
        Month { hours: days as f64 * WEEKS * hours_a_day, invocation_seconds: 60.0, ..Month::ALWAYS_ON }
    }

    /// The same, but always on.
    pub fn awake(self) -> Month {
        let Month { hours, invocation_seconds, .. } = Month::ALWAYS_ON;
        Month { hours, invocation_seconds, ..self }
    }

    /// Its hours, and where they are the assumed ones, why.
    pub(super) fn words(&self, config: &Config) -> String {
        let hours = format!("{} h a month", amount(self.hours));
        if self.hours != Month::asleep(config).hours {
            return hours;
        }
        let (days, hours_a_day) = days_and_hours(config);
        let minutes = config.sleep.idle_minutes();
        let used =
            format!("{} hours on {days} days a week, and {minutes} minutes after", amount(hours_a_day));
        match schedule(config) {
            Some(_) => format!("{hours} ({used}, as if woken when its hours begin)"),
            None => format!("{hours} (if used {used})"),
        }
    }
}

/// A week's days and a day's hours in which it is awake.
fn days_and_hours(config: &Config) -> (usize, f64) {
    schedule(config).map_or((USED_DAYS_A_WEEK, USED_HOURS_A_DAY), |schedule| {
        (schedule.days.len(), f64::from(schedule.to.saturating_sub(schedule.from)) / 60.0)
    })
}

fn schedule(config: &Config) -> Option<Schedule> {
    config.sleep.schedule.as_deref().and_then(|text| Schedule::parse(text).ok())
}
