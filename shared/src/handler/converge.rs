//! The reconcile loop on its way to a goal.

use super::answer::{self, Outcome};
use super::decide::{self, decide};
use super::goal::Goal;
use super::next::{HandOver, Next, Record};
use super::seen::Seen;
use super::step::Event;
use crate::ec2::Call;
use crate::setup::Setup;
use crate::unix_time::UnixTime;

pub(super) struct Converge {
    pub(super) goal: Goal,
    pub(super) seen: Seen,
    /// What the next reply answers.
    asked: Option<Call>,
}

impl Converge {
    pub(super) fn new(goal: Goal) -> Converge {
        Converge { goal, seen: Seen::default(), asked: None }
    }

    pub(super) fn step(&mut self, setup: &Setup, record: &mut Record, now: UnixTime, event: Event) -> Next {
        match (event, self.asked.take()) {
            (Event::Reply(reply), Some(call)) => {
                if !call.only_reads() {
                    record.cache.forget();
                }
                if reply.is_ok() {
                    record.note(&call);
                }
                self.seen.absorb(&call, reply, now);
            }
            (Event::Waited, _) => self.seen.waited(),
            (Event::Start | Event::Reply(_), _) => {}
        }
        match decide(setup, &self.goal, &self.seen, now) {
            decide::Next::Call(call) => self.ask(call),
            decide::Next::TakeBack(call, error) => {
                self.seen.given_up = Some(error);
                self.ask(call)
            }
            decide::Next::Wait(time) => Next::Wait(time),
            decide::Next::End(outcome) => end(&outcome, record),
        }
    }

    fn ask(&mut self, call: Call) -> Next {
        self.asked = Some(call.clone());
        Next::Call(call)
    }
}

fn end(outcome: &Outcome, record: &mut Record) -> Next {
    if let Outcome::Replayed { delivery } = outcome {
        answer::mark_replayed(&mut record.judgement, delivery);
    }
    let answer = answer::of(outcome);
    if let Outcome::HandedOver { .. } = outcome {
        return Next::HandOver(HandOver { once_queued: answer, if_not: None });
    }
    Next::Answer(answer)
}
