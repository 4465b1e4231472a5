//! Histories that went wrong once, or would if a line were missing. Each is checked like any other.

use std::time::Duration;

use ec2_sim::Fault;

use crate::moves::{Deed, Luck, Move};
use crate::shape::{Kind, Place};

/// A quiet place, where a box boots in 5 s and stops in 10.
fn place(kind: Kind) -> Place {
    Place { kind, boot_seconds: 5, stop_seconds: 10, visible_after: 0, taggable_after: 0, tags_after: 0 }
}

#[track_caller]
fn check(place: &Place, moves: &[Move]) {
    if let Err(error) = crate::check(place, moves) {
        panic!("{error}");
    }
}

const GOOD: Move = Move::Step(0, Luck::Good);

fn bad(code: &'static str) -> Move {
    Move::Step(0, Luck::Bad(Fault::Refused(code)))
}

fn pass(seconds: u64) -> Move {
    Move::Pass(Duration::from_secs(seconds))
}

/// A box that runs and knows of the first push, and then these moves.
fn with_a_box(more: &[Move]) -> Vec<Move> {
    [&[Move::Push, Move::Finish(0), pass(20)], more].concat()
}

#[test]
fn a_box_that_goes_down_between_look_and_bell_is_started_again() {
    for deed in [Deed::Stop, Deed::Terminate] {
        check(&place(Kind::Live), &with_a_box(&[Move::Push, GOOD, Move::Person(deed, 0)]));
    }
}

#[test]
fn a_push_to_a_box_that_shuts_itself_down_starts_it_again() {
    for kind in [Kind::Live, Kind::Reboot, Kind::Xen] {
        check(&place(kind), &with_a_box(&[Move::Person(Deed::Stop, 0), Move::Push, Move::Finish(0)]));
    }
}

#[test]
fn a_start_that_fails_after_the_bell_is_tried_until_it_succeeds() {
    let stopped = [Move::Person(Deed::Stop, 0), pass(15), Move::Push, GOOD, GOOD];
    let fails = std::iter::repeat_n([bad("InternalError"), GOOD], 12).flatten();
    let moves: Vec<Move> = stopped.into_iter().chain(fails).collect();
    check(&place(Kind::Live), &with_a_box(&moves));
}

#[test]
fn a_reconcile_that_is_cut_off_twice_is_done_the_third_time() {
    let cut_twice = [Move::Reconcile(0), GOOD, Move::Cut(0), Move::Reconcile(0), GOOD, Move::Cut(0)];
    let moves = [&[Move::Person(Deed::Stop, 0), Move::Push, Move::Finish(0)], &cut_twice[..]].concat();
    check(&place(Kind::Live), &with_a_box(&moves));
}

#[test]
fn two_pushes_at_once_make_one_box_though_neither_sees_the_others_launch() {
    let place = Place { visible_after: 4, taggable_after: 6, ..place(Kind::Live) };
    let second = Move::Step(1, Luck::Good);
    check(&place, &[Move::Push, Move::Push, GOOD, second.clone(), GOOD, second, Move::Shortage(0)]);
}

#[test]
fn two_scripts_at_once_make_one_box() {
    let place = Place { visible_after: 4, ..place(Kind::Live) };
    let second = Move::Step(1, Luck::Good);
    check(&place, &[Move::Push, Move::OtherScript, Move::Push, GOOD, second.clone(), GOOD, second]);
}

#[test]
fn a_box_that_is_stopped_once_it_knows_of_a_push_stays_so() {
    let place = Place { boot_seconds: 1, stop_seconds: 1, ..place(Kind::Live) };
    // The second push has too little time left to ring, and a reconcile sees that the box came up after it arrived. Then, before
    // the push is answered, a person stops the box.
    let late =
        [GOOD, pass(3), GOOD, Move::Reconcile(0), Move::Step(1, Luck::Good), Move::Step(1, Luck::Good)];
    let first = [Move::Push, GOOD, bad("RequestLimitExceeded"), Move::Push, Move::Finish(0)];
    check(&place, &[&first[..], &late, &[Move::Person(Deed::Stop, 0)]].concat());
}

/// EC2 shows it as running, and nobody on it hears the bell any more.
#[test]
fn a_push_to_a_box_that_has_looked_for_the_last_time_starts_it_again() {
    for seen_after in [0, 1, 30, 60] {
        let nap = Move::Nap(0, Duration::from_secs(seen_after));
        check(&place(Kind::Sleepy), &with_a_box(&[nap, Move::Push, Move::Finish(0)]));
    }
}
