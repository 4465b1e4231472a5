//! What goes wrong, planned beforehand: a test says which calls meet which fault, and when.

use std::collections::VecDeque;

use pushbox_shared::ec2::Error;
use pushbox_shared::unix_time::UnixTime;

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// EC2 does nothing and answers with this code.
    Refused(&'static str),
    /// The request never reaches EC2.
    NotReached,
    /// EC2 does what it was asked for, and its answer never arrives.
    AnswerLost,
}

/// The calls that a fault can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Any,
    /// By its name in the EC2 API.
    Named(&'static str),
}

/// Faults in the order in which they strike. A call meets the first that is meant for it.
#[derive(Clone, Debug, Default)]
pub struct Faults(VecDeque<Planned>);

#[derive(Clone, Copy, Debug)]
struct Planned {
    which: Which,
    fault: Fault,
    lasts: Lasts,
}

#[derive(Clone, Copy, Debug)]
enum Lasts {
    /// As many calls.
    Calls(u32),
    /// Since 1970.
    Until(UnixTime),
}

impl Faults {
    /// The next call of that kind.
    pub fn next(&mut self, which: Which, fault: Fault) {
        self.times(1, which, fault);
    }

    /// The next calls of that kind, as many.
    pub fn times(&mut self, times: u32, which: Which, fault: Fault) {
        self.0.push_back(Planned { which, fault, lasts: Lasts::Calls(times) });
    }

    /// Every call of that kind until then, the time since 1970.
    pub fn until(&mut self, end: UnixTime, which: Which, fault: Fault) {
        self.0.push_back(Planned { which, fault, lasts: Lasts::Until(end) });
    }

    /// From now on everything goes well.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What the call of that name meets now.
    pub(crate) fn strike(&mut self, now: UnixTime, name: &str) -> Option<Fault> {
        self.0.retain(|planned| match planned.lasts {
            Lasts::Calls(left) => left > 0,
            Lasts::Until(end) => now < end,
        });
        let meant = |planned: &&mut Planned| match planned.which {
            Which::Any => true,
            Which::Named(wanted) => wanted == name,
        };
        let planned = self.0.iter_mut().find(meant)?;
        if let Lasts::Calls(left) = &mut planned.lasts {
            *left -= 1;
        }
        Some(planned.fault)
    }
}

/// What the caller is told where no answer of EC2 arrives.
pub(crate) fn no_answer() -> Error {
    Error::new(Error::UNREACHABLE, "no answer came")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_meets_the_first_fault_that_is_meant_for_it() {
        let at = UnixTime::from_secs;
        let mut faults = Faults::default();
        faults.next(Which::Named("StartInstances"), Fault::AnswerLost);
        faults.times(2, Which::Any, Fault::NotReached);
        faults.until(at(10), Which::Named("CreateTags"), Fault::Refused("InternalError"));
        for (now, name, expected) in [
            (1, "CreateTags", Some(Fault::NotReached)),
            (2, "StartInstances", Some(Fault::AnswerLost)),
            (3, "StartInstances", Some(Fault::NotReached)),
            (4, "StartInstances", None),
            (5, "CreateTags", Some(Fault::Refused("InternalError"))),
            (9, "CreateTags", Some(Fault::Refused("InternalError"))),
            (10, "CreateTags", None),
        ] {
            assert_eq!(faults.strike(at(now), name), expected, "{name} at {now}");
        }
    }
}
