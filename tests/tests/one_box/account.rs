//! The account in which it all happens, what people do there, and what must hold of it.

use std::collections::BTreeMap;
use std::time::Duration;

use ec2_sim::{Seen, World};
use proptest::prelude::*;
use pushbox_shared::ec2::{Call, Error, Instance, Reply, RunInstances, State, Tag};
use pushbox_shared::handler::run::{self, run};
use pushbox_shared::handler::{Do, Event, Handler, Input};
use pushbox_shared::http::Request;
use pushbox_shared::protocol::launch;
use pushbox_shared::protocol::launch::Offer;
use pushbox_shared::protocol::mailbox::{APP, POKE};
use pushbox_shared::unix_time::UnixTime;

use crate::lambda::{Invocation, Queued};
use crate::moves::{Deed, Owner};
use crate::shape::{Kind, Parts, Place};

const START: UnixTime = UnixTime::from_secs(1_700_000_000);

pub(crate) struct Account {
    pub(crate) kind: Kind,
    pub(crate) parts: &'static Parts,
    pub(crate) world: World,
    pub(crate) now: UnixTime,
    /// Which of the setups is installed.
    pub(crate) script: usize,
    pub(crate) launch: usize,
    pub(crate) running: Vec<Invocation>,
    pub(crate) queue: Vec<Queued>,
    /// Of the parts' pushes.
    pub(crate) sent: usize,
    pub(crate) pushes: Vec<Push>,
    pub(crate) last_launch: UnixTime,
    /// How long a launch may go unseen.
    unseen_for: Duration,
    /// What people launched, with its tags.
    by_hand: BTreeMap<String, Vec<Tag>>,
    /// Of each instance that was on when its bell rang last: how the bell is since, and since when.
    bells: BTreeMap<String, (String, UnixTime)>,
}

/// One delivery of a push.
#[derive(Debug)]
pub(crate) struct Push {
    number: usize,
    arrived: UnixTime,
    pub(crate) accepted: bool,
    /// The instances to which its invocation did something.
    touched: Vec<String>,
    /// A person undid what it did, knowingly, or the box slept afterwards.
    released: bool,
}

impl Push {
    pub(crate) fn new(number: usize, arrived: UnixTime) -> Push {
        Push { number, arrived, accepted: false, touched: Vec::new(), released: false }
    }

    pub(crate) fn answered(&mut self, status: u16) {
        self.accepted = status == 202;
    }

    pub(crate) fn did(&mut self, call: &Call, reply: &Reply) {
        match (call, reply) {
            (Call::RunInstances(_), Reply::Instances(made)) => {
                self.touched.extend(made.iter().map(|one| one.id.clone()));
            }
            (Call::CreateTags(tags), _) => self.touched.extend(tags.resources.clone()),
            (Call::StartInstances(which) | Call::RebootInstances(which), _) => {
                self.touched.extend(which.instance_ids.clone());
            }
            _ => {}
        }
    }
}

impl Account {
    pub(crate) fn new(place: &Place) -> Account {
        Account {
            kind: place.kind,
            parts: place.kind.parts(),
            world: World::new(place.options()),
            now: START,
            script: 0,
            launch: 0,
            running: Vec::new(),
            queue: Vec::new(),
            sent: 0,
            pushes: Vec::new(),
            last_launch: START,
            unseen_for: Duration::from_secs(place.visible_after.max(place.taggable_after)),
            by_hand: BTreeMap::new(),
            bells: BTreeMap::new(),
        }
    }

    // What people, EC2 and strangers do.

    pub(crate) fn person(&mut self, deed: Deed, which: usize) {
        let Some(seen) = self.nth_of_app(which) else { return };
        let known: Vec<bool> = self.pushes.iter().map(|push| self.knows(&seen, push)).collect();
        let id = seen.instance.id;
        // EC2 may refuse, which is its right.
        let done = match deed {
            Deed::Start => self.world.start(self.now, &id),
            Deed::Stop => self.world.stop(self.now, &id),
            Deed::Reboot => self.world.reboot(self.now, &id),
            Deed::Terminate => {
                // Or EC2 would launch another one.
                self.world.cancel_spot_request(self.now, &id);
                self.world.terminate(self.now, &id)
            }
        };
        if done.is_ok() && matches!(deed, Deed::Stop | Deed::Terminate) {
            // Whoever does this to a box after a push was accepted, or reached it, wants it so. It may also have reached it by a
            // boot, before it is accepted.
            for (push, known) in self.pushes.iter_mut().zip(known) {
                push.released |= known || push.accepted || push.touched.contains(&id);
            }
        }
    }

