//! What one invocation knows of the world so far.

use std::time::Duration;

use crate::ec2::{Call, Error, Instance, Reply, State};

/// Filled by [`Seen::absorb`], read by [`super::decide()`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The app's instances in whatever state; nothing where they must be asked for (again).
    pub boxes: Option<Vec<Instance>>,
    /// Launched by this invocation, and perhaps not visible to DescribeInstances yet.
    pub launched: Option<Instance>,
    /// The instance whose mailbox says what is wanted.
    pub written_to: Option<String>,
    /// What became of that instance since was asked for.
    pub looked_after_writing: bool,
    /// Started or rebooted by this invocation.
    pub moved: bool,
    /// Client tokens that belong to instances which are gone.
    pub used_tokens: u32,
    /// Which of `box.types` is tried.
    pub type_at: usize,
    /// The token of another launch with other settings was met first at this time.
    pub mismatch_since: Option<Duration>,
    pub trouble: Option<Trouble>,
    /// Why the box could not be rebooted; being told, the mailbox takes the delivery's id back.
    pub given_up: Option<Error>,
    /// Calls that failed in a row; decides how long to wait.
    pub failures: u32,
}

/// What the last failed call means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Worth another try after a while.
    Passing(Error),
    /// None of `box.types` could be launched.
    NoCapacity(Error),
    /// EC2 stopped the spot box and alone can start it again.
    SpotInterrupted,
    /// Trying again changes nothing.
    Final(Error),
}

impl Seen {
    /// The box: of the live instances the oldest, so that everybody chooses the same.
    pub fn the_box(&self) -> Option<&Instance> {
        self.live().next()
    }

    /// Live instances besides the box. They are reported, never terminated.
    pub fn others(&self) -> impl Iterator<Item = &Instance> {
        self.live().skip(1)
    }

    fn live(&self) -> impl Iterator<Item = &Instance> {
        let described = self.boxes.iter().flatten();
        let unseen =
            self.launched.iter().filter(|new| self.boxes.iter().flatten().all(|seen| seen.id != new.id));
        let mut live: Vec<&Instance> = described.chain(unseen).filter(|one| one.state.is_live()).collect();
        live.sort_by(|a, b| (a.launched, &a.id).cmp(&(b.launched, &b.id)));
        live.into_iter()
    }

    pub(super) fn absorb(&mut self, call: &Call, reply: Result<Reply, Error>, now: Duration) {
        match reply {
            Ok(reply) => {
                self.trouble = None;
                self.failures = 0;
                self.absorb_success(call, reply);
            }
            Err(error) => {
                self.failures += 1;
                self.absorb_error(call, error, now);
            }
        }
    }

    fn absorb_success(&mut self, call: &Call, reply: Reply) {
        match (call, reply) {
            (Call::DescribeInstances(_), Reply::Instances(instances)) => {
                self.boxes = Some(instances);
                self.looked_after_writing = self.written_to.is_some();
            }
            (Call::RunInstances(_), Reply::Instances(instances)) => match instances.into_iter().next() {
                Some(instance) if instance.state.is_live() => self.launched = Some(instance),
                // The token's instance is gone: the next token.
                Some(_) | None => self.used_tokens += 1,
            },
            (Call::CreateTags(tags), _) => {
                self.written_to = tags.resources.first().cloned();
                self.looked_after_writing = false;
            }
            (Call::StartInstances(_) | Call::RebootInstances(_), _) => self.moved = true,
            (Call::DescribeInstances(_) | Call::RunInstances(_) | Call::GetConsoleOutput(_), _) => {}
        }
    }

    fn absorb_error(&mut self, call: &Call, error: Error, now: Duration) {
        let kind = Kind::of(&error);
        self.trouble = match (call, kind) {
            (_, Kind::Passing) => Some(Trouble::Passing(error)),
            (Call::RunInstances(_), Kind::TokenOfTerminated) => {
                self.used_tokens += 1;
                None
            }
            (Call::RunInstances(_), Kind::TokenMismatch) => {
                // Somebody launches with other settings right now, or did so today. What they launched may not be
                // visible yet; only when it stays away for long, the token is one of the past.
                let since = *self.mismatch_since.get_or_insert(now);
                if now.saturating_sub(since) >= super::launch::VISIBLE_WITHIN {
                    self.used_tokens += 1;
                    self.mismatch_since = None;
                }
                self.boxes = None;
                Some(Trouble::Passing(error))
            }
            (Call::RunInstances(_), Kind::NoCapacity) => {
                // The next type has another token, which another invocation's launch does not meet: look again first.
                self.boxes = None;
                self.type_at += 1;
                Some(Trouble::NoCapacity(error))
            }
            (Call::StartInstances(_), Kind::NoCapacity) => Some(Trouble::Passing(error)),
            (Call::StartInstances(_), Kind::SpotInterrupted) => Some(Trouble::SpotInterrupted),
            // Another state than the one that was described, or gone, or not visible yet: look again.
            (_, Kind::OtherState | Kind::NotVisible) => {
                self.boxes = None;
                Some(Trouble::Passing(error))
            }
            (_, _) => Some(Trouble::Final(error)),
        };
    }

    /// The instance as it will be described once it is visible.
    pub(super) fn is_new(&self, instance: &Instance) -> bool {
        self.launched.as_ref().is_some_and(|new| new.id == instance.id) || instance.state == State::Pending
    }
}

/// What an error code of EC2 means to pushbox. Source: "Error codes for the Amazon EC2 API".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Passing,
    NoCapacity,
    TokenOfTerminated,
    TokenMismatch,
    OtherState,
    NotVisible,
    SpotInterrupted,
    Other,
}

impl Kind {
    fn of(error: &Error) -> Kind {
        match error.code.as_str() {
            Error::UNREACHABLE
            | "RequestLimitExceeded"
            | "Throttling"
            | "ThrottlingException"
            | "EC2ThrottledException"
            | "InternalError"
            | "InternalFailure"
            | "ServiceUnavailable"
            | "Unavailable"
            | "RequestTimeout" => Kind::Passing,
            "InsufficientInstanceCapacity"
            | "InsufficientCapacity"
            | "InsufficientHostCapacity"
            | "InstanceLimitExceeded"
            | "VcpuLimitExceeded"
            | "MaxSpotInstanceCountExceeded"
            | "Unsupported" => Kind::NoCapacity,
            "IdempotentInstanceTerminated" => Kind::TokenOfTerminated,
            "IdempotentParameterMismatch" => Kind::TokenMismatch,
            "IncorrectInstanceState" | "IncorrectState" => Kind::OtherState,
            "InvalidInstanceID.NotFound" => Kind::NotVisible,
            "IncorrectSpotRequestState" | "IncorrectSpotInstanceRequestState" => Kind::SpotInterrupted,
            _ => Kind::Other,
        }
    }
}
