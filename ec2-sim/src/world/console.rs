//! What happens to an instance besides calls of the function: a person in the console, the instance itself, and EC2.

use std::time::Duration;

use pushbox_shared::ec2::{Error, Instances, RunInstances, State};
use pushbox_shared::unix_time::UnixTime;

use super::World;
use crate::action::{Action, Answer};
use crate::instance::Machine;

impl World {
    /// A person launches an instance by hand.
    pub fn launch(&mut self, now: UnixTime, request: RunInstances) -> Result<String, Error> {
        let launched = match self.act_as_owner(now, &Action::RunInstances(Box::new(request)))? {
            Answer::Launched(instances) => instances.into_iter().next(),
            _ => None,
        };
        launched
            .map(|seen| seen.instance.id)
            .ok_or_else(|| Error::new("InternalError", "nothing was launched"))
    }

    /// A person starts an instance in the console.
    pub fn start(&mut self, now: UnixTime, id: &str) -> Result<(), Error> {
        self.act_as_owner(now, &Action::StartInstances(only(id))).map(drop)
    }

    /// A person stops an instance in the console, or what runs on it powers it off.
    pub fn stop(&mut self, now: UnixTime, id: &str) -> Result<(), Error> {
        self.act_as_owner(now, &Action::StopInstances(only(id))).map(drop)
    }

    /// A person reboots an instance in the console.
    pub fn reboot(&mut self, now: UnixTime, id: &str) -> Result<(), Error> {
        self.act_as_owner(now, &Action::RebootInstances(only(id))).map(drop)
    }

    /// A person terminates an instance in the console.
    pub fn terminate(&mut self, now: UnixTime, id: &str) -> Result<(), Error> {
        self.act_as_owner(now, &Action::TerminateInstances(only(id))).map(drop)
    }

    /// What runs on a running instance powers it off; EC2 sees that so much later, and shows it as running until then.
    pub fn power_off(&mut self, now: UnixTime, id: &str, seen_after: Duration) {
        let now = self.advance(now);
        let running = |machine: &&mut Machine| machine.id == id && machine.state(now) == State::Running;
        if let Some(machine) = self.machines.iter_mut().find(running) {
            machine.power_off(now, now + seen_after);
        }
    }

    /// Whether the instance is on its way down, and EC2 shows it as running.
    pub fn is_going_down(&self, now: UnixTime, id: &str) -> bool {
        let now = now.max(self.latest);
        self.machines.iter().any(|machine| machine.id == id && machine.is_going_down(now))
    }

    /// EC2 takes the capacity of a running spot instance back: it stops, and only [`World::resume`] starts it.
    pub fn interrupt(&mut self, now: UnixTime, id: &str) {
        let now = self.advance(now);
        let running = |machine: &&mut Machine| machine.id == id && machine.state(now) == State::Running;
        if let Some(machine) = self.machines.iter_mut().find(running) {
            machine.interrupt(now);
        }
    }

    /// A person cancels the request of a spot instance, which goes on running. Nobody finds what is not visible yet.
    pub fn cancel_spot_request(&mut self, now: UnixTime, id: &str) {
        let now = self.advance(now);
        if let Ok(place) = self.place(now, id) {
            self.machines[place].cancel_request();
        }
    }

    /// EC2 has capacity again and starts what it interrupted.
    pub fn resume(&mut self, now: UnixTime, id: &str) {
        let now = self.advance(now);
        let waits = |machine: &Machine| {
            machine.id == id && machine.is_interrupted() && machine.state(now) == State::Stopped
        };
        if let Some(place) = self.machines.iter().position(waits) {
            self.start_machine(now, place);
        }
    }

    /// EC2 has no more instances of that type to give, until [`World::end_shortage`].
    pub fn begin_shortage(&mut self, instance_type: &str) {
        self.shortage.begin(instance_type);
    }

    /// EC2 has enough of everything.
    pub fn end_shortage(&mut self) {
        self.shortage.end();
    }

    /// The instance writes to its serial console. One that is not on, or not there, says nothing.
    pub fn say(&mut self, now: UnixTime, id: &str, text: &str) {
        let now = self.advance(now);
        let on = |machine: &Machine| matches!(machine.state(now), State::Pending | State::Running);
        if let Some(machine) = self.machines.iter_mut().find(|machine| machine.id == id && on(machine)) {
            machine.serial.say(now, text);
        }
    }
}

fn only(id: &str) -> Instances {
    Instances { instance_ids: vec![id.to_string()] }
}
