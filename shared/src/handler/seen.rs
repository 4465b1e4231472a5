//! What one invocation knows of the world so far.

use crate::ec2::{Address, Call, Error, Instance, Reply};
use crate::protocol::launch;
use crate::unix_time::UnixTime;

/// Filled by [`Seen::absorb`], read by [`super::decide()`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The app's instances in whatever state; nothing where they must be asked for (again).
    pub boxes: Option<Vec<Instance>>,
    /// The last look showed no live box.
    pub saw_no_box: bool,
    /// Launched by this invocation, and perhaps not visible to DescribeInstances yet.
    pub launched: Option<Instance>,
    /// The instance whose mailbox says what is wanted.
    pub written_to: Option<String>,
    /// What became of that instance since was asked for.
    pub looked_after_writing: bool,
    /// What this invocation did to the box.
    pub moved: Option<Moved>,
    /// Of each offer that was tried, how many of its client tokens belong to instances which are gone.
    pub used_tokens: Vec<u32>,
    /// Which of [`launch::offers`] is tried.
    pub offer_at: usize,
    /// The token of another launch with other settings was met first at this time.
    pub mismatch_since: Option<UnixTime>,
    /// The app's Elastic IP addresses, once they were asked for.
    pub addresses: Option<Vec<Address>>,
    /// Why they could not be looked up or associated. The deploy itself does not depend on them.
    pub address_refused: Option<Error>,
    pub trouble: Option<Trouble>,
    /// Why the box could not be rebooted. The mailbox takes the delivery's id back, and then this is the end.
    pub given_up: Option<Error>,
    /// Calls that failed in a row; decides how long to wait.
    pub failures: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    Started,
    Rebooted,
}

/// What the last failed call means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Worth another try after a while.
    Passing(Error),
    /// There is no room for what was tried.
    NoCapacity(Error),
    /// EC2 stopped the spot box and alone can start it again.
    SpotInterrupted,
    /// Trying again changes nothing.
    Final(Error),
}

impl Seen {
    /// After a look, and nothing else.
    pub(super) fn of(boxes: &[Instance]) -> Seen {
        Seen { boxes: Some(boxes.to_vec()), ..Seen::default() }
    }

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

