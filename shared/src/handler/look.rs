//! What a look at the box found, kept for a while: however often somebody asks, EC2 is asked twice a minute at most, and
//! every four seconds while a box is being woken.
//!
//! What is kept is what was seen, never an answer: who may know what of it is decided at every request.

use std::time::Duration;

use crate::ec2::{Address, Call, DescribeInstances, Error, Filter, GetConsoleOutput, Instance, Reply};
use crate::machine::{Hypervisor, hypervisor};
use crate::protocol::mailbox::APP;
use crate::unix_time::UnixTime;

/// How long a look is good.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// How long it is where somebody waits for what comes next.
const KEPT_FOR_WAITING: Duration = Duration::from_secs(4);

/// The last look. Whoever runs the handler hands it in and takes it out again, for as long as the process lives.
#[derive(Clone, Debug, Default)]
pub struct Cache(Option<Look>);

#[derive(Clone, Debug)]
pub(super) struct Look {
    app: String,
    at: UnixTime,
    /// The app's instances, or why they could not be described.
    pub(super) boxes: Option<Result<Vec<Instance>, Error>>,
    /// Of the box; empty where there is none yet.
    pub(super) console: Option<String>,
    pub(super) addresses: Option<Result<Vec<Address>, Error>>,
    /// Somebody waits for the box, which is between two states.
    pub(super) is_on_its_way: bool,
}

impl Cache {
    /// The look to go on with: the last one while it is good, else a new one.
    pub(super) fn look(&mut self, app: &str, now: UnixTime) -> &mut Look {
        let is_good = |look: &Look| {
            // A clock that was set back makes a look old, too.
            let kept_for = if look.is_on_its_way { KEPT_FOR_WAITING } else { KEPT_FOR };
            look.app == app && look.at <= now && now - look.at < kept_for
        };
        if !self.0.as_ref().is_some_and(is_good) {
            self.forget();
        }
        self.0.get_or_insert_with(|| Look {
            app: app.to_string(),
            at: now,
            boxes: None,
            console: None,
            addresses: None,
            is_on_its_way: false,
        })
    }

    /// The box is not what it was.
    pub(super) fn forget(&mut self) {
        self.0 = None;
    }
}

impl Look {
    /// Nothing is asked twice, also where the answer was an error.
    pub(super) fn absorb(&mut self, call: &Call, reply: Result<Reply, Error>) {
        let no_answer = || Error::new(Error::UNREACHABLE, format!("no answer to {}", call.name()));
        match call {
            Call::GetConsoleOutput(_) => {
                // A box without console output yet is still worth a status.
                let text = if let Ok(Reply::Console(text)) = reply { text } else { String::new() };
                self.console = Some(text);
            }
            Call::DescribeAddresses(_) => {
                self.addresses = Some(reply.and_then(|reply| match reply {
                    Reply::Addresses(found) => Ok(found),
                    _ => Err(no_answer()),
                }));
            }
            _ => {
                self.boxes = Some(reply.and_then(|reply| match reply {
                    Reply::Instances(found) => Ok(found),
                    _ => Err(no_answer()),
                }));
            }
        }
    }
}

/// All instances of an app.
pub(super) fn describe(app: &str) -> Call {
    let filter = Filter { name: format!("tag:{APP}"), values: vec![app.to_string()] };
    Call::DescribeInstances(DescribeInstances { filters: vec![filter] })
}

/// Only Nitro types have newer output than that of their last start or stop.
pub(super) fn console_of(the_box: &Instance) -> Call {
    let latest = hypervisor(&the_box.instance_type) == Hypervisor::Nitro;
    Call::GetConsoleOutput(GetConsoleOutput { instance_id: the_box.id.clone(), latest })
}
