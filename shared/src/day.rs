//! Days of the calendar.

use crate::unix_time::UnixTime;

/// `YYYY-MM-DD` in UTC of a time since 1970: years begin in March, so that the day of leap years comes last.
pub fn day(now: UnixTime) -> String {
    const DAYS_OF_400_YEARS: u64 = 146_097;
    /// From the first of March of the year 0 to 1970.
    const BEFORE_1970: u64 = 719_468;
    let days = now.as_secs() / 86_400 + BEFORE_1970;
    let (era, day_of_era) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_709_164_800, "2024-02-29"),
            (1_795_391_999, "2026-11-22"),
            (1_795_392_000, "2026-11-23"),
            (1_798_761_599, "2026-12-31"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(day(UnixTime::from_secs(seconds)), expected, "{seconds}");
        }
        assert!(!day(UnixTime::MAX).is_empty());
    }
}
