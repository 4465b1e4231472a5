//! What each call does: first everything that EC2 refuses, then the deed, so that a refused call changes nothing.

use std::sync::Arc;
use std::time::Duration;

use pushbox_shared::ec2::{CreateTags, Error, GetConsoleOutput, Instances, RunInstances, State};
use pushbox_shared::hash::sha256_hex;
use pushbox_shared::unix_time::UnixTime;

use super::World;
use crate::action::{Action, Answer, Change, Console, Describe, DescribeUserData};
use crate::capacity::{check_vcpus, vcpus};
use crate::console::Serial;
use crate::image::Image;
use crate::instance::{Birth, Machine, Pace};
use crate::refusal::{
    interrupted, invalid, invalid_value, is_id, malformed_instance, malformed_resource, missing, no_request,
    no_such_instances, unsupported, wrong_state,
};
use crate::{describe, launch, tags, token};

impl World {
    pub(super) fn perform(&mut self, now: UnixTime, action: &Action) -> Result<Answer, Error> {
        match action {
            Action::RunInstances(request) => self.run(now, request),
            Action::DescribeInstances(request) => self.describe(now, request),
            Action::CreateTags(request) => self.create_tags(now, request),
            Action::StartInstances(request) => self.start_all(now, request),
            Action::StopInstances(request) => self.stop_all(now, request),
            Action::RebootInstances(request) => self.reboot_all(now, request),
            Action::TerminateInstances(request) => self.terminate_all(now, request),
            Action::GetConsoleOutput(request) => self.console(now, request),
            Action::DescribeInstanceAttribute(request) => self.user_data(now, request),
            Action::AllocateAddress(request) => self.allocate_address(request),
            Action::DescribeAddresses(request) => self.describe_addresses(now, request),
            Action::AssociateAddress(request) => self.associate_address(now, request),
        }
    }

    fn run(&mut self, now: UnixTime, request: &RunInstances) -> Result<Answer, Error> {
        let image = launch::check(request)?;
        if let Some(earlier) = token::replay(&self.machines, request, now)? {
            return Ok(Answer::Launched(earlier));
        }
        let live = self.machines.iter().filter(|machine| machine.state(now).is_live()).count();
        let free = u32::try_from(self.options.instance_limit.saturating_sub(live)).unwrap_or(u32::MAX);
        if free < request.min_count {
            return Err(Error::new(
                "InstanceLimitExceeded",
                format!(
                    "You have requested more instances ({}) than your current instance limit of {} allows for the \
                     specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an \
                     adjustment to this limit.",
                    live + request.min_count as usize,
                    self.options.instance_limit
                ),
            ));
        }
        let processors = vcpus(&request.instance_type).saturating_mul(request.min_count);
        check_vcpus(self.vcpus_on(now), processors, self.options.vcpu_limit)?;
        self.shortage.check(&request.instance_type)?;
        let first = self.machines.len();
        let launch = Arc::new(request.clone());
        let reservation = format!("r-0{}", name(self.launches));
        for launch_index in 0..request.max_count.min(free) {
            self.give_birth(now, &launch, &image, &reservation, launch_index);
        }
        Ok(Answer::Launched(self.machines[first..].iter().map(|machine| machine.seen(now)).collect()))
    }

    fn describe(&mut self, now: UnixTime, request: &Describe) -> Result<Answer, Error> {
        describe::check(request)?;
        if request.instance_ids.is_empty() {
            let known = self.machines.iter().filter(|machine| self.knows(machine, now));
            return describe::page(known, request, now).map(Answer::Described);
        }
        let mut places = self.places(now, &request.instance_ids)?;
        places.sort_unstable();
        let named = places.into_iter().map(|place| &self.machines[place]);
        describe::page(named, request, now).map(Answer::Described)
    }

    fn create_tags(&mut self, now: UnixTime, request: &CreateTags) -> Result<Answer, Error> {
        if request.resources.is_empty() {
            return Err(missing("resourceIdSet"));
        }
        if request.tags.is_empty() {
            return Err(invalid_value(
                "Value ( empty ) for parameter tagSet is invalid. You must specify one or more tags to create",
            ));
        }
        if let Some(id) = request.resources.iter().find(|id| !is_id("i", id)) {
            return Err(malformed_resource(id));
        }
        let places = self.places(now, &request.resources)?;
        let mut merged = Vec::new();
        for place in places {
            let machine = &self.machines[place];
            let too_new = now < machine.born + self.options.taggable_after;
            if too_new || machine.state(now) == State::Terminated {
                return Err(no_such_instances(&[&machine.id]));
            }
            tags::check(&request.tags, launch::tags_in_metadata(&machine.launch))?;
            merged.push((place, tags::merge(machine.tags(), &request.tags)?));
        }
        for (place, tags) in merged {
            self.machines[place].set_tags(now, tags);
        }
        Ok(Answer::Done)
    }

