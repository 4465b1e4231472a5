//! One box whatever happens: deliveries that run into each other, invocations that are cut off, faults, people at the
//! console, other settings, and time, in a simulated EC2 that shows things late and evaluates the exported policy.
//!
//! What must hold (the numbers are those of the design's list):
//!
//! - 2: a delivery that is not authentic causes no call, and without the admin key the other routes only look;
//! - 3: there is at most one live box that pushbox launched;
//! - 4: what is not tagged as the app's is never touched, and the policy refuses no call that pushbox makes;
//! - a visitor's button counts and starts the box, and does nothing else;
//! - 5: nothing is ever stopped, and nothing that deploys while it runs is rebooted;
//! - every accepted push ends in a box that knows of it: a live, running one whose mailbox rang, or which came up,
//!   after the push arrived.
//!
//! A known limit is left out on purpose. Another instance type, and other launch settings, mean another client token, so
//! EC2 cannot tell that two launches mean one box. Where a shortage ends, or where the launch settings change, just between
//! another invocation's look and its launch (or before that launch is visible), two boxes can come up. Then the older one
//! is the box, and the other is reported until a person terminates it. So here, both happen only while no
//! invocation is on its way and every launch is visible.

mod account;
mod lambda;
mod moves;
mod regressions;
mod shape;
mod visitors;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use account::Account;
use moves::{Move, history};

/// Failures are kept there, and tried first from then on.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/one_box.txt");

/// Of each of the four tests below, which run side by side.
const CASES: u32 = 2_500;

fn any_history(histories: std::ops::Range<usize>) {
    let persistence = FileFailurePersistence::Direct(KEPT);
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: Some(Box::new(persistence)),
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    };
    proptest!(config, |(history in history(histories))| check(&history.place, &history.moves)?);
}

/// Whatever happened: once everything has settled, what was accepted is done.
fn check(place: &shape::Place, moves: &[Move]) -> Result<(), TestCaseError> {
    let mut account = Account::new(place);
    for one in moves {
        account.apply(one)?;
    }
    account.settle()?;
    account.every_accepted_push_is_known()
}

#[test]
fn a_few_moves() {
    any_history(1..15);
}

#[test]
fn many_moves() {
    any_history(5..30);
}

#[test]
fn more_moves() {
    any_history(10..40);
}

#[test]
fn very_many_moves() {
    any_history(20..60);
}
