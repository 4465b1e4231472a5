//! Client tokens: the same token with the same parameters is the same instance, until a day after its end.
//!
//! Source: "Ensuring idempotency in Amazon EC2 API requests", and boto3 issue 4406 for terminated instances.

use std::time::Duration;

use pushbox_shared::ec2::{Error, RunInstances, State};
use pushbox_shared::unix_time::UnixTime;

use crate::action::Seen;
use crate::instance::Machine;

/// "At least 24 hours after the termination of the instance."
pub(crate) const MEMORY: Duration = Duration::from_secs(24 * 3600);

/// The instances that an earlier request with this token made; `None` where there was none, or where there is no token.
pub(crate) fn replay(
    machines: &[Machine],
    request: &RunInstances,
    now: UnixTime,
) -> Result<Option<Vec<Seen>>, Error> {
    if request.client_token.is_empty() {
        return Ok(None);
    }
    let earlier: Vec<&Machine> =
        machines.iter().filter(|machine| machine.launch.client_token == request.client_token).collect();
    let Some(first) = earlier.first() else { return Ok(None) };
    if *first.launch != *request {
        return Err(Error::new(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
        ));
    }
    if earlier.iter().any(|machine| machine.state(now) == State::Terminated) {
        return Err(Error::new(
            "IdempotentInstanceTerminated",
            "The client token you have provided is associated with a terminated instance. Please use a different client token.",
        ));
    }
    Ok(Some(earlier.iter().map(|machine| machine.seen(now)).collect()))
}
