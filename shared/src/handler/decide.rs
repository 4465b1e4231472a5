//! The plan table: from what is wanted and what is seen to the next call. Pure: the same input gives the same output.

use std::time::Duration;

use super::address::{self, Left};
use super::answer::Outcome;
use super::goal::{Goal, OnTimeout};
use super::look::describe;
use super::seen::{Moved, Seen, Trouble};
use super::time::CALL_AT_LEAST;
use crate::config::{Deploy, Spot};
use crate::ec2::{Call, CreateTags, Error, Instance, Instances, State, Tag};
use crate::machine::{Hypervisor, hypervisor};
use crate::protocol::launch::{self, Market};
use crate::protocol::mailbox::{DELIVERY, Mailbox, SPEC, ref_of};
use crate::setup::Setup;
use crate::unix_time::UnixTime;

/// What comes next in a reconcile loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Call(Call),
    /// Takes back what was written because of this error; whatever comes of it, the loop then ends.
    TakeBack(Call, Error),
    /// Then what may have changed meanwhile is looked at again ([`Seen::waited`]).
    Wait(Duration),
    End(Outcome),
}

/// The next step towards the goal. A call that would have no time to succeed is not begun.
pub fn decide(setup: &Setup, goal: &Goal, seen: &Seen, now: UnixTime) -> Next {
    match next(setup, goal, seen, now) {
        Next::Call(_) if now + CALL_AT_LEAST > goal.deadline => {
            out_of_time(setup, goal, seen, Error::new(Error::UNREACHABLE, "no time is left for another call"))
        }
        next => next,
    }
}

fn next(setup: &Setup, goal: &Goal, seen: &Seen, now: UnixTime) -> Next {
    if let Some(next) = after_trouble(setup, goal, seen, now) {
        return next;
    }
    if seen.boxes.is_none() {
        return Next::Call(describe(&setup.config.app));
    }
    let Some(the_box) = seen.the_box() else {
        // Each used-up token is a box that somebody terminated within a day.
        const TOKENS: u32 = 50;
        return match launch::offers(&setup.config).get(seen.offer_at) {
            Some(_) if seen.tokens() > TOKENS => Next::End(Outcome::Refused {
                error: Error::new("IdempotentInstanceTerminated", "too many boxes were terminated today"),
            }),
            Some(offer) => {
                let launch = launch::run_instances(setup, *offer, seen.tokens());
                Next::Call(Call::RunInstances(Box::new(launch)))
            }
            None => Next::End(Outcome::NoTypes),
        };
    };
    if let Some(mailbox) = &goal.mailbox
        && !seen.has_rung()
    {
        if is_replay(setup, the_box, mailbox) {
            return Next::End(Outcome::Replayed { delivery: mailbox.delivery.clone() });
        }
        return Next::Call(write(the_box, mailbox.tags()));
    }
    if seen.moved.is_some() {
        return finish(setup, goal, seen, now);
    }
    let only_the_box = || Instances { instance_ids: vec![the_box.id.clone()] };
    match the_box.state {
        State::Running if goal.mailbox.is_some() && deploys_by_reboot(setup, the_box) => {
            Next::Call(Call::RebootInstances(only_the_box()))
        }
        State::Stopped => Next::Call(Call::StartInstances(only_the_box())),
        State::Stopping => match goal.on_timeout {
            OnTimeout::HandOver => Next::End(Outcome::HandedOver {
                reason: "the box is stopping; it is started again once it has stopped".into(),
            }),
            OnTimeout::Fail => wait_for_another_state(setup, goal, seen, now),
        },
        // It may have gone down between the look and the bell, and nobody would start it.
        _ if seen.has_rung() && !seen.looked_after_writing && seen.launched.is_none() => {
            Next::Call(describe(&setup.config.app))
        }
        State::Pending | State::Running | State::ShuttingDown | State::Terminated => {
            finish(setup, goal, seen, now)
        }
    }
}

