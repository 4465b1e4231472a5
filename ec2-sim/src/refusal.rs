//! EC2's error codes with EC2's texts. Sources: "Error codes for the Amazon EC2 API" and texts that people quote.

use pushbox_shared::ec2::Error;

pub(crate) fn missing(parameter: &str) -> Error {
    Error::new("MissingParameter", format!("The request must contain the parameter {parameter}"))
}

pub(crate) fn invalid_value(message: impl Into<String>) -> Error {
    Error::new("InvalidParameterValue", message)
}

/// `why` is a sentence.
pub(crate) fn invalid(value: impl std::fmt::Display, parameter: &str, why: &str) -> Error {
    invalid_value(format!("Value ({value}) for parameter {parameter} is invalid. {why}"))
}

pub(crate) fn combination(message: impl Into<String>) -> Error {
    Error::new("InvalidParameterCombination", message)
}

pub(crate) fn malformed_instance(id: &str) -> Error {
    Error::new("InvalidInstanceID.Malformed", format!("Invalid id: \"{id}\""))
}

/// CreateTags takes ids of many kinds, and has its own words for one that is none.
pub(crate) fn malformed_resource(id: &str) -> Error {
    Error::new("InvalidID", format!("The ID '{id}' is not valid"))
}

pub(crate) fn no_such_instances(ids: &[&str]) -> Error {
    let message = match ids {
        [id] => format!("The instance ID '{id}' does not exist"),
        ids => format!("The instance IDs '{}' do not exist", ids.join(", ")),
    };
    Error::new("InvalidInstanceID.NotFound", message)
}

pub(crate) fn wrong_state(message: impl Into<String>) -> Error {
    Error::new("IncorrectInstanceState", message)
}

/// A spot instance that EC2 stopped is started by EC2 alone.
pub(crate) fn interrupted(id: &str) -> Error {
    let message =
        format!("The spot instance '{id}' was stopped by an interruption and cannot be started by hand.");
    Error::new("IncorrectSpotRequestState", message)
}

pub(crate) fn no_request(id: &str) -> Error {
    let message = format!("The spot request of the instance '{id}' is cancelled, so it cannot be started.");
    Error::new("IncorrectSpotRequestState", message)
}

pub(crate) fn unsupported(message: impl Into<String>) -> Error {
    Error::new("UnsupportedOperation", message)
}

/// Ids of zeros alone stand for what never existed.
pub(crate) fn is_nobody(id: &str) -> bool {
    id.split_once('-')
        .is_some_and(|(_, digits)| !digits.is_empty() && digits.bytes().all(|digit| digit == b'0'))
}

/// `prefix` and a dash, then 8 or 17 lower-case hex digits.
pub(crate) fn is_id(prefix: &str, id: &str) -> bool {
    let digits = id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')).unwrap_or_default();
    matches!(digits.len(), 8 | 17) && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
