//! What a reconcile loop is to reach, and by when.

use super::time::Limits;
use crate::protocol::mailbox::Mailbox;
use crate::unix_time::UnixTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// What to put into the box's mailbox. `None` in a reconcile invocation, which has nothing to say and only sees to it that
    /// there is a running box.
    pub mailbox: Option<Mailbox>,
    pub on_timeout: OnTimeout,
    /// When it was asked for.
    pub since: UnixTime,
    /// When to stop trying.
    pub deadline: UnixTime,
}

/// What to do with work that does not fit before the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    HandOver,
    /// A reconcile invocation fails, and Lambda runs it again.
    Fail,
}

impl Goal {
    pub fn deliver(mailbox: Mailbox, now: UnixTime) -> Goal {
        let deadline = Limits::of_request(now).work_until();
        Goal { mailbox: Some(mailbox), on_timeout: OnTimeout::HandOver, since: now, deadline }
    }

    pub fn reconcile(now: UnixTime) -> Goal {
        let deadline = Limits::of_reconcile(now).work_until();
        Goal { mailbox: None, on_timeout: OnTimeout::Fail, since: now, deadline }
    }
}