    pub(crate) fn release(&mut self, which: impl Fn(&Push) -> bool) {
        for push in self.pushes.iter_mut().filter(|push| which(push)) {
            push.released = true;
        }
    }

    pub(crate) fn by_hand(&mut self, owner: Owner) {
        const AT_MOST: usize = 2;
        let setup = &self.parts.setups[self.script][self.launch];
        let mut request: RunInstances =
            launch::run_instances(setup, Offer::on_demand(self.kind.types()[0]), 0);
        request.client_token = String::new();
        for one in &mut request.tag_specifications {
            one.tags = match owner {
                Owner::App => vec![Tag::new(APP, "my_app")],
                Owner::OtherApp => vec![Tag::new(APP, "my_app2"), Tag::new(POKE, "1")],
                Owner::Nobody => vec![Tag::new("Name", "mine")],
            };
        }
        let tags = request.tag_specifications[0].tags.clone();
        if self.by_hand.len() < AT_MOST
            && let Ok(id) = self.world.launch(self.now, request)
        {
            self.by_hand.insert(id, tags);
        }
    }

    /// The box's own agent has heard all that rang, and switches the box off; EC2 sees that a while later.
    pub(crate) fn nap(&mut self, which: usize, seen_after: Duration) {
        if self.kind != Kind::Sleepy {
            return;
        }
        if let Some(seen) = self.nth_of_app(which)
            && !self.world.is_going_down(self.now, &seen.instance.id)
        {
            // What it has heard is deployed, and need not be running.
            let known: Vec<bool> = self.pushes.iter().map(|push| self.knows(&seen, push)).collect();
            for (push, known) in self.pushes.iter_mut().zip(known) {
                push.released |= known;
            }
            self.world.power_off(self.now, &seen.instance.id, seen_after);
        }
    }

    pub(crate) fn interrupt(&mut self, which: usize) {
        if let Some(seen) = self.nth_of_app(which) {
            self.world.interrupt(self.now, &seen.instance.id);
        }
    }

    pub(crate) fn resume(&mut self, which: usize) {
        if let Some(seen) = self.nth_of_app(which) {
            self.world.resume(self.now, &seen.instance.id);
        }
    }

    pub(crate) fn resume_all(&mut self) {
        for seen in self.of_app() {
            self.world.resume(self.now, &seen.instance.id);
        }
    }

    pub(crate) fn begin_shortage(&mut self, which: usize) {
        self.world.begin_shortage(self.kind.types()[which]);
    }

    pub(crate) fn end_shortage(&mut self) {
        if self.is_quiet() {
            self.world.end_shortage();
        }
    }

    pub(crate) fn other_launch(&mut self) {
        if self.is_quiet() {
            self.launch = 1 - self.launch;
        }
    }

    /// Nobody is between a look and a launch, and every launch can be seen.
    fn is_quiet(&self) -> bool {
        self.running.is_empty() && self.now > self.last_launch + self.unseen_for
    }

    pub(crate) fn forge(&mut self) -> Result<(), TestCaseError> {
        let setup = &self.parts.setups[self.script][self.launch];
        let mut handler = Handler::new(setup, &self.parts.forged, self.now);
        let first = handler.step(self.now, Event::Start);
        prop_assert!(matches!(&first, Do::Answer(response) if response.status == 401), "{:?}", first);
        Ok(())
    }

