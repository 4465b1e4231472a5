//! One invocation: does what the handler says, and tells it what came of it.

use std::cell::RefCell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pushbox_shared::ec2::{Error, Reply};
use pushbox_shared::handler::{Cache, Do, Event, Handler, Input};
use pushbox_shared::http::Response;
use pushbox_shared::setup::Setup;
use pushbox_shared::unix_time::UnixTime;
use serde_json::Value;

use crate::ec2::Ec2;
use crate::event::{self, NoInput};
use crate::invoke::Itself;
use crate::log::Line;

pub(crate) struct Function {
    pub(crate) setup: Setup,
    pub(crate) ec2: Ec2,
    pub(crate) itself: Itself,
    /// Lambda gives a process one event at a time.
    pub(crate) cache: RefCell<Cache>,
}

impl Function {
    /// An error makes Lambda run a reconcile again, twice at most.
    pub(crate) async fn answer(
        &self,
        event: Value,
        invocation: String,
    ) -> Result<Value, lambda_runtime::Error> {
        let mut line = Line::new(invocation);
        let input = match event::read(event) {
            Ok(input) => input,
            Err(NoInput::Answered(response)) => {
                line.answered(&response);
                return Ok(event::answer(&response));
            }
            Err(NoInput::Foreign(message)) => {
                line.failed(&message);
                return Err(message.into());
            }
        };
        line.asked(&input);
        let response = self.run(&input, &mut line).await;
        line.answered(&response);
        match input {
            Input::Reconcile if response.status >= 500 => Err(response.body.into()),
            Input::Reconcile | Input::Http(_) => Ok(event::answer(&response)),
        }
    }

    async fn run(&self, input: &Input, line: &mut Line) -> Response {
        let clock = Clock::start();
        let mut handler = Handler::with_cache(&self.setup, input, self.cache.take(), clock.now());
        line.judged(handler.judgement());
        let mut event = Event::Start;
        let response = loop {
            event = match handler.step(clock.now(), event) {
                Do::Call(call) => {
                    let reply = self.ec2.call(&call, handler.patience(clock.now())).await;
                    line.called(call.name(), &reply);
                    Event::Reply(reply)
                }
                Do::Wait(time) => {
                    tokio::time::sleep(time).await;
                    Event::Waited
                }
                Do::Reconcile => {
                    let reply = self.hand_over(handler.patience(clock.now())).await;
                    line.called("Reconcile", &reply);
                    Event::Reply(reply)
                }
                Do::Answer(response) => break response,
            };
        };
        self.cache.replace(handler.into_cache());
        response
    }

    async fn hand_over(&self, within: Duration) -> Result<Reply, Error> {
        let late = || Error::new(Error::UNREACHABLE, format!("no answer within {within:?}"));
        tokio::time::timeout(within, self.itself.reconcile()).await.unwrap_or_else(|_| Err(late()))
    }
}

/// The time since 1970 as one invocation sees it: it never jumps, whatever happens to the machine's clock.
struct Clock {
    began: UnixTime,
    started: Instant,
}

impl Clock {
    fn start() -> Clock {
        let began = UnixTime::after_epoch(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
        Clock { began, started: Instant::now() }
    }

    fn now(&self) -> UnixTime {
        self.began + self.started.elapsed()
    }
}
