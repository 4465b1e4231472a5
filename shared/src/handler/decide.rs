//! The plan table: from what is wanted and what is seen to the next call. Pure, so the table is tested alone.

use std::time::Duration;

use super::answer::Outcome;
use super::launch;
use super::mailbox::{APP, DELIVERY, Mailbox, SPEC};
use super::route::{Goal, Overtime};
use super::seen::{Seen, Trouble};
use crate::config::Deploy;
use crate::ec2::{Call, CreateTags, DescribeInstances, Error, Filter, Instance, Instances, State, Tag};
use crate::machine::{Hypervisor, hypervisor};
use crate::setup::Setup;

/// What comes next in a reconcile loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Call(Call),
    Wait(Duration),
    End(Outcome),
}

/// The next step towards the goal.
pub fn decide(setup: &Setup, goal: &Goal, seen: &mut Seen, now: Duration) -> Next {
    if let Some(next) = after_trouble(setup, goal, seen, now) {
        return next;
    }
    if seen.boxes.is_none() {
        return Next::Call(describe(&setup.config.app));
    }
    let Some(the_box) = seen.the_box() else {
        // Each used-up token is a box that somebody terminated within a day.
        const TOKENS: u32 = 50;
        return match setup.config.box_.types.get(seen.type_at) {
            Some(_) if seen.used_tokens > TOKENS => Next::End(Outcome::Refused {
                error: Error::new("IdempotentInstanceTerminated", "too many boxes were terminated today"),
            }),
            Some(kind) => {
                Next::Call(Call::RunInstances(Box::new(launch::run_instances(setup, kind, seen.used_tokens))))
            }
            None => Next::End(Outcome::NoTypes),
        };
    };
    if let Some(mailbox) = &goal.mailbox
        && seen.written_to.as_ref() != Some(&the_box.id)
    {
        if is_replay(setup, the_box, mailbox) {
            return Next::End(Outcome::Replayed { delivery: mailbox.delivery.clone() });
        }
        return Next::Call(write(the_box, mailbox.tags()));
    }
    if seen.moved {
        return Next::End(accepted(setup, goal, seen));
    }
    let only_the_box = || Instances { instance_ids: vec![the_box.id.clone()] };
    match the_box.state {
        State::Running if goal.mailbox.is_some() && deploys_by_reboot(setup, the_box) => {
            Next::Call(Call::RebootInstances(only_the_box()))
        }
        State::Stopped => Next::Call(Call::StartInstances(only_the_box())),
        State::Stopping => match goal.on_overtime {
            Overtime::HandOver => Next::End(Outcome::HandedOver {
                reason: "the box is stopping; it is started again once it has stopped".into(),
            }),
            Overtime::Fail => wait_for_another_state(goal, seen, now),
        },
        // It may have gone down between the look and the bell, and nobody would start it.
        _ if seen.written_to.is_some() && !seen.looked_after_writing && seen.launched.is_none() => {
            Next::Call(describe(&setup.config.app))
        }
        State::Pending | State::Running | State::ShuttingDown | State::Terminated => {
            Next::End(accepted(setup, goal, seen))
        }
    }
}

/// What a failed call leads to, where it does not simply lead to the table again.
fn after_trouble(setup: &Setup, goal: &Goal, seen: &mut Seen, now: Duration) -> Option<Next> {
    if let Some(error) = seen.given_up.take() {
        return Some(Next::End(Outcome::Refused { error }));
    }
    match seen.trouble.take()? {
        Trouble::Final(error) if awaits_reboot(setup, goal, seen) => Some(give_up(seen, error)),
        Trouble::Final(error) => Some(Next::End(Outcome::Refused { error })),
        Trouble::SpotInterrupted => Some(Next::End(Outcome::Accepted {
            notes: vec![
                "EC2 stopped this spot box and alone can start it; it deploys when it is back".into(),
            ],
        })),
        Trouble::NoCapacity(_) if seen.type_at < setup.config.box_.types.len() => None,
        Trouble::NoCapacity(error) => {
            // Capacity comes back; the first type is the best again.
            seen.type_at = 0;
            Some(later(goal, now, backoff(seen.failures.saturating_add(5)), error))
        }
        Trouble::Passing(error) => match later(goal, now, backoff(seen.failures), error.clone()) {
            Next::End(Outcome::HandedOver { .. }) if awaits_reboot(setup, goal, seen) => {
                Some(give_up(seen, error))
            }
            Next::End(Outcome::HandedOver { .. }) if !survives(goal, seen) => {
                Some(Next::End(Outcome::Refused { error }))
            }
            next => Some(next),
        },
    }
}

