//! How often EC2 can be asked: a bucket of tokens for each action, as EC2 has them for each account and Region.
//!
//! Source: "Request throttling for the Amazon EC2 API" in the EC2 Developer Guide, request rate limiting.

use std::collections::BTreeMap;
use std::time::Duration;

use pushbox_shared::ec2::Error;
use pushbox_shared::unix_time::UnixTime;

use crate::action::Action;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Requests at once.
    pub size: u32,
    /// Requests that it regains in a second.
    pub per_second: u32,
}

/// The buckets of EC2's kinds of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttling {
    /// What only looks.
    pub looking: Bucket,
    /// What looks at everything at once: neither filtered nor in pages.
    pub looking_at_all: Bucket,
    /// What changes something and has no bucket of its own.
    pub changing: Bucket,
    /// RunInstances.
    pub launching: Bucket,
    /// StartInstances.
    pub starting: Bucket,
    /// CreateTags.
    pub tagging: Bucket,
}

impl Default for Throttling {
    /// Those of EC2.
    fn default() -> Throttling {
        let bucket = |size, per_second| Bucket { size, per_second };
        Throttling {
            looking: bucket(100, 20),
            looking_at_all: bucket(50, 10),
            changing: bucket(50, 5),
            launching: bucket(5, 2),
            starting: bucket(5, 2),
            tagging: bucket(100, 10),
        }
    }
}

impl Throttling {
    fn bucket(&self, action: &Action) -> (&'static str, Bucket) {
        match action {
            Action::DescribeInstances(request) => {
                let all = request.filters.is_empty()
                    && request.instance_ids.is_empty()
                    && request.max_results.is_none();
                if all {
                    ("all DescribeInstances", self.looking_at_all)
                } else {
                    (action.name(), self.looking)
                }
            }
            Action::GetConsoleOutput(_)
            | Action::DescribeInstanceAttribute(_)
            | Action::DescribeAddresses(_) => (action.name(), self.looking),
            Action::RunInstances(_) => (action.name(), self.launching),
            Action::StartInstances(_) => (action.name(), self.starting),
            Action::CreateTags(_) => (action.name(), self.tagging),
            Action::StopInstances(_)
            | Action::RebootInstances(_)
            | Action::TerminateInstances(_)
            | Action::AllocateAddress(_)
            | Action::AssociateAddress(_) => (action.name(), self.changing),
        }
    }
}

/// What is left in each bucket that was used.
#[derive(Debug, Default)]
pub(crate) struct Levels(BTreeMap<&'static str, Level>);

#[derive(Clone, Copy, Debug)]
struct Level {
    /// Thousandths of a request.
    left: u64,
    at: UnixTime,
}

impl Levels {
    /// Takes a token, or refuses.
    pub(crate) fn take(&mut self, now: UnixTime, limits: &Throttling, action: &Action) -> Result<(), Error> {
        const ONE: u64 = 1000;
        let (name, bucket) = limits.bucket(action);
        let full = u64::from(bucket.size) * ONE;
        let level = self.0.entry(name).or_insert(Level { left: full, at: now });
        // Whole milliseconds alone count, so that none is lost to rounding.
        let millis = u64::try_from((now - level.at).as_millis()).unwrap_or(u64::MAX);
        let gained = millis.saturating_mul(u64::from(bucket.per_second));
        level.left = level.left.saturating_add(gained).min(full);
        level.at += Duration::from_millis(millis);
        if level.left < ONE {
            return Err(Error::new("RequestLimitExceeded", "Request limit exceeded."));
        }
        level.left -= ONE;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use pushbox_shared::ec2::Instances;

    use super::*;
    use crate::action::Describe;

    #[test]
    fn a_bucket_empties_and_fills_and_is_one_actions_own() {
        let limits = Throttling::default();
        let mut levels = Levels::default();
        let start = Action::StartInstances(Instances { instance_ids: Vec::new() });
        let at = |millis| UnixTime::EPOCH + Duration::from_millis(millis);
        let mut started = |millis: u64| levels.take(at(millis), &limits, &start).is_ok();
        assert_eq!([0, 0, 0, 0, 0, 0].map(&mut started), [true, true, true, true, true, false]);
        assert_eq!([499, 500, 501, 1000, 1001].map(&mut started), [false, true, false, true, false]);
        assert_eq!(
            [60_000; 6].map(&mut started),
            [true, true, true, true, true, false],
            "never fuller than full"
        );
        let look = Action::DescribeInstances(Describe::default());
        assert!(levels.take(at(60_000), &limits, &look).is_ok());
    }
}