/// The box deploys. What may be left is its address.
fn finish(setup: &Setup, goal: &Goal, seen: &Seen, now: UnixTime) -> Next {
    let mut notes = notes(setup, goal, seen);
    if may_be_going_down(setup, seen) {
        match goal.on_timeout {
            OnTimeout::HandOver if goal.mailbox.is_some() => {
                return Next::End(Outcome::HandedOver { reason: notes.join("; ") });
            }
            OnTimeout::HandOver => {}
            OnTimeout::Fail => {
                let left = goal.since + GONE_WITHIN - now;
                if left > Duration::ZERO {
                    return Next::Wait(left.min(BETWEEN_LOOKS_AT_RUNNING));
                }
            }
        }
    }
    match address::left(setup, seen) {
        Left::Nothing => {}
        Left::Call(call) => return Next::Call(call),
        Left::Words(words) => notes.push(words),
        Left::Wait if goal.on_timeout == OnTimeout::Fail => {
            return wait_for_another_state(setup, goal, seen, now);
        }
        Left::Wait => {
            notes.push("its Elastic IP follows once it runs".into());
            return Next::End(Outcome::HandedOver { reason: notes.join("; ") });
        }
    }
    match &seen.address_refused {
        // Lambda tries again, and shows that it failed.
        Some(error) if goal.on_timeout == OnTimeout::Fail => {
            Next::End(Outcome::Refused { error: error.clone() })
        }
        _ => Next::End(Outcome::Accepted { notes }),
    }
}

/// A box that switches itself off is `running` to EC2 until its system has ended, and from its last look at the mailbox on it
/// hears nothing any more. Whoever rang then finds it `stopping` within this time: systemd gives services 90 s.
const GONE_WITHIN: Duration = Duration::from_secs(120);

const BETWEEN_LOOKS_AT_RUNNING: Duration = Duration::from_secs(20);

/// Nobody started it just now, so it may have decided to sleep.
fn may_be_going_down(setup: &Setup, seen: &Seen) -> bool {
    let runs = seen.the_box().is_some_and(|one| one.state == State::Running);
    setup.config.sleep.is_on() && runs && seen.moved != Some(Moved::Started) && seen.launched.is_none()
}

/// What a failed call leads to, where it does not simply lead to the table again.
fn after_trouble(setup: &Setup, goal: &Goal, seen: &Seen, now: UnixTime) -> Option<Next> {
    if let Some(error) = &seen.given_up {
        return Some(Next::End(Outcome::Refused { error: error.clone() }));
    }
    match seen.trouble.as_ref()? {
        Trouble::Final(error) if awaits_reboot(setup, goal, seen) => Some(give_up(seen, error.clone())),
        Trouble::Final(error) => Some(Next::End(Outcome::Refused { error: error.clone() })),
        Trouble::SpotInterrupted => Some(Next::End(Outcome::Accepted {
            notes: vec![
                "EC2 stopped this spot box and alone can start it; it deploys when it is back".into(),
            ],
        })),
        Trouble::NoCapacity(_) if seen.offer_at < launch::offers(&setup.config).len() => None,
        Trouble::NoCapacity(error) => {
            let wait = backoff(seen.failures.saturating_add(5));
            Some(later(setup, goal, seen, now, wait, error.clone()))
        }
        Trouble::Passing(error) => {
            // Nobody waits for a reconcile, so EC2 is not asked more often than it likes.
            let wait = match goal.on_timeout {
                OnTimeout::HandOver => backoff(seen.failures),
                OnTimeout::Fail => backoff(seen.failures).max(Duration::from_secs(1)),
            };
            Some(later(setup, goal, seen, now, wait, error.clone()))
        }
    }
}

/// Whether a reconcile invocation, which knows nothing of this push, would still bring it to the box.
fn survives(setup: &Setup, goal: &Goal, seen: &Seen) -> bool {
    let Some(mailbox) = goal.mailbox.as_ref().filter(|_| !seen.has_rung()) else { return true };
    // A new box deploys the head of its ref at its first boot anyway, if that is the ref. That holds also of one which is
    // not shown yet, since EC2 shows a box long before its system is up.
    let is_new = seen.the_box().map_or(seen.saw_no_box, |one| is_new(one, goal.since));
    is_new && mailbox.ref_name.as_ref().is_none_or(|name| setup.config.repo.first_exact_ref() == Some(name))
}

