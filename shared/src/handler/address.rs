//! `box.address = "elastic"`: the app's Elastic IP is the one that carries its tag, and the box gets it once it runs.
//!
//! EC2 leaves it with the box through stops and starts, so this is work for new boxes alone.

use super::seen::Seen;
use crate::config::Address as Wanted;
use crate::ec2::{Address, AssociateAddress, Call, DescribeAddresses, Filter, State};
use crate::protocol::mailbox::APP;
use crate::setup::Setup;

/// What is left to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    Call(Call),
    /// The box does not run yet.
    Wait,
    /// What a person must do.
    Words(String),
}

pub(super) fn left(setup: &Setup, seen: &Seen) -> Left {
    let app = &setup.config.app;
    let Some(the_box) = seen.the_box().filter(|_| is_wanted(setup)) else { return Left::Nothing };
    if let Some(error) = &seen.address_refused {
        return Left::Words(format!("the box did not get its Elastic IP: AWS refused ({})", error.code));
    }
    let Some(addresses) = &seen.addresses else { return Left::Call(describe(app)) };
    if addresses.iter().any(|one| one.instance_id.as_deref() == Some(&the_box.id)) {
        return Left::Nothing;
    }
    match choose(addresses) {
        None => Left::Words(none(app)),
        Some(one) if the_box.state == State::Running => {
            Left::Call(Call::AssociateAddress(AssociateAddress {
                allocation_id: one.allocation_id.clone(),
                instance_id: the_box.id.clone(),
                allow_reassociation: true,
            }))
        }
        Some(_) => Left::Wait,
    }
}

pub(super) fn is_wanted(setup: &Setup) -> bool {
    setup.config.box_.address == Wanted::Elastic
}

pub(super) fn describe(app: &str) -> Call {
    let filter = Filter { name: format!("tag:{APP}"), values: vec![app.to_string()] };
    Call::DescribeAddresses(DescribeAddresses { filters: vec![filter] })
}

/// Of several the first, so that everybody chooses the same.
pub(super) fn choose(addresses: &[Address]) -> Option<&Address> {
    addresses.iter().min_by(|a, b| a.allocation_id.cmp(&b.allocation_id))
}

pub(super) fn none(app: &str) -> String {
    format!(
        "box.address is elastic, and no Elastic IP carries the tag {APP}={app}: allocate one, tag it, and POST /deploy"
    )
}