/// Whether a reconcile invocation, which knows nothing of this push, would still bring it to the box.
fn survives(goal: &Goal, seen: &Seen) -> bool {
    goal.mailbox.is_none()
        || seen.written_to.is_some()
        // A new box deploys the head of its ref at its first boot anyway.
        || seen.the_box().map_or(seen.boxes.is_some(), |one| seen.is_new(one))
}

fn awaits_reboot(setup: &Setup, goal: &Goal, seen: &Seen) -> bool {
    let reboots = |one: &Instance| one.state == State::Running && deploys_by_reboot(setup, one);
    goal.mailbox.is_some() && seen.written_to.is_some() && !seen.moved && seen.the_box().is_some_and(reboots)
}

/// The mailbox says that this delivery rebooted the box, and it did not: take that back, or sending it again would be
/// taken for a replay.
fn give_up(seen: &mut Seen, error: Error) -> Next {
    let Some(undo) = seen.the_box().map(|one| write(one, vec![Tag::new(DELIVERY, "")])) else {
        return Next::End(Outcome::Refused { error });
    };
    seen.given_up = Some(error);
    Next::Call(undo)
}

/// Waits where the wait ends before the deadline; otherwise hands over or fails.
fn later(goal: &Goal, now: Duration, wait: Duration, error: Error) -> Next {
    if now.saturating_add(wait) < goal.deadline {
        return Next::Wait(wait);
    }
    match goal.on_overtime {
        Overtime::HandOver => {
            Next::End(Outcome::HandedOver { reason: format!("AWS needs more time ({})", error.code) })
        }
        Overtime::Fail => Next::End(Outcome::Refused { error }),
    }
}

fn wait_for_another_state(goal: &Goal, seen: &mut Seen, now: Duration) -> Next {
    const BETWEEN_LOOKS: Duration = Duration::from_secs(3);
    seen.boxes = None;
    let error = Error::new("IncorrectInstanceState", "the box is still stopping");
    later(goal, now, BETWEEN_LOOKS, error)
}

/// 0.2 s, 0.4 s, … at most 5 s.
fn backoff(failures: u32) -> Duration {
    let factor = 1u32 << failures.saturating_sub(1).min(5);
    Duration::from_millis(200).saturating_mul(factor).min(Duration::from_secs(5))
}

pub(super) fn describe(app: &str) -> Call {
    let filter = Filter { name: format!("tag:{APP}"), values: vec![app.to_string()] };
    Call::DescribeInstances(DescribeInstances { filters: vec![filter] })
}

fn write(the_box: &Instance, tags: Vec<Tag>) -> Call {
    Call::CreateTags(CreateTags { resources: vec![the_box.id.clone()], tags })
}

/// A captured delivery sent again would reboot the box again; everywhere else it does nothing anyway.
fn is_replay(setup: &Setup, the_box: &Instance, mailbox: &Mailbox) -> bool {
    the_box.state == State::Running
        && deploys_by_reboot(setup, the_box)
        && !mailbox.delivery.is_empty()
        && the_box.tag(DELIVERY) == Some(&mailbox.delivery)
}

/// On Xen types the mailbox shows only after a stop, so such a box deploys at its boot alone.
fn deploys_by_reboot(setup: &Setup, the_box: &Instance) -> bool {
    setup.config.deploy == Deploy::Reboot || hypervisor(&the_box.instance_type) == Hypervisor::Xen
}

fn accepted(setup: &Setup, goal: &Goal, seen: &Seen) -> Outcome {
    let mut notes = vec![what_follows(goal.mailbox.as_ref(), seen)];
    let other_spec =
        seen.the_box().and_then(|one| one.tag(SPEC)).is_some_and(|spec| spec != launch::spec(setup));
    if other_spec {
        notes.push(
            "launch settings (type, disk, image, …) changed; they take effect with a new box".to_string(),
        );
    }
    let others: Vec<&str> = seen.others().map(|one| one.id.as_str()).collect();
    if let (Some(the_box), false) = (seen.the_box(), others.is_empty()) {
        notes.push(format!(
            "the box is {}; terminate the others of this app: {}",
            the_box.id,
            others.join(", ")
        ));
    }
    Outcome::Accepted { notes }
}

fn what_follows(mailbox: Option<&Mailbox>, seen: &Seen) -> String {
    let what = mailbox.map(|mailbox| mailbox.ref_name.as_str()).filter(|name| !name.is_empty());
    let what = what.unwrap_or("its newest ref");
    match seen.the_box().map(|one| one.state) {
        Some(State::Running) if seen.moved => format!("the box reboots and deploys {what}"),
        Some(State::Stopped) => format!("the box is started and deploys {what}"),
        Some(State::Pending) if seen.launched.is_some() => format!("a box is launched and deploys {what}"),
        _ if mailbox.is_none() => "the box runs".into(),
        _ => format!("the box deploys {what}"),
    }
}
