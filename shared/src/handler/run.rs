//! Runs the handler in a world that answers at once: an assumed box, a simulated EC2, a test.
//!
//! Anything asynchronous has a loop of its own: the function, and the local run.

use std::time::Duration;

use super::Handler;
use super::step::{Do, Event};
use crate::ec2::{Call, Error, Reply};
use crate::http::Response;
use crate::unix_time::UnixTime;

/// Where a handler runs.
pub trait World {
    /// The time since 1970. It goes on by itself, or by what happens here.
    fn now(&self) -> UnixTime;

    fn call(&mut self, call: Call, patience: Duration) -> Result<Reply, Error>;

    /// Asked to run a reconcile later. An error where it could not be queued.
    fn reconcile(&mut self, patience: Duration) -> Result<(), Error>;

    fn wait(&mut self, time: Duration);
}

/// The answer, once everything before it is done.
pub fn run(handler: &mut Handler<'_>, world: &mut impl World) -> Response {
    let mut event = Event::Start;
    loop {
        event = match handler.step(world.now(), event) {
            Do::Call(call) => Event::Reply(world.call(call, handler.patience(world.now()))),
            Do::Reconcile => {
                let queued = world.reconcile(handler.patience(world.now()));
                Event::Reply(queued.map(|()| Reply::Done))
            }
            Do::Wait(time) => {
                world.wait(time);
                Event::Waited
            }
            Do::Answer(response) => return response,
        };
    }
}
