//! What a delivery would do to an assumed box: the handler itself, run in a world of one box.
//!
//! The page's tryout and `pushbox webhook` call this, so both show what the function will do.

use std::time::Duration;

use serde_json::{Value, json};

use crate::ec2::{Address, Call, Error, Instance, Reply, State, Tag};
use crate::handler::run::{World, run};
use crate::handler::{Handler, Input};
use crate::http::{Request, Response};
use crate::plan::Step;
use crate::protocol::launch;
use crate::protocol::mailbox::{APP, DELIVERY, SPEC, plain_id};
use crate::setup::Setup;
use crate::unix_time::UnixTime;
use crate::webhook::{self, Judgement};

/// The id of every assumed box.
pub const BOX_ID: &str = "i-box";

/// The id of every assumed Elastic IP.
const ADDRESS_ID: &str = "eipalloc-box";

/// The box that there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// `None` if there is no box.
    pub state: Option<State>,
    /// The id of the delivery that it saw last.
    pub delivery: Option<String>,
}

/// What `pushbox webhook` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub judgement: Judgement,
    /// What changes something, in order.
    pub plan: Vec<Step>,
    pub response: Response,
}

impl Tried {
    pub fn to_json(&self) -> Value {
        let mut all = serde_json::to_value(&self.judgement).unwrap_or_default();
        if let Value::Object(members) = &mut all {
            members.insert("plan".into(), json!(self.plan));
            members.insert("response".into(), json!(self.response));
        }
        all
    }
}

/// Where authentication fails, it still shows what the delivery says; the function itself parses nothing then.
pub fn try_delivery(setup: &Setup, request: &Request, now: UnixTime, assumed: &Assumed) -> Tried {
    let mut handler = Handler::new(setup, &Input::Http(request.clone()), now);
    let response = run(&mut handler, &mut AssumedWorld { setup, assumed, clock: now });
    let judgement = if handler.judgement().auth.ok {
        handler.judgement().clone()
    } else {
        webhook::judge_openly(&setup.wanted(), request, now)
    };
    Tried { judgement, plan: handler.plan().to_vec(), response }
}

/// Every call succeeds at once.
struct AssumedWorld<'a> {
    setup: &'a Setup,
    assumed: &'a Assumed,
    clock: UnixTime,
}

impl World for AssumedWorld<'_> {
    fn now(&self) -> UnixTime {
        self.clock
    }

    fn call(&mut self, call: Call, _: Duration) -> Result<Reply, Error> {
        Ok(reply(self.setup, self.assumed, &call))
    }

    fn reconcile(&mut self, _: Duration) -> Result<(), Error> {
        Ok(())
    }

    fn wait(&mut self, time: Duration) {
        self.clock += time;
    }
}

fn reply(setup: &Setup, assumed: &Assumed, call: &Call) -> Reply {
    let instance = |state, instance_type: &str| Instance {
        id: BOX_ID.into(),
        state,
        instance_type: instance_type.to_string(),
        launched: UnixTime::EPOCH,
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