/// Whether the box comes up for the first time after that: so it cannot have fetched before.
fn is_new(instance: &Instance, since: UnixTime) -> bool {
    // EC2 gives the launch in whole seconds, and no box is up within one.
    const AT_LEAST: Duration = Duration::from_secs(1);
    instance.state == State::Pending || instance.launched + AT_LEAST >= since
}

fn awaits_reboot(setup: &Setup, goal: &Goal, seen: &Seen) -> bool {
    let reboots = |one: &Instance| one.state == State::Running && deploys_by_reboot(setup, one);
    goal.mailbox.is_some() && seen.has_rung() && seen.moved.is_none() && seen.the_box().is_some_and(reboots)
}

/// The mailbox says that this delivery rebooted the box, and it did not: take that back, or sending it again would be
/// taken for a replay.
fn give_up(seen: &Seen, error: Error) -> Next {
    let Some(undo) = seen.the_box().map(|one| write(one, vec![Tag::new(DELIVERY, "")])) else {
        return Next::End(Outcome::Refused { error });
    };
    Next::TakeBack(undo, error)
}

/// Waits where that leaves time for another call; the last try comes sooner rather than not at all.
fn later(setup: &Setup, goal: &Goal, seen: &Seen, now: UnixTime, wait: Duration, error: Error) -> Next {
    let left = goal.deadline - 2 * CALL_AT_LEAST - now;
    if left >= wait * 3 / 4 {
        return Next::Wait(wait.min(left));
    }
    out_of_time(setup, goal, seen, error)
}

/// No time is left: hands over what a reconcile invocation can finish, and fails otherwise.
fn out_of_time(setup: &Setup, goal: &Goal, seen: &Seen, error: Error) -> Next {
    match goal.on_timeout {
        OnTimeout::Fail => Next::End(Outcome::Refused { error }),
        OnTimeout::HandOver if awaits_reboot(setup, goal, seen) => give_up(seen, error),
        OnTimeout::HandOver if !survives(setup, goal, seen) => Next::End(Outcome::Refused { error }),
        OnTimeout::HandOver => {
            Next::End(Outcome::HandedOver { reason: format!("AWS needs more time ({})", error.code) })
        }
    }
}

fn wait_for_another_state(setup: &Setup, goal: &Goal, seen: &Seen, now: UnixTime) -> Next {
    const BETWEEN_LOOKS: Duration = Duration::from_secs(3);
    let error = Error::new("IncorrectInstanceState", "the box is still on its way to another state");
    later(setup, goal, seen, now, BETWEEN_LOOKS, error)
}

/// 0.2 s, 0.4 s, … at most 5 s.
fn backoff(failures: u32) -> Duration {
    let factor = 1u32 << failures.saturating_sub(1).min(5);
    Duration::from_millis(200).saturating_mul(factor).min(Duration::from_secs(5))
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

/// What a person should know.
fn notes(setup: &Setup, goal: &Goal, seen: &Seen) -> Vec<String> {
    let mut notes = vec![what_follows(setup, goal.mailbox.as_ref(), seen)];
    let offers = launch::offers(&setup.config);
    let fell_back = setup.config.box_.spot == Spot::Fallback
        && seen.launched.is_some()
        && offers.get(seen.offer_at).is_some_and(|offer| offer.market == Market::OnDemand);
    if fell_back {
        notes.push("EC2 has no room for a spot box, so this one is on demand".to_string());
    }
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
    notes
}

fn what_follows(setup: &Setup, mailbox: Option<&Mailbox>, seen: &Seen) -> String {
    let asked = mailbox.and_then(|mailbox| mailbox.ref_name.clone());
    // Without a push, what the last one asked for; a new box chooses itself.
    let wanted = asked.or_else(|| seen.the_box().and_then(ref_of)).filter(|name| !name.is_empty());
    let what = wanted.as_deref().or_else(|| setup.config.repo.first_exact_ref());
    let what = what.unwrap_or("the newest ref that matches");
    match seen.moved {
        Some(Moved::Rebooted) => format!("the box reboots and deploys {what}"),
        Some(Moved::Started) => format!("the box is started and deploys {what}"),
        None if seen.launched.is_some() => format!("a box is launched and deploys {what}"),
        None if mailbox.is_none() => "the box runs".into(),
        None => format!("the box deploys {what}"),
    }
}