    fn start_all(&mut self, now: UnixTime, request: &Instances) -> Result<Answer, Error> {
        let places = self.places(now, &request.instance_ids)?;
        for place in &places {
            let machine = &self.machines[*place];
            if !matches!(machine.state(now), State::Stopped | State::Pending | State::Running) {
                return Err(wrong_state(format!(
                    "The instance '{}' is not in a state from which it can be started.",
                    machine.id
                )));
            }
        }
        let mut more = 0;
        for machine in places.iter().map(|place| &self.machines[*place]) {
            if machine.state(now) != State::Stopped {
                continue;
            }
            if machine.is_interrupted() {
                return Err(interrupted(&machine.id));
            }
            if machine.has_no_request() {
                return Err(no_request(&machine.id));
            }
            more += vcpus(&machine.launch.instance_type);
            check_vcpus(self.vcpus_on(now), more, self.options.vcpu_limit)?;
            self.shortage.check(&machine.launch.instance_type)?;
        }
        Ok(self.change(now, places, |world, place| {
            if world.machines[place].state(now) == State::Stopped {
                world.start_machine(now, place);
            }
        }))
    }

    pub(super) fn start_machine(&mut self, now: UnixTime, place: usize) {
        let wanted = launch::wants_public_address(&self.machines[place].launch);
        let address = wanted.then(|| self.new_address());
        self.machines[place].start(now, address);
    }

    fn vcpus_on(&self, now: UnixTime) -> u32 {
        let on = |machine: &&Machine| matches!(machine.state(now), State::Pending | State::Running);
        self.machines.iter().filter(on).map(|machine| vcpus(&machine.launch.instance_type)).sum()
    }

    fn stop_all(&mut self, now: UnixTime, request: &Instances) -> Result<Answer, Error> {
        let places = self.places(now, &request.instance_ids)?;
        for place in &places {
            let machine = &self.machines[*place];
            let id = &machine.id;
            match machine.state(now) {
                State::Running | State::Stopping | State::Stopped => {}
                State::Pending if !machine.has_run(now) => {
                    return Err(wrong_state(format!(
                        "Instance '{id}' cannot be stopped as it has never reached the 'running' state."
                    )));
                }
                State::Pending | State::ShuttingDown | State::Terminated => {
                    return Err(wrong_state(format!(
                        "This instance '{id}' is not in a state from which it can be stopped."
                    )));
                }
            }
        }
        Ok(self.change(now, places, |world, place| {
            let machine = &mut world.machines[place];
            if machine.state(now) == State::Running {
                machine.stop(now);
            }
        }))
    }

    fn reboot_all(&mut self, now: UnixTime, request: &Instances) -> Result<Answer, Error> {
        let places = self.places(now, &request.instance_ids)?;
        if let Some(place) = places.iter().find(|place| self.machines[**place].state(now) != State::Running) {
            let id = &self.machines[*place].id;
            return Err(wrong_state(format!("The instance '{id}' is not in the 'running' state.")));
        }
        for place in places {
            self.machines[place].reboot(now);
        }
        Ok(Answer::Done)
    }

    fn terminate_all(&mut self, now: UnixTime, request: &Instances) -> Result<Answer, Error> {
        let places = self.places(now, &request.instance_ids)?;
        Ok(self.change(now, places, |world, place| {
            let machine = &mut world.machines[place];
            if machine.state(now).is_live() {
                machine.terminate(now);
                world.replace(now, place);
            }
        }))
    }

    /// A spot request that lasts is fulfilled again, by another instance of the same launch ("Terminate a Spot Instance").
    fn replace(&mut self, now: UnixTime, place: usize) {
        if !self.machines[place].is_replaced() {
            return;
        }
        let Machine { launch, image, reservation, .. } = self.machines[place].clone();
        // The token is that of the request, which is answered already.
        let launch = Arc::new(RunInstances { client_token: String::new(), ..RunInstances::clone(&launch) });
        self.give_birth(now, &launch, &image, &reservation, 0);
    }

