//! What can happen, and how histories of it are made.

use std::ops::Range;
use std::time::Duration;

use ec2_sim::{Fault, Which};
use proptest::prelude::*;

use crate::account::Account;
use crate::shape::{Kind, Place};

#[derive(Clone, Debug)]
pub(crate) enum Move {
    /// The next push arrives.
    Push,
    /// The git host delivers that push once more.
    Redeliver(usize),
    /// One of the invocations on their way does its next step.
    Step(usize, Luck),
    /// One does all its steps, and all go well.
    Finish(usize),
    /// One is cut off, as when Lambda ends it.
    Cut(usize),
    /// Lambda starts one of the reconciles that it has queued.
    Reconcile(usize),
    /// Lambda will deliver that one twice.
    Twice(usize),
    Pass(Duration),
    /// A person does something to one of the app's instances.
    Person(Deed, usize),
    /// A person launches an instance by hand.
    ByHand(Owner),
    /// EC2 takes the capacity of one of the app's instances back.
    Interrupt(usize),
    /// EC2 starts what it interrupted.
    Resume(usize),
    /// EC2 has none left of that of the config's types.
    Shortage(usize),
    /// EC2 has enough again; only while nothing is on its way.
    Plenty,
    /// The config says something else that is part of the script.
    OtherScript,
    /// The config says something else that is part of a launch; only while nothing is on its way.
    OtherLaunch,
    /// Somebody who does not know the secret.
    Forge,
    /// A visitor presses the button that wakes the box.
    Wake,
    /// Nobody came, and the box switches itself off; EC2 sees that so much later.
    Nap(usize, Duration),
    /// Somebody without the admin key looks at the function's other routes.
    Look,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Luck {
    Good,
    Bad(Fault),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    Start,
    Stop,
    Reboot,
    Terminate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// It carries the app's tag.
    App,
    /// It carries another app's tag.
    OtherApp,
    Nobody,
}

#[derive(Clone)]
pub(crate) struct History {
    pub(crate) place: Place,
    pub(crate) moves: Vec<Move>,
}

/// A move a line, so that a failure can be read, and put among the regressions.
impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:?}", self.place)?;
        self.moves.iter().try_for_each(|one| writeln!(f, "{one:?}"))
    }
}

pub(crate) fn history(length: Range<usize>) -> impl Strategy<Value = History> {
    (place(), prop::collection::vec(one_move(), length)).prop_map(|(place, moves)| History { place, moves })
}

fn place() -> impl Strategy<Value = Place> {
    let kind = prop_oneof![4 => Just(Kind::Live), 1 => Just(Kind::Reboot), 1 => Just(Kind::Xen), 3 => Just(Kind::Sleepy), 2 => Just(Kind::Spot)];
    (kind, 1..20u64, 1..20u64, 0..5u64, 0..7u64, 0..4u64).prop_map(
        |(kind, boot_seconds, stop_seconds, visible_after, taggable_after, tags_after)| Place {
            kind,
            // EC2 shows a box long before its system is up.
            boot_seconds: boot_seconds.max(visible_after),
            stop_seconds,
            visible_after,
            taggable_after,
            tags_after,
        },
    )
}

fn one_move() -> impl Strategy<Value = Move> {
    let which = 0..8usize;
    let deed = prop_oneof![2 => Just(Deed::Start), 3 => Just(Deed::Stop), 1 => Just(Deed::Reboot), 2 => Just(Deed::Terminate)];
    let owner = prop_oneof![Just(Owner::App), Just(Owner::OtherApp), Just(Owner::Nobody)];
    // Mostly a moment, sometimes minutes, and seldom so long that EC2 forgets what it knew.
    let time = prop_oneof![
        8 => 1..3_000u64,
        4 => 3_000..30_000u64,
        1 => 30_000..400_000u64,
        1 => (1..50u64).prop_map(|half_hours| half_hours * 1_800_000),
    ];
    prop_oneof![
        6 => Just(Move::Push),
        1 => which.clone().prop_map(Move::Redeliver),
        30 => (which.clone(), luck()).prop_map(|(who, luck)| Move::Step(who, luck)),
        6 => which.clone().prop_map(Move::Finish),
        2 => which.clone().prop_map(Move::Cut),
        4 => which.clone().prop_map(Move::Reconcile),
        1 => which.clone().prop_map(Move::Twice),
        6 => time.prop_map(|millis| Move::Pass(Duration::from_millis(millis))),
        5 => (deed, which.clone()).prop_map(|(deed, which)| Move::Person(deed, which)),
        1 => owner.prop_map(Move::ByHand),
        1 => which.clone().prop_map(Move::Interrupt),
        1 => which.clone().prop_map(Move::Resume),
        1 => (0..2usize).prop_map(Move::Shortage),
        1 => Just(Move::Plenty),
        1 => Just(Move::OtherScript),
        1 => Just(Move::OtherLaunch),
        1 => Just(Move::Forge),
        1 => Just(Move::Look),
        2 => Just(Move::Wake),
        2 => (which.clone(), 0..60u64).prop_map(|(which, late)| Move::Nap(which, Duration::from_secs(late))),
    ]
}

fn luck() -> impl Strategy<Value = Luck> {
    let code = prop::sample::select(&["RequestLimitExceeded", "InternalError", "Unavailable"][..]);
    let fault = prop_oneof![
        1 => code.prop_map(Fault::Refused),
        1 => Just(Fault::NotReached),
        2 => Just(Fault::AnswerLost),
    ];
    prop_oneof![8 => Just(Luck::Good), 2 => fault.prop_map(Luck::Bad)]
}

impl Account {
    pub(crate) fn apply(&mut self, one: &Move) -> Result<(), TestCaseError> {
        match one {
            Move::Push => self.push(),
            Move::Redeliver(which) => self.redeliver(*which),
            Move::Step(who, luck) => self.step_any(*who, *luck)?,
            Move::Finish(who) => self.finish_any(*who)?,
            Move::Cut(who) => self.cut_any(*who),
            Move::Reconcile(which) => self.start_reconcile(*which),
            Move::Twice(which) => self.queue_twice(*which),
            Move::Pass(time) => self.now += *time,
            Move::Person(deed, which) => self.person(*deed, *which),
            Move::ByHand(owner) => self.by_hand(*owner),
            Move::Interrupt(which) => self.interrupt(*which),
            Move::Resume(which) => self.resume(*which),
            Move::Shortage(which) => self.begin_shortage(*which),
            Move::Plenty => self.end_shortage(),
            Move::OtherScript => self.script = 1 - self.script,
            Move::OtherLaunch => self.other_launch(),
            Move::Forge => self.forge()?,
            Move::Look => self.look()?,
            Move::Wake => self.wake(),
            Move::Nap(which, seen_after) => self.nap(*which, *seen_after),
        }
        self.holds()
    }

    pub(crate) fn plan(&mut self, luck: Luck) {
        self.world.faults.clear();
        if let Luck::Bad(fault) = luck {
            self.world.faults.next(Which::Any, fault);
        }
    }
}
