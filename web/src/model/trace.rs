//! The way of a ref change through the gates, for people to follow.

use pushbox_shared::webhook::{Gate, Verdict};

/// One gate on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub gate: &'static str,
    /// What the gate asks.
    pub asks: &'static str,
    pub standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Passed,
    Stopped,
    NotReached,
}

impl Standing {
    pub fn label(self) -> &'static str {
        match self {
            Standing::Passed => "passed",
            Standing::Stopped => "stopped here",
            Standing::NotReached => "not reached",
        }
    }
}

/// In the order in which they are passed.
const GATES: [(Gate, &str, &str); 9] = [
    (Gate::Auth, "auth", "Is it signed with the secret?"),
    (Gate::Event, "event", "Is it a push?"),
    (Gate::Deleted, "deleted", "Is there still something to deploy?"),
    (Gate::Repository, "repository", "Is it the repository of the config?"),
    (Gate::Ref, "ref", "Is it one of the branches and tags?"),
    (Gate::Skip, "skip", "Does no commit say [skip ci]?"),
    (Gate::Paths, "paths", "Did a path change that counts?"),
    (Gate::Superseded, "superseded", "Is it the last of the delivery's changes that deploy?"),
    (Gate::Replay, "replay", "Has the box not seen this delivery yet?"),
];

pub fn steps(verdict: &Verdict) -> Vec<Step> {
    // What deploys was stopped by none.
    let stopped = GATES.iter().position(|(gate, ..)| *gate == verdict.gate).unwrap_or(GATES.len());
    let step = |(at, (_, gate, asks)): (usize, &(Gate, &'static str, &'static str))| {
        let standing = match at.cmp(&stopped) {
            std::cmp::Ordering::Less => Standing::Passed,
            std::cmp::Ordering::Equal => Standing::Stopped,
            std::cmp::Ordering::Greater => Standing::NotReached,
        };
        Step { gate, asks, standing }
    };
    GATES.iter().enumerate().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(gate: Gate, expected: &str) {
        let verdict = Verdict { deploy: gate == Gate::None, gate, reason: String::new() };
        let shown: String = steps(&verdict)
            .iter()
            .map(|step| match step.standing {
                Standing::Passed => '+',
                Standing::Stopped => 'x',
                Standing::NotReached => '.',
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_change_goes_until_a_gate_stops_it() {
        check(Gate::None, "+++++++++");
        check(Gate::Auth, "x........");
        check(Gate::Ref, "++++x....");
        check(Gate::Replay, "++++++++x");
    }
}