    fn give_birth(
        &mut self,
        now: UnixTime,
        launch: &Arc<RunInstances>,
        image: &Image,
        reservation: &str,
        launch_index: u32,
    ) {
        let birth = Birth {
            ordinal: self.launches,
            id: format!("i-0{}", name(self.launches)),
            reservation: reservation.to_string(),
            launch_index,
            at: now,
            address: launch::wants_public_address(launch).then(|| self.new_address()),
            serial: Serial::new(now, self.options.console_after),
            pace: self.pace(),
        };
        self.launches += 1;
        self.machines.push(Machine::new(Arc::clone(launch), image.clone(), birth));
    }

    fn console(&mut self, now: UnixTime, request: &GetConsoleOutput) -> Result<Answer, Error> {
        let place = self.place(now, &request.instance_id)?;
        let machine = &mut self.machines[place];
        let (taken, text) = if !request.latest {
            machine.serial.posted(now)
        } else if machine.is_nitro() {
            (now, machine.serial.latest())
        } else {
            return Err(unsupported(
                "This instance type does not support retrieving the latest console logs.",
            ));
        };
        let text = text.to_string();
        Ok(Answer::Console(Console { instance_id: request.instance_id.clone(), taken, text }))
    }

    fn user_data(&mut self, now: UnixTime, request: &DescribeUserData) -> Result<Answer, Error> {
        if request.attribute != "userData" {
            return Err(invalid(&request.attribute, "attribute", "Unknown attribute."));
        }
        let place = self.place(now, &request.instance_id)?;
        let user_data = self.machines[place].launch.user_data.0.clone();
        Ok(Answer::UserData { instance_id: request.instance_id.clone(), user_data })
    }

    /// Does `deed` to each place and says what it changed.
    fn change(&mut self, now: UnixTime, places: Vec<usize>, deed: impl Fn(&mut World, usize)) -> Answer {
        let changes = places.into_iter().map(|place| {
            let previous = self.machines[place].state(now);
            deed(self, place);
            let machine = &self.machines[place];
            Change { instance_id: machine.id.clone(), previous, current: machine.state(now) }
        });
        Answer::Changed(changes.collect())
    }

    /// Where the instances are, each once; all of them exist, or it is an error.
    fn places(&self, now: UnixTime, ids: &[String]) -> Result<Vec<usize>, Error> {
        if ids.is_empty() {
            return Err(missing("InstanceId"));
        }
        if let Some(id) = ids.iter().find(|id| !is_id("i", id)) {
            return Err(malformed_instance(id));
        }
        let (mut places, mut unknown) = (Vec::new(), Vec::new());
        for id in ids {
            let known = |machine: &Machine| machine.id == *id && self.knows(machine, now);
            match self.machines.iter().position(known) {
                Some(place) if places.contains(&place) => {}
                Some(place) => places.push(place),
                None => unknown.push(id.as_str()),
            }
        }
        if unknown.is_empty() { Ok(places) } else { Err(no_such_instances(&unknown)) }
    }

    pub(super) fn place(&self, now: UnixTime, id: &str) -> Result<usize, Error> {
        let places = self.places(now, &[id.to_string()])?;
        places.first().copied().ok_or_else(|| no_such_instances(&[id]))
    }

    pub(super) fn knows(&self, machine: &Machine, now: UnixTime) -> bool {
        machine.is_shown(now) && now >= machine.born + self.options.visible_after
    }

    fn pace(&self) -> Pace {
        let (boot, stop) = (self.options.boot_seconds, self.options.stop_seconds);
        let tags = self.options.tags_after;
        Pace { boot: Duration::from_secs(boot), stop: Duration::from_secs(stop), tags }
    }

    /// The next address of the block for documentation (RFC 5737) that nobody holds.
    fn new_address(&mut self) -> String {
        loop {
            let address = format!("203.0.113.{}", self.addresses % 254 + 1);
            self.addresses += 1;
            let held = self.machines.iter().any(|machine| machine.held_address() == Some(address.as_str()));
            // With more instances than addresses, some share one.
            if !held || self.options.instance_limit >= 254 {
                return address;
            }
        }
    }
}

/// The 16 hex digits of the n-th launch.
fn name(n: u64) -> String {
    sha256_hex(format!("launch {n}"))[..16].to_string()
}
