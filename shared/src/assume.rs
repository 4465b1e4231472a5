//! What a delivery would do to an assumed box: the handler itself, run in a world of one box.
//!
//! The page's tryout and `pushbox webhook` call this, so both show what the function will do.

use std::time::Duration;

use serde_json::{Value, json};

use crate::ec2::{Address, Call, Instance, Reply, State, Tag};
use crate::handler::{Do, Event, Handler, Input};
use crate::http::{Request, Response};
use crate::protocol::launch;
use crate::protocol::mailbox::{APP, DELIVERY, SPEC, plain_id};
use crate::setup::Setup;
use crate::webhook::{self, Judgement};

/// The id of every assumed box.
pub const BOX_ID: &str = "i-box";

/// The id of every assumed Elastic IP.
const ADDRESS_ID: &str = "eipalloc-box";

/// The box that there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// Nothing: there is no box.
    pub state: Option<State>,
    /// The id of the delivery that it saw last.
    pub delivery: Option<String>,
}

/// An entry of the plan as what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Call(Call),
    /// The function calls itself, for what takes longer.
    Reconcile,
}

/// What `pushbox webhook` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub judgement: Judgement,
    /// The calls that change something, in order.
    pub plan: Vec<Value>,
    /// The same, entry for entry.
    pub steps: Vec<Step>,
    pub response: Response,
}

impl Tried {
    pub fn to_json(&self) -> Value {
        let mut all = serde_json::to_value(&self.judgement).unwrap_or_default();
        if let Value::Object(members) = &mut all {
            members.insert("plan".into(), self.plan.clone().into());
            members.insert("response".into(), json!(self.response));
        }
        all
    }
}

/// Where authentication fails, it still shows what the delivery says; the function itself parses nothing then.
pub fn try_delivery(setup: &Setup, request: &Request, now: Duration, assumed: &Assumed) -> Tried {
    let mut handler = Handler::new(setup, &Input::Http(request.clone()), now);
    let (steps, response) = run(&mut handler, setup, now, assumed);
    let judgement = if handler.judgement().auth.ok {
        handler.judgement().clone()
    } else {
        webhook::judge_openly(&setup.config, &setup.secrets, request, now)
    };
    Tried { judgement, plan: handler.plan().to_vec(), steps, response }
}

fn run(handler: &mut Handler<'_>, setup: &Setup, now: Duration, assumed: &Assumed) -> (Vec<Step>, Response) {
    let (mut event, mut clock, mut answered, mut steps) = (Event::Start, now, None, Vec::new());
    loop {
        event = match handler.step(clock, event) {
            Do::Call(call) => {
                let reply = reply(setup, assumed, &call);
                if !call.only_reads() {
                    steps.push(Step::Call(call));
                }
                Event::Reply(Ok(reply))
            }
            Do::Wait(time) => {
                clock = clock.saturating_add(time);
                Event::Waited
            }
            Do::Reconcile => {
                steps.push(Step::Reconcile);
                Event::Reply(Ok(Reply::Done))
            }
            Do::Answer(response) => {
                answered = Some(response);
                Event::Start
            }
            Do::Done => break,
        };
    }
    // The handler answers exactly once before it is done; its tests hold that.
    let response =
        answered.unwrap_or(Response { status: 500, body: String::new(), content_type: "text/plain" });
    (steps, response)
}

fn reply(setup: &Setup, assumed: &Assumed, call: &Call) -> Reply {
    let instance = |state, instance_type: &str| Instance {
        id: BOX_ID.into(),
        state,
        instance_type: instance_type.to_string(),
        launched: Duration::ZERO,
        tags: vec![
            Tag::new(APP, setup.config.app.as_str()),
            Tag::new(SPEC, launch::spec(setup)),
            Tag::new(DELIVERY, assumed.delivery.as_deref().map(plain_id).unwrap_or_default()),
        ],
        public_ip: None,
        lifecycle: None,
    };
    let first_type = setup.config.box_.types.first().map_or("", String::as_str);
    match call {
        Call::DescribeInstances(_) => {
            Reply::Instances(assumed.state.map(|state| instance(state, first_type)).into_iter().collect())
        }
        Call::RunInstances(launch) => Reply::Instances(vec![instance(State::Pending, &launch.instance_type)]),
        Call::GetConsoleOutput(_) => Reply::Console(String::new()),
        // The installer made one, and the box that there is has it.
        Call::DescribeAddresses(_) => Reply::Addresses(vec![Address {
            allocation_id: ADDRESS_ID.into(),
            public_ip: String::new(),
            instance_id: assumed.state.map(|_| BOX_ID.into()),
        }]),
        Call::CreateTags(_)
        | Call::StartInstances(_)
        | Call::RebootInstances(_)
        | Call::AssociateAddress(_) => Reply::Done,
    }
}
