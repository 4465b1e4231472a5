//! Ten visitors at once: however their invocations run into each other, the box starts once and is counted once.

use std::time::Duration;

use ec2_sim::Logged;
use proptest::prelude::*;
use pushbox_shared::ec2::State;
use pushbox_shared::protocol::wakes::WAKES;

use crate::account::Account;
use crate::moves::{Luck, Move};
use crate::shape::{Kind, Place};

const VISITORS: usize = 10;

/// How long the box has been off, or is still on its way there.
fn any_place() -> impl Strategy<Value = (Place, Duration)> {
    (1..20u64, 1..40u64, 0..60u64).prop_map(|(boot_seconds, stop_seconds, asleep_for)| {
        let place = Place {
            kind: Kind::Sleepy,
            boot_seconds,
            stop_seconds,
            visible_after: 0,
            taggable_after: 0,
            tags_after: 0,
        };
        (place, Duration::from_secs(asleep_for))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn they_start_it_once((place, asleep_for) in any_place(), order in prop::collection::vec(0..VISITORS, 40)) {
        let mut account = Account::new(&place);
        for one in [Move::Push, Move::Finish(0), Move::Pass(Duration::from_mins(5)), Move::Nap(0, Duration::ZERO)] {
            account.apply(&one)?;
        }
        // What the push left behind has come to its end, and the box sleeps.
        account.queue.clear();
        account.now += asleep_for;
        for _ in 0..VISITORS {
            account.wake();
        }
        for who in order {
            account.step_any(who, Luck::Good)?;
        }
        account.settle()?;
        let boxes = account.world.instances(account.now);
        let states: Vec<State> = boxes.iter().map(|seen| seen.instance.state).collect();
        prop_assert_eq!(states, [State::Running]);
        let wakes = boxes[0].instance.tag(WAKES).unwrap_or_default();
        prop_assert!(wakes.contains(":1@"), "{wakes}");
        let starts = |call: &&Logged| call.result.as_ref().is_ok_and(|said| said.contains("stopped → pending"));
        prop_assert_eq!(account.world.calls().iter().filter(starts).count(), 1);
    }
}
