//! How often the box was woken today: its tag `pushbox:wakes`, `2026-11-23:4@1795400000`, which is a day in UTC, a count, and
//! when it was counted last.

use std::time::Duration;

use crate::day::day;
use crate::ec2::{Instance, Tag};
use crate::unix_time::UnixTime;

pub const WAKES: &str = "pushbox:wakes";

/// Several visitors who press the button within this time are one wake: by then the box has started, or was asked to.
const ONE_WAKE: Duration = Duration::from_secs(120);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wakes {
    day: String,
    count: u32,
    last: Option<UnixTime>,
}

impl Wakes {
    /// Of the day of `now`. What cannot be read counts as nothing: only the function and people write there.
    pub fn of(the_box: &Instance, now: UnixTime) -> Wakes {
        let day = day(now);
        let read = |text: &str| {
            let (of_day, rest) = text.split_once(':')?;
            let (count, last) = rest.split_once('@')?;
            let last = last.parse().ok().map(UnixTime::from_secs);
            Some(
                (of_day == day)
                    .then(|| count.parse().ok())
                    .flatten()
                    .map_or((0, last), |count| (count, last)),
            )
        };
        let (count, last) = the_box.tag(WAKES).and_then(read).unwrap_or_default();
        Wakes { day, count, last }
    }

    pub fn count(&self) -> u32 {
        self.count
    }

    /// Whether somebody woke it a moment ago.
    pub fn is_on_its_way(&self, now: UnixTime) -> bool {
        self.last.is_some_and(|last| last <= now && now - last < ONE_WAKE)
    }

    pub fn one_more(&self, now: UnixTime) -> Tag {
        let Wakes { day, count, .. } = self;
        Tag::new(WAKES, format!("{day}:{}@{}", count.saturating_add(1), now.as_secs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ec2::State;

    fn tagged(value: &str) -> Instance {
        Instance {
            id: "i-1".into(),
            state: State::Stopped,
            instance_type: "t4g.small".into(),
            launched: UnixTime::EPOCH,
            tags: vec![Tag::new(WAKES, value)],
            public_ip: None,
            lifecycle: None,
        }
    }

    #[test]
    fn a_new_day_begins_at_nothing_and_what_is_unreadable_too() {
        let now = UnixTime::from_secs(1_795_435_300);
        for (tag, count, next) in [
            ("2026-11-23:4@1795435000", 4, "2026-11-23:5@1795435300"),
            ("2026-11-22:4@1795434000", 0, "2026-11-23:1@1795435300"),
            ("2026-11-23:4294967295@1", u32::MAX, "2026-11-23:4294967295@1795435300"),
            ("2026-11-23:4", 0, "2026-11-23:1@1795435300"),
            ("2026-11-23:-1@5", 0, "2026-11-23:1@1795435300"),
            ("", 0, "2026-11-23:1@1795435300"),
        ] {
            let wakes = Wakes::of(&tagged(tag), now);
            assert_eq!((wakes.count(), wakes.one_more(now).value.as_str()), (count, next), "{tag}");
        }
    }

    #[test]
    fn visitors_of_one_moment_are_one_wake() {
        let wakes = Wakes::of(&tagged("2026-11-22:4@1795391990"), UnixTime::from_secs(1_795_392_010));
        assert_eq!(wakes.count(), 0, "it was before midnight");
        for (now, expected) in
            [(1_795_391_989, false), (1_795_391_990, true), (1_795_392_109, true), (1_795_392_110, false)]
        {
            assert_eq!(wakes.is_on_its_way(UnixTime::from_secs(now)), expected, "{now}");
        }
    }
}
