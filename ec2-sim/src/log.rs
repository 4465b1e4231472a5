//! What was asked and what came of it, the last thousand times.

use pushbox_shared::ec2::Error;
use pushbox_shared::unix_time::UnixTime;

/// Calls that the log keeps.
pub const KEPT: usize = 1000;

#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// Since 1970.
    pub at: UnixTime,
    /// As `shared` serializes a call: `{"call": "CreateTags", "Resources": …}`. What could not be read has `call` alone.
    pub call: serde_json::Value,
    /// A line that says what was answered.
    pub result: Result<String, Error>,
}

#[derive(Debug, Default)]
pub(crate) struct Log(Vec<Logged>);

impl Log {
    pub(crate) fn push(&mut self, logged: Logged) {
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(logged);
    }

    pub(crate) fn calls(&self) -> &[Logged] {
        &self.0
    }
}
