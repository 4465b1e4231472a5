//! One invocation: does what the handler says, and tells it what came of it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pushbox_shared::ec2::{Call, Error, Reply};
use pushbox_shared::handler::{ANSWER_WITHIN, Do, Event, Handler, Input};
use pushbox_shared::http::Response;
use pushbox_shared::setup::Setup;
use serde_json::Value;

use crate::ec2::Ec2;
use crate::event::{self, NoInput};
use crate::invoke::Itself;
use crate::log::Line;

/// A call may take this long while somebody waits for the answer to a request, and so may the hand-over.
const CALL_WITHIN: Duration = Duration::from_millis(1_500);

/// Cutting a call off sooner would leave hardly any that succeed.
const CALL_AT_LEAST: Duration = Duration::from_millis(250);

/// Nobody waits for a reconcile.
const CALL_OF_RECONCILE_WITHIN: Duration = Duration::from_secs(10);

pub(crate) struct Function {
    pub(crate) setup: Setup,
    pub(crate) ec2: Ec2,
    pub(crate) itself: Itself,
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
        let started = Instant::now();
        let mut handler = Handler::new(&self.setup, input, now());
        line.judged(handler.judgement());
        let (mut event, mut answer) = (Event::Start, None);
        loop {
            event = match handler.step(now(), event) {
                Do::Call(call) => {
                    let reply = self.ec2.call(&call, patience(input, started.elapsed())).await;
                    line.called(name(&call), &reply);
                    Event::Reply(reply)
                }
                Do::Wait(time) => {
                    tokio::time::sleep(time).await;
                    Event::Waited
                }
                Do::Reconcile => {
                    let reply = self.hand_over().await;
                    line.called("Reconcile", &reply);
                    Event::Reply(reply)
                }
                Do::Answer(response) => {
                    answer = Some(response);
                    Event::Start
                }
                Do::Done => break,
            };
        }
        answer.unwrap_or_else(|| Response {
            status: 500,
            body: "the handler was done without an answer".into(),
            content_type: "text/plain",
        })
    }

    async fn hand_over(&self) -> Result<Reply, Error> {
        let late = || Error::new(Error::UNREACHABLE, format!("no answer within {CALL_WITHIN:?}"));
        tokio::time::timeout(CALL_WITHIN, self.itself.reconcile()).await.unwrap_or_else(|_| Err(late()))
    }
}

/// How long the next call may take. The answer is due in time whatever EC2 does.
fn patience(input: &Input, elapsed: Duration) -> Duration {
    match input {
        Input::Reconcile => CALL_OF_RECONCILE_WITHIN,
        Input::Http(_) => CALL_WITHIN.min(ANSWER_WITHIN.saturating_sub(elapsed)).max(CALL_AT_LEAST),
    }
}

fn name(call: &Call) -> &'static str {
    match call {
        Call::DescribeInstances(_) => "DescribeInstances",
        Call::RunInstances(_) => "RunInstances",
        Call::CreateTags(_) => "CreateTags",
        Call::StartInstances(_) => "StartInstances",
        Call::RebootInstances(_) => "RebootInstances",
        Call::GetConsoleOutput(_) => "GetConsoleOutput",
    }
}

/// Since 1970.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pushbox_shared::http::Request;

    #[test]
    fn calls_get_shorter_towards_the_deadline() {
        let request = Input::Http(Request::default());
        let millis = |elapsed| patience(&request, Duration::from_millis(elapsed)).as_millis();
        assert_eq!([0, 3_000, 4_000, 4_400, 9_000].map(millis), [1_500, 1_500, 500, 250, 250]);
        assert_eq!(patience(&Input::Reconcile, Duration::from_secs(200)), CALL_OF_RECONCILE_WITHIN);
    }
}
