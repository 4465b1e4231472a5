//! What an invocation does next, and what it leaves behind.

use std::time::Duration;

use super::answer::Answer;
use super::look::Cache;
use crate::ec2::Call;
use crate::plan::Step;
use crate::webhook::Judgement;

/// What comes next in a piece of work.
pub(super) enum Next {
    Call(Call),
    Wait(Duration),
    /// A reconcile goes on with it. It is asked for before the answer, because the answer promises it.
    HandOver(HandOver),
    Answer(Answer),
}

/// The two answers to choose from.
#[derive(Clone)]
pub(super) struct HandOver {
    pub(super) once_queued: Answer,
    /// Where the reconcile cannot be queued. `None`: AWS's error.
    pub(super) if_not: Option<Answer>,
}

/// What an invocation found out and did.
pub(super) struct Record {
    /// What the delivery says, and what follows; empty if the request was none.
    pub(super) judgement: Judgement,
    /// The steps that took effect.
    pub(super) plan: Vec<Step>,
    pub(super) cache: Cache,
}

impl Record {
    /// A call that took effect.
    pub(super) fn note(&mut self, call: &Call) {
        if !call.only_reads() {
            self.plan.push(Step::Call(call.clone()));
        }
    }
}
