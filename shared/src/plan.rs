//! What a delivery leads to: the steps that change something, as data.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::ec2::Call;

/// One step of a plan. As JSON it is the call's name as `call`, and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Call(Call),
    /// The function invokes itself, for what takes longer.
    Reconcile,
}

impl Step {
    pub fn name(&self) -> &'static str {
        match self {
            Step::Call(call) => call.name(),
            Step::Reconcile => "Reconcile",
        }
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Step::Call(call) => call.serialize(serializer),
            Step::Reconcile => {
                let mut members = serializer.serialize_map(Some(1))?;
                members.serialize_entry("call", self.name())?;
                members.end()
            }
        }
    }
}
