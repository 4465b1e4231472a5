//! `sleep.schedule`: when the box is awake, as `mon-fri 08:00-18:00 Europe/Berlin`. It says hours of one day: who works past
//! midnight says `00:00-24:00`.

use thiserror::Error;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const FORM: &str = "days, hours and a time zone such as mon-fri 08:00-18:00 Europe/Berlin, or mon,wed,sat-sun 00:00-24:00 UTC";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// From 1, which is Monday, to 7, in this order.
    pub days: Vec<u8>,
    /// In minutes since midnight.
    pub from: u32,
    /// In minutes since midnight, at most 1,440, and then not awake any more.
    pub to: u32,
    /// A name of the IANA's time zone database.
    pub zone: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScheduleError {
    /// Holds what was found.
    #[error("expected {FORM}, found \"{0}\"")]
    Form(String),
    /// Holds the hours.
    #[error(
        "expected hours that end later on the same day than they begin, found {0}; use 00:00-24:00 for all of it"
    )]
    Order(String),
}

impl Schedule {
    pub fn parse(text: &str) -> Result<Schedule, ScheduleError> {
        let wrong = || ScheduleError::Form(text.escape_debug().to_string());
        let words: Vec<&str> = text.split(' ').collect();
        let [days, hours, zone] = words[..] else { return Err(wrong()) };
        let (from, to) = hours.split_once('-').ok_or_else(wrong)?;
        let from = minutes(from).ok_or_else(wrong)?;
        let to = minutes(to).ok_or_else(wrong)?;
        if from >= to {
            return Err(ScheduleError::Order(hours.to_string()));
        }
        let days = days_of(days).ok_or_else(wrong)?;
        if !is_zone(zone) {
            return Err(wrong());
        }
        Ok(Schedule { days, from, to, zone: zone.to_string() })
    }
}

/// `mon`, `mon-fri`, `fri-mon` or several of them.
fn days_of(text: &str) -> Option<Vec<u8>> {
    let mut all = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let [first, last] = [first, last].map(|name| DAYS.iter().position(|day| *day == name));
        let (mut day, last) = (first?, last?);
        *all.get_mut(day)? = true;
        while day != last {
            day = (day + 1) % DAYS.len();
            *all.get_mut(day)? = true;
        }
    }
    Some((1..).zip(all).filter(|(_, is_in)| *is_in).map(|(number, _)| number).collect())
}

/// Of `HH:MM`.
fn minutes(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hour) || !two_digits(minute) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let all = hour * 60 + minute;
    (minute < 60 && all <= 24 * 60).then_some(all)
}

/// It becomes a path on the box, and whether it is there the box says.
fn is_zone(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
    };
    text.len() <= 64 && text.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_it_says() {
        for (text, days, from, to) in [
            ("mon-fri 08:00-18:00 Europe/Berlin", &[1, 2, 3, 4, 5][..], 480, 1_080),
            ("mon,wed,sat-sun 00:00-24:00 UTC", &[1, 3, 6, 7], 0, 1_440),
            ("fri-mon 09:30-09:31 America/Argentina/Buenos_Aires", &[1, 5, 6, 7], 570, 571),
            ("sun 23:59-24:00 Etc/GMT+3", &[7], 1_439, 1_440),
            ("tue,tue 01:00-02:00 Asia/Tokyo", &[2], 60, 120),
        ] {
            let schedule = Schedule::parse(text).expect(text);
            assert_eq!((schedule.days.as_slice(), schedule.from, schedule.to), (days, from, to), "{text}");
            assert!(text.ends_with(&schedule.zone));
        }
    }

    #[test]
    fn what_it_cannot_say() {
        for text in [
            "",
            "mon-fri",
            "mon-fri 08:00-18:00",
            "mon-fri 8:00-18:00 UTC",
            "mon-fri 08:00-24:01 UTC",
            "mon-fri 08:60-18:00 UTC",
            "mon-fri 08:00 UTC",
            "mon-fry 08:00-18:00 UTC",
            "mon--fri 08:00-18:00 UTC",
            "Mon 08:00-18:00 UTC",
            "mon  08:00-18:00 UTC",
            "mon 08:00-18:00 ../../etc/passwd",
            "mon 08:00-18:00 europe/berlin",
            "mon 08:00-18:00 Europe//Berlin",
            "mon 08:00-18:00 UTC\n",
        ] {
            let error = Schedule::parse(text).expect_err(text);
            assert!(matches!(error, ScheduleError::Form(_)), "{error}");
        }
        for hours in ["18:00-08:00", "08:00-08:00"] {
            let error = Schedule::parse(&format!("mon {hours} UTC")).expect_err(hours);
            assert_eq!(error, ScheduleError::Order(hours.into()));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in ".{0,60}") {
            let _ = Schedule::parse(&text);
        }
    }
}
