//! The world: the instances that exist, and its door for calls, people and the instances themselves.

mod addresses;
mod calls;
mod console;

use std::time::Duration;

use pushbox_shared::ec2::{Call, Error, Reply, Tag};
use pushbox_shared::unix_time::UnixTime;

use crate::action::{Action, Answer, Seen};
use crate::address::Elastic;
use crate::capacity::Shortage;
use crate::faults::{Fault, Faults, no_answer};
use crate::iam::Policy;
use crate::iam::ask::{Ask, asks};
use crate::instance::Machine;
use crate::log::{Log, Logged};
use crate::throttle::{Levels, Throttling};
use crate::token;

#[derive(Clone, Debug)]
pub struct WorldOptions {
    /// From `pending` to `running`.
    pub boot_seconds: u64,
    /// From `stopping` to `stopped` and from `shutting-down` to `terminated`.
    pub stop_seconds: u64,
    /// How long after RunInstances no other call knows the new instance (eventual consistency).
    pub visible_after: Duration,
    /// How long after RunInstances CreateTags does not know it, which may be longer.
    pub taggable_after: Duration,
    /// How long after CreateTags DescribeInstances still shows the tags of before.
    pub tags_after: Duration,
    /// How long after a start, stop, reboot or termination EC2 posts the console output.
    pub console_after: Duration,
    /// Instances that can live at once.
    pub instance_limit: usize,
    /// Virtual processors that can be on at once.
    pub vcpu_limit: u32,
    /// Nothing where it can be asked without end, as where the caller's time stands still.
    pub throttling: Option<Throttling>,
    pub region: String,
    /// What the caller may do; anything where there is none. A person in the console may do everything.
    pub policy: Option<Policy>,
}

impl Default for WorldOptions {
    fn default() -> WorldOptions {
        WorldOptions {
            boot_seconds: 20,
            stop_seconds: 20,
            visible_after: Duration::ZERO,
            taggable_after: Duration::ZERO,
            tags_after: Duration::ZERO,
            console_after: Duration::from_secs(120),
            instance_limit: 20,
            vcpu_limit: 64,
            throttling: None,
            region: "us-east-1".to_string(),
            policy: None,
        }
    }
}

/// One Region of one account. Time never runs backwards in it: an earlier `now` counts as the latest one seen.
#[derive(Debug)]
pub struct World {
    options: WorldOptions,
    /// In the order of their launch. One stays until its client token is forgotten.
    machines: Vec<Machine>,
    elastic: Vec<Elastic>,
    log: Log,
    /// What goes wrong with the next calls.
    pub faults: Faults,
    levels: Levels,
    shortage: Shortage,
    launches: u64,
    addresses: u64,
    latest: UnixTime,
}

impl World {
    pub fn new(options: WorldOptions) -> World {
        World {
            options,
            machines: Vec::new(),
            elastic: Vec::new(),
            log: Log::default(),
            faults: Faults::default(),
            levels: Levels::default(),
            shortage: Shortage::default(),
            launches: 0,
            addresses: 0,
            latest: UnixTime::EPOCH,
        }
    }

    /// From now on the caller may do what that policy says, in that Region.
    pub fn govern(&mut self, region: &str, policy: Policy) {
        self.options.region = region.to_string();
        self.options.policy = Some(policy);
    }

    /// One call of pushbox.
    pub fn call(&mut self, now: UnixTime, call: &Call) -> Result<Reply, Error> {
        self.act(now, &Action::from(call)).map(Reply::from)
    }

    /// One call with the rights of the policy.
    pub fn act(&mut self, now: UnixTime, action: &Action) -> Result<Answer, Error> {
        let now = self.advance(now);
        let answer = match self.faults.strike(now, action.name()) {
            None => self.admit(now, action),
            Some(Fault::Refused(code)) => {
                Err(Error::new(code, "EC2 cannot do it now. Please try again later."))
            }
            Some(Fault::NotReached) => Err(no_answer()),
            Some(Fault::AnswerLost) => {
                let _ = self.admit(now, action);
                Err(no_answer())
            }
        };
        self.note(now, action, &answer);
        answer
    }

    /// One call of somebody who may do everything.
    pub fn act_as_owner(&mut self, now: UnixTime, action: &Action) -> Result<Answer, Error> {
        let now = self.advance(now);
        let answer = self.perform(now, action);
        self.note(now, action, &answer);
        answer
    }

    /// What EC2 asks before it looks at the call itself: whether there are too many, and whether it is allowed.
    fn admit(&mut self, now: UnixTime, action: &Action) -> Result<Answer, Error> {
        if let Some(limits) = &self.options.throttling {
            self.levels.take(now, limits, action)?;
        }
        self.authorize(now, action)?;
        self.perform(now, action)
    }

    fn authorize(&self, now: UnixTime, action: &Action) -> Result<(), Error> {
        let Some(policy) = &self.options.policy else { return Ok(()) };
        let tags_of = |id: &str| {
            let known = |machine: &&Machine| machine.id == id && self.knows(machine, now);
            let address = || self.elastic.iter().find(|one| one.allocation_id == id);
            let machine = self.machines.iter().find(known).map(Machine::tags);
            machine.or_else(|| address().map(|one| one.tags.as_slice()))
        };
        let asks = asks(action, &self.options.region, tags_of);
        match asks.iter().find(|ask| !policy.allows(ask)) {
            Some(refused) => Err(unauthorized(refused)),
            None => Ok(()),
        }
    }

    fn note(&mut self, at: UnixTime, action: &Action, answer: &Result<Answer, Error>) {
        let call = serde_json::to_value(action).unwrap_or_default();
        let result = answer.as_ref().map(Answer::summary).map_err(Clone::clone);
        self.log.push(Logged { at, call, result });
    }

    /// Notes a request that was refused before it became an action.
    pub fn refused(&mut self, now: UnixTime, name: &str, error: &Error) {
        let at = self.advance(now);
        let call = serde_json::json!({ "call": name });
        self.log.push(Logged { at, call, result: Err(error.clone()) });
    }

    /// The tags as the instance itself reads them in its metadata: on Nitro those of now, on Xen those of its last start.
    /// `None` where it reads none: it is not on, or `InstanceMetadataTags` is not enabled.
    pub fn metadata_tags(&self, now: UnixTime, id: &str) -> Option<&[Tag]> {
        let now = now.max(self.latest);
        self.machines.iter().find(|machine| machine.id == id)?.metadata_tags(now)
    }

    /// Every instance that EC2 still has, whether calls know it yet or not, in the order of their launch.
    pub fn instances(&self, now: UnixTime) -> Vec<Seen> {
        let now = now.max(self.latest);
        self.machines
            .iter()
            .filter(|machine| machine.is_shown(now))
            .map(|machine| machine.seen(now))
            .collect()
    }

    /// The last [`crate::KEPT`] calls, oldest first.
    pub fn calls(&self) -> &[Logged] {
        self.log.calls()
    }

    fn advance(&mut self, now: UnixTime) -> UnixTime {
        let now = now.max(self.latest);
        self.latest = now;
        self.machines.retain(|machine| machine.is_remembered(now, token::MEMORY));
        now
    }
}

fn unauthorized(ask: &Ask) -> Error {
    let (action, resource) = (ask.action, &ask.resource);
    Error::new(
        "UnauthorizedOperation",
        format!(
            "You are not authorized to perform this operation. It is not authorized to perform: {action} on resource: \
             {resource} because no identity-based policy allows the {action} action"
        ),
    )
}

#[cfg(test)]
mod invariants;
#[cfg(test)]
mod strictness;
#[cfg(test)]
mod tests;
