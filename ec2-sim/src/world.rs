//! The world: the instances that exist, and its door for calls, people and the instances themselves.

mod addresses;
mod calls;

use std::time::Duration;

use pushbox_shared::ec2::{Call, Error, Instances, Reply, State, Tag};

use crate::action::{Action, Answer, Seen};
use crate::address::Elastic;
use crate::instance::Machine;
use crate::log::{Log, Logged};
use crate::token;

#[derive(Clone, Debug)]
pub struct WorldOptions {
    /// From `pending` to `running`.
    pub boot_seconds: u64,
    /// From `stopping` to `stopped` and from `shutting-down` to `terminated`.
    pub stop_seconds: u64,
    /// How long after RunInstances no other call knows the new instance (eventual consistency).
    pub visible_after: Duration,
    /// How long after a start, stop, reboot or termination EC2 posts the console output.
    pub console_after: Duration,
    /// Instances that can live at once.
    pub instance_limit: usize,
}

impl Default for WorldOptions {
    fn default() -> WorldOptions {
        WorldOptions {
            boot_seconds: 20,
            stop_seconds: 20,
            visible_after: Duration::ZERO,
            console_after: Duration::from_secs(120),
            instance_limit: 20,
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
    launches: u64,
    addresses: u64,
    latest: Duration,
}

impl World {
    pub fn new(options: WorldOptions) -> World {
        let (machines, log) = (Vec::new(), Log::default());
        let elastic = Vec::new();
        World { options, machines, elastic, log, launches: 0, addresses: 0, latest: Duration::ZERO }
    }

    /// One call of pushbox.
    pub fn call(&mut self, now: Duration, call: &Call) -> Result<Reply, Error> {
        self.act(now, &Action::from(call)).map(Reply::from)
    }

    /// One call of anybody.
    pub fn act(&mut self, now: Duration, action: &Action) -> Result<Answer, Error> {
        let now = self.advance(now);
        let answer = self.perform(now, action);
        let call = serde_json::to_value(action).unwrap_or_default();
        let result = answer.as_ref().map(Answer::summary).map_err(Clone::clone);
        self.log.push(Logged { at: now, call, result });
        answer
    }

    /// Notes a request that was refused before it became an action.
    pub fn refused(&mut self, now: Duration, name: &str, error: &Error) {
        let at = self.advance(now);
        let call = serde_json::json!({ "call": name });
        self.log.push(Logged { at, call, result: Err(error.clone()) });
    }

    /// A person stops an instance in the console.
    pub fn stop(&mut self, now: Duration, id: &str) -> Result<(), Error> {
        self.act(now, &Action::StopInstances(Instances { instance_ids: vec![id.to_string()] })).map(drop)
    }

    /// A person terminates an instance in the console.
    pub fn terminate(&mut self, now: Duration, id: &str) -> Result<(), Error> {
        self.act(now, &Action::TerminateInstances(Instances { instance_ids: vec![id.to_string()] })).map(drop)
    }

    /// The instance writes to its serial console. One that is not on, or not there, says nothing.
    pub fn say(&mut self, now: Duration, id: &str, text: &str) {
        let now = self.advance(now);
        let on = |machine: &Machine| matches!(machine.state(now), State::Pending | State::Running);
        if let Some(machine) = self.machines.iter_mut().find(|machine| machine.id == id && on(machine)) {
            machine.serial.say(now, text);
        }
    }

    /// The tags as the instance itself reads them in its metadata: on Nitro those of now, on Xen those of its last start.
    /// `None` where it reads none: it is not on, or `InstanceMetadataTags` is not enabled.
    pub fn metadata_tags(&self, now: Duration, id: &str) -> Option<&[Tag]> {
        let now = now.max(self.latest);
        self.machines.iter().find(|machine| machine.id == id)?.metadata_tags(now)
    }

    /// Every instance that EC2 still has, whether calls know it yet or not, in the order of their launch.
    pub fn instances(&self, now: Duration) -> Vec<Seen> {
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

    fn advance(&mut self, now: Duration) -> Duration {
        let now = now.max(self.latest);
        self.latest = now;
        self.machines.retain(|machine| machine.is_remembered(now, token::MEMORY));
        now
    }
}

#[cfg(test)]
mod invariants;
#[cfg(test)]
mod tests;
