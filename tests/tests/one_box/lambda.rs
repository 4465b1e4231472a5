//! Lambda: invocations, which can be cut off at any step, and the queue of what it will invoke itself.

use std::time::Duration;

use ec2_sim::Fault;
use proptest::prelude::*;
use pushbox_shared::ec2::{Call, Error, Reply};
use pushbox_shared::handler::{Do, Event, Handler, Input};
use pushbox_shared::protocol::wakes::WAKES;
use pushbox_shared::unix_time::UnixTime;

use crate::account::{Account, Push};
use crate::moves::Luck;

/// The function's own timeout.
const TIMEOUT: Duration = Duration::from_secs(300);
/// How long Lambda waits before it runs a failed asynchronous invocation again.
const RETRIES_AFTER: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(120)];
/// What one step takes.
const STEP: Duration = Duration::from_millis(30);

pub(crate) struct Invocation {
    handler: Handler<'static>,
    job: Job,
    event: Event,
    started: UnixTime,
    /// It sleeps until then.
    wakes: UnixTime,
}

#[derive(Clone, Copy, Debug)]
enum Job {
    /// One delivery of that push, by its place in the account's list.
    Push(usize),
    /// A visitor wants the box to wake.
    Wake,
    /// Run for the first time, or again after as many failures.
    Reconcile { failures: usize },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Queued {
    failures: usize,
    due: UnixTime,
}

impl Account {
    pub(crate) fn push(&mut self) {
        let number = self.sent;
        if let Some(input) = self.parts.pushes.get(number) {
            self.sent += 1;
            self.deliver(number, input);
        }
    }

    pub(crate) fn redeliver(&mut self, which: usize) {
        if self.sent > 0 {
            let number = which % self.sent;
            self.deliver(number, &self.parts.pushes[number]);
        }
    }

    fn deliver(&mut self, number: usize, input: &'static Input) {
        self.pushes.push(Push::new(number, self.now));
        self.invoke(input, Job::Push(self.pushes.len() - 1));
    }

    pub(crate) fn wake(&mut self) {
        let input = &self.parts.wake;
        self.invoke(input, Job::Wake);
    }

    fn invoke(&mut self, input: &Input, job: Job) {
        let handler = Handler::new(&self.parts.setups[self.script][self.launch], input, self.now);
        let (started, wakes) = (self.now, self.now);
        self.running.push(Invocation { handler, job, event: Event::Start, started, wakes });
    }

    pub(crate) fn start_reconcile(&mut self, which: usize) {
        if !self.queue.is_empty() {
            let queued = self.queue.remove(which % self.queue.len());
            self.now = self.now.max(queued.due);
            self.invoke(&Input::Reconcile, Job::Reconcile { failures: queued.failures });
        }
    }

    /// Lambda promises at least once, and no more than that.
    pub(crate) fn queue_twice(&mut self, which: usize) {
        if !self.queue.is_empty() {
            self.queue.push(self.queue[which % self.queue.len()]);
        }
    }

    pub(crate) fn step_any(&mut self, who: usize, luck: Luck) -> Result<(), TestCaseError> {
        if self.running.is_empty() { Ok(()) } else { self.step(who % self.running.len(), luck) }
    }

    pub(crate) fn finish_any(&mut self, who: usize) -> Result<(), TestCaseError> {
        if self.running.is_empty() {
            return Ok(());
        }
        let (who, left) = (who % self.running.len(), self.running.len());
        for _ in 0..1_000 {
            if self.running.len() < left {
                return Ok(());
            }
            self.step(who, Luck::Good)?;
        }
        Err(TestCaseError::fail("an invocation does not end"))
    }

    /// A reconcile whose last try is cut off is lost, and no function can help it; so that does not happen here.
    pub(crate) fn cut_any(&mut self, who: usize) {
        if self.running.is_empty() {
            return;
        }
        let who = who % self.running.len();
        if !matches!(self.running[who].job, Job::Reconcile { failures } if failures == RETRIES_AFTER.len()) {
            self.cut(who);
        }
    }

    fn cut(&mut self, who: usize) {
        if let Job::Reconcile { failures } = self.running.remove(who).job {
            self.failed(failures);
        }
    }