    pub(crate) fn look(&mut self) -> Result<(), TestCaseError> {
        let setup = &self.parts.setups[self.script][self.launch];
        for (method, path) in
            [("GET", "/"), ("GET", "/status"), ("POST", "/deploy"), ("GET", "/wake"), ("GET", "/hook")]
        {
            let request = Request { method: method.into(), path: path.into(), ..Request::default() };
            let mut visit = Visit { world: &mut self.world, now: self.now, calls: Vec::new() };
            run(&mut Handler::new(setup, &Input::Http(request), self.now), &mut visit);
            for call in visit.calls {
                let only_looks = matches!(call, Call::DescribeInstances(_))
                    || (path == "/wake" && matches!(call, Call::GetConsoleOutput(_)));
                prop_assert!(only_looks, "{method} {path}: {call:?}");
            }
        }
        Ok(())
    }

    // What is there.

    /// The app's instances that live, in the order of their launch.
    fn of_app(&self) -> Vec<Seen> {
        let mine = |seen: &Seen| seen.instance.state.is_live() && seen.instance.tag(APP) == Some("my_app");
        self.world.instances(self.now).into_iter().filter(mine).collect()
    }

    fn nth_of_app(&self, which: usize) -> Option<Seen> {
        let mut all = self.of_app();
        (!all.is_empty()).then(|| all.swap_remove(which % all.len()))
    }

    /// Which bells rang at an instance that was on, so that it heard.
    pub(crate) fn note_bells(&mut self) {
        for Seen { instance, .. } in self.of_app() {
            let Some(poke) = instance.tag(POKE) else { continue };
            // Whoever goes down has looked for the last time.
            let on = matches!(instance.state, State::Pending | State::Running)
                && !self.world.is_going_down(self.now, &instance.id);
            if on && self.bells.get(&instance.id).is_none_or(|(known, _)| known != poke) {
                self.bells.insert(instance.id.clone(), (poke.to_string(), self.now));
            }
        }
    }

    fn knows(&self, seen: &Seen, push: &Push) -> bool {
        let booted = seen.booted.is_some_and(|at| at >= push.arrived);
        let rang = self.bells.get(&seen.instance.id).is_some_and(|(_, at)| *at >= push.arrived);
        booted || (self.kind.hears() && rang)
    }

    // What must hold.

    /// At every moment.
    pub(crate) fn holds(&self) -> Result<(), TestCaseError> {
        let instances = self.world.instances(self.now);
        let launched = |one: &&Instance| !self.by_hand.contains_key(&one.id) && one.state.is_live();
        let live = instances.iter().map(|seen| &seen.instance).filter(launched);
        let live: Vec<&str> = live.map(|one| one.id.as_str()).collect();
        prop_assert!(live.len() <= 1, "live boxes that pushbox launched: {live:?}");
        for Seen { instance, .. } in &instances {
            let foreign = self.by_hand.get(&instance.id).filter(|_| instance.tag(APP) != Some("my_app"));
            if let Some(tags) = foreign {
                prop_assert_eq!(tags, &instance.tags, "somebody else's instance was tagged");
            }
        }
        Ok(())
    }

    /// Once everything has settled.
    pub(crate) fn every_accepted_push_is_known(&self) -> Result<(), TestCaseError> {
        let boxes = self.of_app();
        for push in self.pushes.iter().filter(|push| push.accepted && !push.released) {
            let known =
                boxes.iter().any(|seen| seen.instance.state == State::Running && self.knows(seen, push));
            let shown: Vec<_> =
                boxes.iter().map(|seen| (&seen.instance.id, seen.instance.state, seen.booted)).collect();
            prop_assert!(
                known,
                "no running box knows of push {}, {:?}: {:?}, bells {:?}",
                push.number,
                push,
                shown,
                self.bells
            );
        }
        Ok(())
    }
}

/// A request of a stranger, and the calls that it causes.
struct Visit<'a> {
    world: &'a mut World,
    now: UnixTime,
    calls: Vec<Call>,
}

impl run::World for Visit<'_> {
    fn now(&self) -> UnixTime {
        self.now
    }

    fn call(&mut self, call: Call, _: Duration) -> Result<Reply, Error> {
        let reply = self.world.call(self.now, &call);
        self.calls.push(call);
        reply
    }

    fn reconcile(&mut self, _: Duration) -> Result<(), Error> {
        panic!("a stranger causes a reconcile")
    }

    fn wait(&mut self, time: Duration) {
        panic!("a stranger is kept waiting for {time:?}")
    }
}
