//! From the SDK's answers to what pushbox reads of them. What is not understood counts as no answer.

use aws_sdk_ec2::types;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pushbox_shared::ec2::{Address, Error, Instance, State, Tag};
use pushbox_shared::unix_time::UnixTime;

pub(super) fn instances(found: &[types::Instance]) -> Result<Vec<Instance>, Error> {
    found.iter().map(instance).collect()
}

pub(super) fn addresses(found: &[types::Address]) -> Result<Vec<Address>, Error> {
    let address = |one: &types::Address| {
        let id = one.allocation_id().ok_or_else(|| unreadable("an address without an allocation"))?;
        Ok(Address {
            allocation_id: id.to_string(),
            public_ip: one.public_ip().unwrap_or_default().to_string(),
            instance_id: one.instance_id().filter(|id| !id.is_empty()).map(String::from),
        })
    };
    found.iter().map(address).collect()
}

/// A console's bytes need not be text.
pub(super) fn console(output: &str) -> Result<String, Error> {
    // Some endpoints break the lines.
    let packed: String = output.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(packed).map_err(|error| unreadable(&format!("console output: {error}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn instance(found: &types::Instance) -> Result<Instance, Error> {
    let id = found.instance_id().ok_or_else(|| unreadable("an instance without an id"))?;
    let state = found.state().and_then(types::InstanceState::name).map(types::InstanceStateName::as_str);
    let launched = found.launch_time().and_then(|time| u64::try_from(time.secs()).ok());
    let tag = |tag: &types::Tag| Tag::new(tag.key().unwrap_or_default(), tag.value().unwrap_or_default());
    Ok(Instance {
        id: id.to_string(),
        state: state
            .and_then(State::from_name)
            .ok_or_else(|| unreadable(&format!("{id} is in the state {state:?}")))?,
        instance_type: found.instance_type().map(|kind| kind.as_str().to_string()).unwrap_or_default(),
        launched: UnixTime::from_secs(launched.unwrap_or_default()),
        tags: found.tags().iter().map(tag).collect(),
        public_ip: found.public_ip_address().filter(|address| !address.is_empty()).map(String::from),
        lifecycle: found.instance_lifecycle().map(|kind| kind.as_str().to_string()),
    })
}

fn unreadable(what: &str) -> Error {
    Error::new(Error::UNREACHABLE, format!("EC2's answer cannot be read: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sdk_instance(state: types::InstanceStateName) -> types::builders::InstanceBuilder {
        types::Instance::builder()
            .instance_id("i-1")
            .state(types::InstanceState::builder().name(state).build())
    }

    #[test]
    fn every_state_has_its_name() {
        for state in State::ALL {
            let found = sdk_instance(types::InstanceStateName::from(state.name())).build();
            assert_eq!(instance(&found).map(|found| found.state), Ok(state));
        }
    }

    #[test]
    fn what_is_not_understood_is_no_answer() {
        let unknown = sdk_instance(types::InstanceStateName::from("melting")).build();
        for found in [unknown, types::Instance::builder().build()] {
            assert_eq!(instance(&found).map_err(|error| error.code), Err(Error::UNREACHABLE.to_string()));
        }
    }

    #[test]
    fn a_console_is_decoded_whatever_it_holds() {
        assert_eq!(console(""), Ok(String::new()));
        assert_eq!(console("aGVs\nbG8=\n"), Ok("hello".into()));
        assert_eq!(console("/2hp"), Ok("\u{fffd}hi".into()));
        assert!(console("?").is_err());
    }
}