    /// Lambda runs a reconcile again, twice at most. Then all that was accepted may be lost.
    fn failed(&mut self, failures: usize) {
        match RETRIES_AFTER.get(failures) {
            Some(wait) => self.queue.push(Queued { failures: failures + 1, due: self.now + *wait }),
            None => self.release(|push| push.accepted),
        }
    }

    fn step(&mut self, who: usize, luck: Luck) -> Result<(), TestCaseError> {
        let one = &mut self.running[who];
        self.now = self.now.max(one.wakes);
        if self.now >= one.started + TIMEOUT {
            self.cut(who);
            return Ok(());
        }
        let event = std::mem::replace(&mut one.event, Event::Start);
        match one.handler.step(self.now, event) {
            Do::Call(call) => {
                let reply = self.call(who, &call, luck)?;
                self.running[who].event = Event::Reply(reply);
            }
            Do::Wait(time) => {
                one.wakes = self.now + time;
                one.event = Event::Waited;
            }
            Do::Reconcile => {
                let arrives = matches!(luck, Luck::Good | Luck::Bad(Fault::AnswerLost));
                let answers = matches!(luck, Luck::Good);
                let lost = || Error::new(Error::UNREACHABLE, "no answer came");
                one.event = Event::Reply(if answers { Ok(Reply::Done) } else { Err(lost()) });
                if arrives {
                    self.queue.push(Queued { failures: 0, due: self.now });
                }
            }
            Do::Answer(response) => {
                if let Job::Wake = one.job {
                    let known = [200, 202, 404, 409, 429, 503];
                    prop_assert!(known.contains(&response.status), "{}", response.body);
                }
                if let Job::Push(number) = one.job {
                    prop_assert!([200, 202, 503].contains(&response.status), "{}", response.body);
                    self.pushes[number].answered(response.status);
                }
                let ended = self.running.remove(who);
                if let (Job::Reconcile { failures }, 500..) = (ended.job, response.status) {
                    self.failed(failures);
                }
            }
        }
        self.now += STEP;
        self.holds()
    }

    fn call(&mut self, who: usize, call: &Call, luck: Luck) -> Result<Result<Reply, Error>, TestCaseError> {
        if let Job::Wake = self.running[who].job {
            let is_allowed = match call {
                Call::CreateTags(tags) => tags.tags.iter().all(|tag| tag.key == WAKES),
                Call::StartInstances(_) => true,
                other => other.only_reads(),
            };
            prop_assert!(is_allowed, "a visitor causes {call:?}");
        }
        self.plan(luck);
        let reply = self.world.call(self.now, call);
        self.world.faults.clear();
        if let Err(error) = &reply {
            prop_assert_ne!(&error.code, "UnauthorizedOperation", "{} of {:?}", error.message, call);
        }
        if self.kind.hears() {
            prop_assert!(
                !matches!(call, Call::RebootInstances(_)),
                "a box that deploys while it runs is rebooted"
            );
        }
        if let Call::RunInstances(_) = call {
            self.last_launch = self.now;
        }
        if let (Ok(reply), Job::Push(number)) = (&reply, self.running[who].job) {
            self.pushes[number].did(call, reply);
        }
        self.note_bells();
        Ok(reply)
    }

    /// Nobody interferes any more: everything on its way comes to its end, and then what Lambda has queued.
    pub(crate) fn settle(&mut self) -> Result<(), TestCaseError> {
        for _ in 0..100 {
            self.drain()?;
            self.now += Duration::from_secs(30);
            self.end_shortage();
            if self.queue.is_empty() {
                self.resume_all();
                self.now += Duration::from_secs(60);
                self.resume_all();
                self.now += Duration::from_secs(60);
                return Ok(());
            }
            self.queue.sort_by_key(|queued| queued.due);
            self.start_reconcile(0);
        }
        Err(TestCaseError::fail("Lambda's queue never empties"))
    }

    fn drain(&mut self) -> Result<(), TestCaseError> {
        for _ in 0..10_000 {
            let next = (0..self.running.len()).min_by_key(|who| self.running[*who].wakes);
            let Some(who) = next else { return Ok(()) };
            self.step(who, Luck::Good)?;
        }
        Err(TestCaseError::fail("an invocation does not end"))
    }
}
