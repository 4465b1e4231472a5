//! One instance and its states. The state is a function of what was done last and of the time, so nothing has to tick.

use std::sync::Arc;
use std::time::Duration;

use pushbox_shared::ec2::{Instance, RunInstances, State, Tag};
use pushbox_shared::machine::{Hypervisor, hypervisor};
use pushbox_shared::unix_time::UnixTime;

use crate::action::Seen;
use crate::console::Serial;
use crate::image::Image;
use crate::launch::tags_in_metadata;

/// How long a terminated instance can still be seen.
const SHOWN_AFTER_END: Duration = Duration::from_secs(3600);

/// What was done last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Start,
    Stop,
    Terminate,
}

/// Of an instance on capacity that EC2 lends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spot {
    Granted,
    /// EC2 stopped it and alone starts it again.
    Interrupted,
    /// Nobody starts it any more once it has stopped.
    RequestCancelled,
}

/// How long the transitions take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) boot: Duration,
    pub(crate) stop: Duration,
    /// How long DescribeInstances still shows the tags of before.
    pub(crate) tags: Duration,
}

#[derive(Clone, Debug)]
pub(crate) struct Machine {
    /// Counts launches, from 0.
    pub(crate) ordinal: u64,
    pub(crate) id: String,
    pub(crate) launch: Arc<RunInstances>,
    pub(crate) image: Image,
    pub(crate) reservation: String,
    pub(crate) launch_index: u32,
    /// Since 1970.
    pub(crate) born: UnixTime,
    /// As they were and as they are, each with the time from which they were so. Never empty.
    tags: Vec<(UnixTime, Vec<Tag>)>,
    tags_at_start: Vec<Tag>,
    pub(crate) serial: Serial,
    /// An Elastic IP, shown as long as the instance lives.
    pub(crate) elastic: Option<String>,
    /// Of this start; shown while the instance runs.
    address: Option<String>,
    started: UnixTime,
    /// When its system comes up, or came up last.
    up: UnixTime,
    spot: Option<Spot>,
    deed: Deed,
    since: UnixTime,
    pace: Pace,
}

/// What makes one instance of a request differ from another.
pub(crate) struct Birth {
    pub(crate) ordinal: u64,
    pub(crate) id: String,
    pub(crate) reservation: String,
    pub(crate) launch_index: u32,
    pub(crate) at: UnixTime,
    pub(crate) address: Option<String>,
    pub(crate) serial: Serial,
    pub(crate) pace: Pace,
}

impl Machine {
    pub(crate) fn new(launch: Arc<RunInstances>, image: Image, birth: Birth) -> Machine {
        let of_instances = launch.tag_specifications.iter().filter(|one| one.resource_type == "instance");
        let tags: Vec<Tag> = of_instances.flat_map(|one| one.tags.clone()).collect();
        Machine {
            ordinal: birth.ordinal,
            id: birth.id,
            image,
            reservation: birth.reservation,
            launch_index: birth.launch_index,
            born: birth.at,
            tags_at_start: tags.clone(),
            tags: vec![(birth.at, tags)],
            serial: birth.serial,
            elastic: None,
            address: birth.address,
            started: birth.at,
            up: birth.at + birth.pace.boot,
            spot: launch.instance_market_options.is_some().then_some(Spot::Granted),
            deed: Deed::Start,
            since: birth.at,
            pace: birth.pace,
            launch,
        }
    }

    pub(crate) fn state(&self, now: UnixTime) -> State {
        let after = |pace, before, then| if now < self.since + pace { before } else { then };
        match self.deed {
            Deed::Start => after(self.pace.boot, State::Pending, State::Running),
            Deed::Stop if now < self.since => State::Running,
            Deed::Stop => after(self.pace.stop, State::Stopping, State::Stopped),
            Deed::Terminate => after(self.pace.stop, State::ShuttingDown, State::Terminated),
        }
    }

    /// Whether it was ever up.
    pub(crate) fn has_run(&self, now: UnixTime) -> bool {
        now >= self.born + self.pace.boot
    }

    pub(crate) fn start(&mut self, now: UnixTime, address: Option<String>) {
        self.turn(Deed::Start, now);
        self.started = now;
        self.up = now + self.pace.boot;
        self.address = address;
        self.tags_at_start = self.tags().to_vec();
        if self.spot.is_some() {
            self.spot = Some(Spot::Granted);
        }
    }

    pub(crate) fn reboot(&mut self, now: UnixTime) {
        self.up = now;
        self.serial.transition(now);
    }

    /// EC2 takes a spot instance's capacity back.
    pub(crate) fn interrupt(&mut self, now: UnixTime) {
        self.spot = Some(Spot::Interrupted);
        self.stop(now);
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.spot == Some(Spot::Interrupted)
    }

