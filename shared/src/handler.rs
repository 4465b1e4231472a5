//! The function's whole behaviour as one state machine without I/O.
//!
//! Whoever runs it does what it says ([`Do`]) and tells what came of it ([`Event`]). Each step looks at what is seen
//! *now*, so resuming after a cut and converging after a race are not special cases.

mod address;
mod answer;
mod decide;
mod look;
mod page;
mod route;
mod seen;
mod status;
#[cfg(test)]
mod tests;
mod time;
mod wake;

use std::time::Duration;

use serde_json::{Value, json};

use crate::ec2;
use crate::http::{Request, Response};
use crate::setup::Setup;
use crate::webhook::Judgement;

use answer::Outcome;
pub use answer::not_a_delivery;
pub use decide::decide;
pub use look::Cache;
pub use route::Goal;
pub use seen::Seen;
use status::StatusRun;
use time::Limits;
pub use time::{ANSWER_WITHIN, RECONCILE_WITHIN};
use wake::WakeRun;

/// What starts the handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Http(Request),
    /// The function's asynchronous invocation of itself, `{"reconcile":1}`.
    Reconcile,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Do {
    Call(ec2::Call),
    Wait(Duration),
    /// Invoke the function once more, asynchronously, with `{"reconcile":1}`.
    Reconcile,
    /// Exactly once. It may be sent when the handler is done.
    Answer(Response),
    Done,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// First, and after an answer.
    Start,
    /// To a call, and to a reconcile ([`ec2::Reply::Done`] once it is queued).
    Reply(Result<ec2::Reply, ec2::Error>),
    Waited,
}

/// One invocation of the function.
pub struct Handler<'a> {
    setup: &'a Setup,
    judgement: Judgement,
    limits: Limits,
    work: Work,
    /// The calls that took effect, as `pushbox webhook` prints them.
    plan: Vec<Value>,
    cache: Cache,
}

enum Work {
    /// The answer is known without a call.
    Answer(Response),
    Converge(Box<Converge>),
    Status(StatusRun),
    Wake(WakeRun),
    /// The reconcile is asked for before the answer, because the answer promises it.
    HandOver {
        answer: Response,
    },
    Answered,
}

/// The reconcile loop on its way.
struct Converge {
    goal: Goal,
    seen: Seen,
    /// What the next reply answers.
    asked: Option<ec2::Call>,
}

impl<'a> Handler<'a> {
    /// `now` is the time since 1970, as it is at every step.
    pub fn new(setup: &'a Setup, input: &Input, now: Duration) -> Handler<'a> {
        let (limits, (judgement, work)) = match input {
            Input::Reconcile => {
                (Limits::of_reconcile(now), (Judgement::default(), converge(Goal::reconcile(now))))
            }
            Input::Http(request) => (Limits::of_request(now), route::route(setup, request, now)),
        };
        Handler { setup, judgement, limits, work, plan: Vec::new(), cache: Cache::default() }
    }

    /// The same for a process that lives on: it knows what was seen a moment ago.
    pub fn with_cache(setup: &'a Setup, input: &Input, cache: Cache, now: Duration) -> Handler<'a> {
        Handler { cache, ..Handler::new(setup, input, now) }
    }

    /// For the next handler.
    pub fn into_cache(self) -> Cache {
        self.cache
    }

    /// How long a call, or the reconcile, that the last step asked for may take; what takes longer counts as
    /// unanswered. Kept to, the answer is out within [`ANSWER_WITHIN`].
    pub fn patience(&self, now: Duration) -> Duration {
        let until = match &self.work {
            Work::Converge(run) if !run.seen.gives_up() => run.goal.deadline,
            Work::Converge(_) | Work::Status(_) | Work::HandOver { .. } => self.limits.end,
            Work::Wake(_) => self.limits.work_until(),
            Work::Answer(_) | Work::Answered => self.limits.end,
        };
        self.limits.patience(until, now)
    }

    /// What the delivery says and what follows; empty where the request was none.
    pub fn judgement(&self) -> &Judgement {
        &self.judgement
    }

    /// The calls that changed something so far.
    pub fn plan(&self) -> &[Value] {
        &self.plan
    }

    pub fn step(&mut self, now: Duration, event: Event) -> Do {
        match std::mem::replace(&mut self.work, Work::Answered) {
            Work::Answer(response) => Do::Answer(response),
            Work::Answered => Do::Done,
            Work::Status(mut run) => match run.step(self.setup, &mut self.cache, now, event) {
                Ok(call) => {
                    self.work = Work::Status(run);
                    Do::Call(call)
                }
                Err(response) => Do::Answer(response),
            },
            Work::Wake(run) => self.wake(run, now, event),
            Work::HandOver { answer } => match event {
                Event::Reply(Err(_)) if answer.content_type.starts_with("text/html") => {
                    Do::Answer(page::of_nothing(&self.setup.config.app))
                }
                Event::Reply(Err(error)) => Do::Answer(answer::refused(&error, &self.plan)),
                Event::Reply(Ok(_)) | Event::Start | Event::Waited => {
                    self.plan.push(json!({ "call": "Reconcile" }));
                    Do::Answer(answer::with_plan(answer, &self.plan))
                }
            },
            Work::Converge(run) => self.converge(*run, now, event),
        }
    }

    fn converge(&mut self, mut run: Converge, now: Duration, event: Event) -> Do {
        if let (Event::Reply(reply), Some(call)) = (event, run.asked.take()) {
            if !call.only_reads() {
                self.cache.forget();
            }
            if reply.is_ok() {
                self.note(&call);
            }
            run.seen.absorb(&call, reply, now);
        }
        match decide(self.setup, &run.goal, &mut run.seen, now) {
            decide::Next::Call(call) => {
                run.asked = Some(call.clone());
                self.work = Work::Converge(Box::new(run));
                Do::Call(call)
            }
            decide::Next::Wait(time) => {
                self.work = Work::Converge(Box::new(run));
                Do::Wait(time)
            }
            decide::Next::End(outcome) => self.end(&outcome),
        }
    }

    fn wake(&mut self, mut run: WakeRun, now: Duration, event: Event) -> Do {
        if let (Event::Reply(Ok(_)), Some(call)) = (&event, run.asked()) {
            self.note(&call.clone());
        }
        match run.step(self.setup, &mut self.cache, now, event) {
            wake::Next::Call(call) => {
                self.work = Work::Wake(run);
                Do::Call(call)
            }
            wake::Next::HandOver(answer) => {
                self.work = Work::HandOver { answer };
                Do::Reconcile
            }
            wake::Next::Answer(response) => Do::Answer(answer::with_plan(response, &self.plan)),
        }
    }

    /// A call that took effect.
    fn note(&mut self, call: &ec2::Call) {
        if !call.only_reads() {
            self.plan.push(serde_json::to_value(call).unwrap_or_default());
        }
    }

    fn end(&mut self, outcome: &Outcome) -> Do {
        if let Outcome::Replayed { delivery } = outcome {
            answer::mark_replayed(&mut self.judgement, delivery);
        }
        let answer = answer::of(outcome, &self.plan);
        if let Outcome::HandedOver { .. } = outcome {
            self.work = Work::HandOver { answer };
            return Do::Reconcile;
        }
        Do::Answer(answer)
    }
}

fn converge(goal: Goal) -> Work {
    Work::Converge(Box::new(Converge { goal, seen: Seen::default(), asked: None }))
}
