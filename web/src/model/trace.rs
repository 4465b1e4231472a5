//! The way of a ref change through the gates, for people to follow.

use pushbox_shared::webhook::{Action, Event, Gate, Judgement, RefChange, RefKind};

/// One gate on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub gate: &'static str,
    /// What the gate asks.
    pub asks: &'static str,
    pub standing: Standing,
    /// What it saw, where it let the change pass; why, where it stopped it.
    pub seen: String,
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

pub fn steps(judgement: &Judgement, change: &RefChange) -> Vec<Step> {
    // What deploys was stopped by none.
    let stopped = GATES.iter().position(|(gate, ..)| *gate == change.verdict.gate).unwrap_or(GATES.len());
    let step = |(at, (gate, name, asks)): (usize, &(Gate, &'static str, &'static str))| {
        let (standing, seen) = match at.cmp(&stopped) {
            std::cmp::Ordering::Less => (Standing::Passed, seen(*gate, judgement, change)),
            std::cmp::Ordering::Equal => (Standing::Stopped, change.verdict.reason.clone()),
            std::cmp::Ordering::Greater => (Standing::NotReached, String::new()),
        };
        Step { gate: name, asks, standing, seen }
    };
    GATES.iter().enumerate().map(step).collect()
}

/// What a gate that let the change pass looked at; empty where there was nothing to see.
fn seen(gate: Gate, judgement: &Judgement, change: &RefChange) -> String {
    match gate {
        Gate::Auth => judgement.auth.scheme.to_string(),
        Gate::Event => match judgement.event {
            Event::Push => "push".into(),
            Event::Ping => "ping".into(),
            Event::Other => String::new(),
        },
        Gate::Deleted => match change.action {
            Action::Created => "created".into(),
            Action::Updated => "updated".into(),
            Action::Deleted => "deleted".into(),
        },
        Gate::Repository => judgement.repo.full_name.clone().unwrap_or_default(),
        Gate::Ref => change.ref_name.clone(),
        Gate::Replay => judgement.delivery.clone().unwrap_or_default(),
        Gate::Skip | Gate::Paths | Gate::Superseded | Gate::None => String::new(),
    }
}

/// All that was read of a change, as names and values; what the git host does not say is left out.
pub fn values(change: &RefChange) -> Vec<(&'static str, String)> {
    let action = seen(Gate::Deleted, &Judgement::default(), change);
    let kind = match change.kind {
        RefKind::Branch => "branch",
        RefKind::Tag => "tag",
    };
    let forced = change.forced.map(|forced| if forced { "yes" } else { "no" }.to_string());
    let values = [
        ("Ref", Some(change.ref_name.clone())),
        ("Kind", Some(kind.to_string())),
        ("Action", Some(action)),
        ("Forced", forced),
        ("Commit", change.commit.clone()),
        ("Message", change.message.clone()),
        ("Author", change.author.name.clone()),
        ("Mail", change.author.email.clone()),
        ("Pusher", change.pusher.clone()),
    ];
    values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

#[cfg(test)]
mod tests {
    use pushbox_shared::webhook::{Auth, Author, Verdict};

    use super::*;

    fn change(gate: Gate) -> RefChange {
        RefChange {
            ref_name: "refs/heads/main".into(),
            kind: RefKind::Branch,
            action: Action::Updated,
            commit: Some("0123".into()),
            message: None,
            author: Author { name: Some("Ada".into()), email: None },
            pusher: None,
            forced: Some(false),
            verdict: Verdict { deploy: gate == Gate::None, gate, reason: "why".into() },
        }
    }

    #[track_caller]
    fn check(gate: Gate, expected: &str) {
        let shown: String = steps(&Judgement::default(), &change(gate))
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

    #[test]
    fn each_gate_says_what_it_saw_and_the_last_one_why() {
        let judgement = Judgement {
            auth: Auth { ok: true, scheme: "x-gitlab-token", reason: String::new() },
            event: Event::Push,
            ..Judgement::default()
        };
        let steps = steps(&judgement, &change(Gate::Ref));
        let seen: Vec<&str> = steps.iter().map(|step| step.seen.as_str()).collect();
        assert_eq!(seen, ["x-gitlab-token", "push", "updated", "", "why", "", "", "", ""]);
    }

    #[test]
    fn what_is_not_said_is_left_out() {
        let values = values(&change(Gate::None));
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["Ref", "Kind", "Action", "Forced", "Commit", "Author"]);
    }
}