    pub(super) fn absorb(&mut self, call: &Call, reply: Result<Reply, Error>, now: UnixTime) {
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

    /// Time went by. What comes next depends on why.
    pub(super) fn waited(&mut self) {
        match self.trouble.take() {
            // Capacity comes back; the first offer is the best again.
            Some(Trouble::NoCapacity(_)) => self.offer_at = 0,
            Some(Trouble::Passing(_) | Trouble::SpotInterrupted | Trouble::Final(_)) => {}
            // It was waited for the box to get to another state.
            None => self.boxes = None,
        }
    }

    fn absorb_success(&mut self, call: &Call, reply: Reply) {
        match (call, reply) {
            (Call::DescribeInstances(_), Reply::Instances(instances)) => {
                self.saw_no_box = instances.iter().all(|one| !one.state.is_live());
                self.boxes = Some(instances);
                self.looked_after_writing = self.written_to.is_some();
            }
            (Call::RunInstances(_), Reply::Instances(instances)) => match instances.into_iter().next() {
                Some(instance) if instance.state.is_live() => self.launched = Some(instance),
                // The token's instance is gone: the next token.
                Some(_) | None => self.use_token(),
            },
            (Call::CreateTags(tags), _) => {
                self.written_to = tags.resources.first().cloned();
                self.looked_after_writing = false;
            }
            (Call::StartInstances(_), _) => self.moved = Some(Moved::Started),
            (Call::RebootInstances(_), _) => self.moved = Some(Moved::Rebooted),
            (Call::DescribeAddresses(_), Reply::Addresses(addresses)) => self.addresses = Some(addresses),
            (Call::AssociateAddress(asked), _) => {
                let addresses = self.addresses.iter_mut().flatten();
                for one in addresses.filter(|one| one.allocation_id == asked.allocation_id) {
                    one.instance_id = Some(asked.instance_id.clone());
                }
            }
            (Call::DescribeInstances(_) | Call::RunInstances(_), _)
            | (Call::GetConsoleOutput(_) | Call::DescribeAddresses(_), _) => {}
        }
    }

    fn absorb_error(&mut self, call: &Call, error: Error, now: UnixTime) {
        let kind = Kind::of(&error);
        self.trouble = match (call, kind) {
            (_, Kind::Passing) => Some(Trouble::Passing(error)),
            (Call::RunInstances(_), Kind::TokenOfTerminated) => {
                self.use_token();
                None
            }
            (Call::RunInstances(_), Kind::TokenMismatch) => {
                // Somebody launches with other settings right now, or did so today. What they launched may not be
                // visible yet; only when it stays away for long, the token is one of the past.
                let since = *self.mismatch_since.get_or_insert(now);
                if now - since >= launch::VISIBLE_WITHIN {
                    self.use_token();
                    self.mismatch_since = None;
                }
                self.boxes = None;
                Some(Trouble::Passing(error))
            }
            (Call::RunInstances(_), Kind::NoCapacity) => {
                // The next offer has another token, which another invocation's launch does not meet: look again first.
                self.boxes = None;
                self.offer_at += 1;
                Some(Trouble::NoCapacity(error))
            }
            (Call::StartInstances(_), Kind::NoCapacity) => Some(Trouble::Passing(error)),
            (Call::StartInstances(_), Kind::SpotInterrupted) => Some(Trouble::SpotInterrupted),
            // Another state than the one that was described, or gone, or not visible yet: look again.
            (_, Kind::OtherState | Kind::NotVisible) => {
                self.boxes = None;
                Some(Trouble::Passing(error))
            }
            // Somebody released it just now.
            (Call::AssociateAddress(_), Kind::NoSuchAddress) => {
                self.addresses = None;
                Some(Trouble::Passing(error))
            }
            (Call::DescribeAddresses(_) | Call::AssociateAddress(_), _) => {
                self.address_refused = Some(error);
                None
            }
            (_, _) => Some(Trouble::Final(error)),
        };
    }

    /// How many client tokens of the offer that is tried are used up.
    pub(super) fn tokens(&self) -> u32 {
        self.used_tokens.get(self.offer_at).copied().unwrap_or_default()
    }

    fn use_token(&mut self) {
        if self.used_tokens.len() <= self.offer_at {
            self.used_tokens.resize(self.offer_at + 1, 0);
        }
        if let Some(used) = self.used_tokens.get_mut(self.offer_at) {
            *used += 1;
        }
    }

    /// Whether the last call takes something back.
    pub(super) fn gives_up(&self) -> bool {
        self.given_up.is_some()
    }

    /// Whether the box, as far as it is known, has been told what is wanted.
    pub(super) fn has_rung(&self) -> bool {
        match (&self.written_to, self.the_box()) {
            (Some(id), Some(the_box)) => *id == the_box.id,
            (Some(_), None) => self.boxes.is_none(),
            (None, _) => false,
        }
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
    NoSuchAddress,
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
            | "SpotMaxPriceTooLow"
            | "UnfulfillableCapacity"
            | "Unsupported" => Kind::NoCapacity,
            "IdempotentInstanceTerminated" => Kind::TokenOfTerminated,
            "IdempotentParameterMismatch" => Kind::TokenMismatch,
            // AssociateAddress says `InvalidInstanceID` of an instance that does not run yet.
            "IncorrectInstanceState" | "IncorrectState" | "InvalidInstanceID" => Kind::OtherState,
            "InvalidInstanceID.NotFound" => Kind::NotVisible,
            "IncorrectSpotRequestState" | "IncorrectSpotInstanceRequestState" => Kind::SpotInterrupted,
            "InvalidAllocationID.NotFound" | "InvalidAddressID.NotFound" => Kind::NoSuchAddress,
            _ => Kind::Other,
        }
    }
}
