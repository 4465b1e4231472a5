//! Points in time.

use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// A point in time, by the time that has passed since 1970 in UTC. Spans are [`Duration`]s. Arithmetic saturates: no
/// time is before 1970, and a later time is no time ago.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(Duration);

impl UnixTime {
    pub const EPOCH: UnixTime = UnixTime(Duration::ZERO);
    pub const MAX: UnixTime = UnixTime(Duration::MAX);

    pub const fn from_secs(seconds: u64) -> UnixTime {
        UnixTime(Duration::from_secs(seconds))
    }

    pub const fn after_epoch(time: Duration) -> UnixTime {
        UnixTime(time)
    }

    pub const fn since_epoch(self) -> Duration {
        self.0
    }

    pub const fn as_secs(self) -> u64 {
        self.0.as_secs()
    }

    pub fn abs_diff(self, other: UnixTime) -> Duration {
        self.0.abs_diff(other.0)
    }
}

impl Add<Duration> for UnixTime {
    type Output = UnixTime;

    fn add(self, span: Duration) -> UnixTime {
        UnixTime(self.0.saturating_add(span))
    }
}

impl AddAssign<Duration> for UnixTime {
    fn add_assign(&mut self, span: Duration) {
        *self = *self + span;
    }
}

impl Sub<Duration> for UnixTime {
    type Output = UnixTime;

    fn sub(self, span: Duration) -> UnixTime {
        UnixTime(self.0.saturating_sub(span))
    }
}

/// How long ago the other was.
impl Sub for UnixTime {
    type Output = Duration;

    fn sub(self, earlier: UnixTime) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates() {
        let (early, late, span) = (UnixTime::from_secs(5), UnixTime::from_secs(9), Duration::from_secs(7));
        assert_eq!((late - early, early - late), (Duration::from_secs(4), Duration::ZERO));
        assert_eq!((late - span, early - span), (UnixTime::from_secs(2), UnixTime::EPOCH));
        assert_eq!(early + Duration::MAX, UnixTime::MAX);
    }
}
