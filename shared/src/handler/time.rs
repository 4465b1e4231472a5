//! How long everything may take, so that the answer is out in time whatever AWS does.

use crate::unix_time::UnixTime;
use std::time::Duration;

/// A delivery must be answered within this time: GitHub gives up at 10 s and never asks again.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(4_500);

/// A reconcile invocation works this long at most, within a function timeout of 300 s.
pub const RECONCILE_WITHIN: Duration = Duration::from_secs(240);

/// Of [`ANSWER_WITHIN`], for what the process itself does: the smallest function has 7 % of a processor.
const SPARE: Duration = Duration::from_millis(200);

/// Of [`ANSWER_WITHIN`], for what comes last: asking for the reconcile that the answer promises, or taking something
/// back.
const LAST: Duration = Duration::from_millis(900);

/// One call, while somebody waits for the answer. A slow one leaves time for another try.
const CALL_WITHIN: Duration = Duration::from_millis(1_500);

/// Cutting a call off sooner would leave hardly any that succeed.
pub(super) const CALL_AT_LEAST: Duration = Duration::from_millis(250);

/// Nobody waits for a reconcile.
const CALL_OF_RECONCILE_WITHIN: Duration = Duration::from_secs(10);

/// The limits of one invocation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// When the last call must have come back.
    pub(super) end: UnixTime,
    call: Duration,
}

impl Limits {
    pub(super) fn of_request(now: UnixTime) -> Limits {
        Limits { end: now + ANSWER_WITHIN - SPARE, call: CALL_WITHIN }
    }

    pub(super) fn of_reconcile(now: UnixTime) -> Limits {
        Limits { end: now + RECONCILE_WITHIN, call: CALL_OF_RECONCILE_WITHIN }
    }

    /// When to stop trying, so that there is time for what comes last.
    pub(super) fn work_until(self) -> UnixTime {
        self.end - LAST
    }

    /// How long a call may take that must have come back by then.
    pub(super) fn patience(self, until: UnixTime, now: UnixTime) -> Duration {
        (until - now).min(self.call)
    }
}
