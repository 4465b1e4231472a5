//! What holds after any sequence of calls.

use proptest::prelude::*;
use pushbox_shared::ec2::{CreateTags, GetConsoleOutput, RunInstances, State, UserData};

use super::tests::{at, ids, run, world};
use super::*;
use crate::launch::tests::request;

#[derive(Clone, Debug)]
enum Step {
    Run { token: u8, variant: u8 },
    Do { what: u8, which: usize },
    Pass { seconds: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let pass = prop_oneof![0..60u64, 3500..3700u64, 86_000..87_000u64];
    prop_oneof![
        3 => (0..3u8, 0..2u8).prop_map(|(token, variant)| Step::Run { token, variant }),
        6 => (0..6u8, 0..6usize).prop_map(|(what, which)| Step::Do { what, which }),
        3 => pass.prop_map(|seconds| Step::Pass { seconds }),
    ]
}

/// Whether an instance can be seen in `to` after it was seen in `from`, with any time and one call between.
fn can_follow(from: State, to: State) -> bool {
    use State::{Pending, Running, ShuttingDown, Stopped, Stopping, Terminated};
    match from {
        Pending => !matches!(to, Stopping | Stopped),
        Running => !matches!(to, Pending),
        Stopping => !matches!(to, Pending | Running),
        Stopped => matches!(to, Stopped | Pending | ShuttingDown),
        ShuttingDown => matches!(to, ShuttingDown | Terminated),
        Terminated => to == Terminated,
    }
}

proptest! {
    #[test]
    fn any_sequence_keeps_the_invariants(steps in prop::collection::vec(step(), 1..80)) {
        let mut world = world();
        let mut now = at(0);
        let mut known: Vec<String> = vec!["i-0123456789abcdef0".to_string()];
        let mut states = std::collections::BTreeMap::<String, State>::new();
        for step in steps {
            match step {
                Step::Pass { seconds } => now += Duration::from_secs(seconds),
                Step::Run { token, variant } => {
                    let request = RunInstances {
                        client_token: format!("token {token}"),
                        user_data: UserData(vec![b'#', variant]),
                        ..request()
                    };
                    let before = world.instances(now);
                    let launched = run(&mut world, now, &request);
                    let same = |seen: &&Seen| seen.launch.client_token == request.client_token;
                    if let Ok(id) = launched {
                        if let Some(earlier) = before.iter().find(|seen| same(seen) && seen.instance.state.is_live()) {
                            prop_assert_eq!(&id, &earlier.instance.id);
                        }
                        known.push(id);
                    } else {
                        prop_assert_eq!(before.len(), world.instances(now).len());
                    }
                }
                Step::Do { what, which } => {
                    let id = known[which % known.len()].clone();
                    world.say(now, &id, "hello\n");
                    let _ = world.act(now, &match what {
                        0 => Action::StartInstances(ids(&id)),
                        1 => Action::StopInstances(ids(&id)),
                        2 => Action::RebootInstances(ids(&id)),
                        3 => Action::TerminateInstances(ids(&id)),
                        4 => Action::GetConsoleOutput(GetConsoleOutput { instance_id: id, latest: true }),
                        _ => Action::CreateTags(CreateTags { resources: vec![id], tags: vec![Tag::new("a", "b")] }),
                    });
                }
            }
            let seen = world.instances(now);
            let mut tokens = std::collections::BTreeSet::new();
            let mut addresses = std::collections::BTreeSet::new();
            for Seen { instance, launch, .. } in &seen {
                if instance.state.is_live() {
                    prop_assert!(tokens.insert(launch.client_token.clone()), "two live instances of one token");
                }
                prop_assert_eq!(instance.public_ip.is_some(), instance.state == State::Running);
                if let Some(address) = &instance.public_ip {
                    prop_assert!(addresses.insert(address.clone()), "two instances with one address");
                }
                if let Some(before) = states.insert(instance.id.clone(), instance.state) {
                    prop_assert!(can_follow(before, instance.state), "{:?} then {:?}", before, instance.state);
                }
            }
            prop_assert!(world.calls().len() <= crate::KEPT);
        }
    }
}
