//! What an invocation is busy with.

use super::answer::Answer;
use super::converge::Converge;
use super::goal::Goal;
use super::next::HandOver;
use super::status::StatusRun;
use super::wake::WakeRun;

pub(super) enum Work {
    Converge(Box<Converge>),
    Status(StatusRun),
    Wake(WakeRun),
    HandOver(HandOver),
    /// The answer is known, or was given.
    Answer(Answer),
}

impl Work {
    pub(super) fn converge(goal: Goal) -> Work {
        Work::Converge(Box::new(Converge::new(goal)))
    }
}
