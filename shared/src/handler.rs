//! The function's whole behaviour as one state machine without I/O.
//!
//! Its runner does what it says ([`Do`]) and tells it what came of that ([`Event`]). Each step looks at what is seen *now*, so
//! resuming after a cut and converging after a race are not special cases.

mod address;
mod answer;
mod converge;
mod decide;
mod goal;
mod look;
mod next;
mod page;
mod route;
pub mod run;
mod seen;
mod status;
mod step;
#[cfg(test)]
mod tests;
mod time;
mod wake;
mod work;

use std::time::Duration;

use crate::plan::Step;
use crate::setup::Setup;
use crate::unix_time::UnixTime;
use crate::webhook::Judgement;

pub use answer::not_a_request;
pub use decide::decide;
pub use goal::Goal;
pub use look::Cache;
use next::{HandOver, Next, Record};
pub use seen::Seen;
pub use step::{Do, Event, Input};
use time::Limits;
pub use time::{ANSWER_WITHIN, RECONCILE_WITHIN};
use work::Work;

/// One invocation of the function.
pub struct Handler<'a> {
    setup: &'a Setup,
    limits: Limits,
    work: Work,
    record: Record,
}

impl<'a> Handler<'a> {
    /// `now` is the time since 1970, as it is at every step.
    pub fn new(setup: &'a Setup, input: &Input, now: UnixTime) -> Handler<'a> {
        let (limits, (judgement, work)) = match input {
            Input::Reconcile => {
                (Limits::of_reconcile(now), (Judgement::default(), Work::converge(Goal::reconcile(now))))
            }
            Input::Http(request) => (Limits::of_request(now), route::route(setup, request, now)),
        };
        let record = Record { judgement, plan: Vec::new(), cache: Cache::default() };
        Handler { setup, limits, work, record }
    }

    /// The same for a process that lives on: it knows what was seen a moment ago.
    pub fn with_cache(setup: &'a Setup, input: &Input, cache: Cache, now: UnixTime) -> Handler<'a> {
        let mut handler = Handler::new(setup, input, now);
        handler.record.cache = cache;
        handler
    }

    /// For the next handler.
    pub fn into_cache(self) -> Cache {
        self.record.cache
    }

    /// How long a call, or the reconcile, that the last step asked for may take; what takes longer counts as
    /// unanswered. Kept to, the answer is out within [`ANSWER_WITHIN`].
    pub fn patience(&self, now: UnixTime) -> Duration {
        let until = match &self.work {
            Work::Converge(run) if !run.seen.gives_up() => run.goal.deadline,
            Work::Converge(_) | Work::Status(_) | Work::HandOver(_) | Work::Answer(_) => self.limits.end,
            Work::Wake(_) => self.limits.work_until(),
        };
        self.limits.patience(until, now)
    }

    /// What the delivery says and what follows; empty if the request was none.
    pub fn judgement(&self) -> &Judgement {
        &self.record.judgement
    }

    /// The steps that took effect so far.
    pub fn plan(&self) -> &[Step] {
        &self.record.plan
    }

    /// After its answer, the handler gives the same answer again.
    pub fn step(&mut self, now: UnixTime, event: Event) -> Do {
        let (setup, record) = (self.setup, &mut self.record);
        let next = match &mut self.work {
            Work::Converge(run) => run.step(setup, record, now, event),
            Work::Status(run) => run.step(setup, &mut record.cache, now, event),
            Work::Wake(run) => run.step(setup, record, now, event),
            Work::HandOver(HandOver { once_queued, if_not }) => Next::Answer(match event {
                Event::Reply(Err(error)) => if_not.clone().unwrap_or_else(|| answer::refused(&error)),
                Event::Reply(Ok(_)) | Event::Start | Event::Waited => {
                    record.plan.push(Step::Reconcile);
                    once_queued.clone()
                }
            }),
            Work::Answer(answer) => Next::Answer(answer.clone()),
        };
        match next {
            Next::Call(call) => Do::Call(call),
            Next::Wait(time) => Do::Wait(time),
            Next::HandOver(promise) => {
                self.work = Work::HandOver(promise);
                Do::Reconcile
            }
            Next::Answer(answer) => {
                let response = answer.response(&self.record.plan);
                self.work = Work::Answer(answer);
                Do::Answer(response)
            }
        }
    }
}