    pub(crate) fn cancel_request(&mut self) {
        self.spot = self.spot.map(|_| Spot::RequestCancelled);
    }

    /// Whether EC2 goes on to give what its request asked for, also when this instance is gone.
    pub(crate) fn is_replaced(&self) -> bool {
        let lasts = |request: &RunInstances| {
            request
                .instance_market_options
                .as_ref()
                .is_some_and(|market| market.spot_options.spot_instance_type == "persistent")
        };
        self.spot.is_some_and(|spot| spot != Spot::RequestCancelled) && lasts(&self.launch)
    }

    pub(crate) fn has_no_request(&self) -> bool {
        self.spot == Some(Spot::RequestCancelled)
    }

    pub(crate) fn tags(&self) -> &[Tag] {
        self.tags.last().map_or(&[], |(_, tags)| tags)
    }

    pub(crate) fn set_tags(&mut self, now: UnixTime, tags: Vec<Tag>) {
        let shown = self.shown_since(now);
        self.tags.drain(..shown);
        self.tags.push((now, tags));
    }

    /// The tags as DescribeInstances knows them by now.
    pub(crate) fn described_tags(&self, now: UnixTime) -> &[Tag] {
        self.tags.get(self.shown_since(now)).map_or(&[], |(_, tags)| tags)
    }

    fn shown_since(&self, now: UnixTime) -> usize {
        let known = |(since, _): &(UnixTime, Vec<Tag>)| *since + self.pace.tags <= now;
        self.tags.iter().rposition(known).unwrap_or(0)
    }

    pub(crate) fn stop(&mut self, now: UnixTime) {
        self.turn(Deed::Stop, now);
    }

    /// Its own system ends, which EC2 sees only then.
    pub(crate) fn power_off(&mut self, now: UnixTime, seen_at: UnixTime) {
        self.stop(now);
        self.since = seen_at;
    }

    /// Whether its system has ended or is about to, and EC2 has not seen it.
    pub(crate) fn is_going_down(&self, now: UnixTime) -> bool {
        self.deed == Deed::Stop && now < self.since
    }

    pub(crate) fn terminate(&mut self, now: UnixTime) {
        self.turn(Deed::Terminate, now);
    }

    fn turn(&mut self, deed: Deed, now: UnixTime) {
        (self.deed, self.since) = (deed, now);
        self.serial.transition(now);
    }

    /// When it was terminated, if it is.
    fn ended(&self, now: UnixTime) -> Option<UnixTime> {
        (self.state(now) == State::Terminated).then_some(self.since + self.pace.stop)
    }

    /// Whether EC2 still shows it.
    pub(crate) fn is_shown(&self, now: UnixTime) -> bool {
        self.ended(now).is_none_or(|end| now < end + SHOWN_AFTER_END)
    }

    /// Whether its client token still counts.
    pub(crate) fn is_remembered(&self, now: UnixTime, memory: Duration) -> bool {
        self.ended(now).is_none_or(|end| now < end + memory)
    }

    /// The address that is its own, shown or not yet.
    pub(crate) fn held_address(&self) -> Option<&str> {
        if self.deed == Deed::Start { self.address.as_deref() } else { None }
    }

    pub(crate) fn is_nitro(&self) -> bool {
        hypervisor(&self.launch.instance_type) == Hypervisor::Nitro
    }

    /// The tags that the instance reads in its own metadata, if it is on and they are enabled.
    pub(crate) fn metadata_tags(&self, now: UnixTime) -> Option<&[Tag]> {
        let on = matches!(self.state(now), State::Pending | State::Running);
        if !on || !tags_in_metadata(&self.launch) {
            return None;
        }
        Some(if self.is_nitro() { self.tags() } else { &self.tags_at_start })
    }

    pub(crate) fn seen(&self, now: UnixTime) -> Seen {
        let state = self.state(now);
        Seen {
            instance: Instance {
                id: self.id.clone(),
                state,
                instance_type: self.launch.instance_type.clone(),
                launched: self.started,
                tags: self.tags().to_vec(),
                public_ip: match &self.elastic {
                    Some(elastic) => Some(elastic.clone()).filter(|_| state.is_live()),
                    None => self.address.clone().filter(|_| state == State::Running),
                },
                lifecycle: self.spot.map(|_| "spot".to_string()),
            },
            launch: Arc::clone(&self.launch),
            image: self.image.clone(),
            reservation: self.reservation.clone(),
            launch_index: self.launch_index,
            booted: Some(self.up).filter(|up| *up <= now),
        }
    }

    /// As DescribeInstances shows it, which may be late.
    pub(crate) fn described(&self, now: UnixTime) -> Seen {
        let mut seen = self.seen(now);
        seen.instance.tags = self.described_tags(now).to_vec();
        seen
    }
}
