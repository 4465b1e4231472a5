//! The mailbox: the tags by which a box learns what is wanted. They ring; what to deploy the agent finds out itself.

use std::borrow::Cow;

use crate::ec2::{Instance, Tag};
use crate::hash::sha256_hex;
use crate::percent;
use crate::setup::Setup;
use crate::unix_time::UnixTime;
use crate::user_data;
use crate::webhook::RefChange;

pub const APP: &str = "pushbox:app";
pub const SPEC: &str = "pushbox:spec";
pub const SCRIPT: &str = "pushbox:script";
pub const POKE: &str = "pushbox:poke";
pub const COMMIT: &str = "pushbox:commit";
pub const REF: &str = "pushbox:ref";
pub const DELIVERY: &str = "pushbox:delivery";

/// What one push, or one request to deploy, leaves in the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// When, as Unix time; any other value than before rings.
    pub poke: String,
    /// Empty where it is not known.
    pub commit: String,
    /// Nothing leaves what an earlier push asked for; a new box chooses itself.
    pub ref_name: Option<String>,
    pub delivery: String,
    /// The hash of the script that is wanted on the box.
    pub script: String,
}

impl Mailbox {
    pub fn of_push(setup: &Setup, change: &RefChange, delivery: Option<&str>, now: UnixTime) -> Mailbox {
        Mailbox {
            poke: poke(now),
            commit: change.commit.clone().unwrap_or_default(),
            ref_name: Some(change.ref_name.clone()),
            delivery: delivery.map(plain_id).unwrap_or_default(),
            script: script_hash(setup),
        }
    }

    /// Deploy without a push: again what the last push asked for. Where several refs are wanted, nobody but that push
    /// knows which.
    pub fn of_request(setup: &Setup, now: UnixTime) -> Mailbox {
        Mailbox {
            poke: poke(now),
            commit: String::new(),
            ref_name: None,
            delivery: String::new(),
            script: script_hash(setup),
        }
    }

    pub fn tags(&self) -> Vec<Tag> {
        let ref_name = self.ref_name.iter().map(|name| Tag::new(REF, percent::encode(name)));
        let mut tags = vec![Tag::new(POKE, self.poke.as_str()), Tag::new(COMMIT, self.commit.as_str())];
        tags.extend(ref_name);
        tags.push(Tag::new(DELIVERY, self.delivery.as_str()));
        tags.push(Tag::new(SCRIPT, self.script.as_str()));
        tags
    }
}

/// The name of today's script.
pub fn script_hash(setup: &Setup) -> String {
    sha256_hex(user_data::script(&setup.config, setup.installed.function_url.as_deref()))
}

/// Seconds, with milliseconds where there are any: two pushes within a second must both ring.
fn poke(now: UnixTime) -> String {
    match now.since_epoch().subsec_millis() {
        0 => now.as_secs().to_string(),
        millis => format!("{}.{millis:03}", now.as_secs()),
    }
}

/// The ref that a tag names.
pub fn ref_of(the_box: &Instance) -> Option<String> {
    let tag = the_box.tag(REF)?;
    Some(percent::decode_form(tag).map_or_else(|_| tag.to_string(), Cow::into_owned))
}

/// Ids of deliveries come from outside. What is more than a plain word goes into a tag as its hash, which tells two
/// apart as well.
pub fn plain_id(id: &str) -> String {
    let plain =
        (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if plain { id.to_string() } else { sha256_hex(id) }
}
