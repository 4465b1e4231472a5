//! What can be asked of the world and what it answers: `shared`'s calls, and what a person does in the console.
//!
//! An action serializes as `shared` serializes the same call.

use std::io::Read as _;
use std::sync::Arc;

use flate2::read::GzDecoder;
use pushbox_shared::ec2::{
    self, AssociateAddress, Call, CreateTags, DescribeAddresses, Filter, GetConsoleOutput, Instance,
    Instances, Reply, RunInstances, State,
};
use pushbox_shared::unix_time::UnixTime;
use serde::Serialize;

use crate::address::{AllocateAddress, Elastic};
use crate::image::Image;

/// One call of the EC2 API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "call")]
pub enum Action {
    RunInstances(Box<RunInstances>),
    DescribeInstances(Describe),
    CreateTags(CreateTags),
    StartInstances(Instances),
    StopInstances(Instances),
    RebootInstances(Instances),
    TerminateInstances(Instances),
    GetConsoleOutput(GetConsoleOutput),
    DescribeInstanceAttribute(DescribeUserData),
    AllocateAddress(AllocateAddress),
    DescribeAddresses(DescribeAddresses),
    AssociateAddress(AssociateAddress),
}

/// DescribeInstances with all that a person's tools send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Describe {
    pub filters: Vec<Filter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instance_ids: Vec<String>,
    /// 5 to 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_results: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// DescribeInstanceAttribute; of the attributes only `userData` is modelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeUserData {
    pub instance_id: String,
    pub attribute: String,
}

#[derive(Clone, Debug)]
pub enum Answer {
    /// To RunInstances.
    Launched(Vec<Seen>),
    /// To DescribeInstances.
    Described(Page),
    /// To StartInstances, StopInstances and TerminateInstances.
    Changed(Vec<Change>),
    /// To GetConsoleOutput.
    Console(Console),
    /// To DescribeInstanceAttribute.
    UserData { instance_id: String, user_data: Vec<u8> },
    /// To AllocateAddress.
    Allocated(Elastic),
    /// To DescribeAddresses.
    Addresses(Vec<Elastic>),
    /// To AssociateAddress: `eipassoc-…`
    Associated(String),
    /// To CreateTags and RebootInstances.
    Done,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub instances: Vec<Seen>,
    pub next_token: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub instance_id: String,
    pub previous: State,
    pub current: State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Console {
    pub instance_id: String,
    /// Since 1970: when EC2 last took the output from the instance.
    pub taken: UnixTime,
    /// At most the last 64 KiB; empty where there is none yet.
    pub text: String,
}

/// All that can be seen of an instance.
#[derive(Clone, Debug)]
pub struct Seen {
    pub instance: Instance,
    /// The request that made it, user data included.
    pub launch: Arc<RunInstances>,
    pub image: Image,
    /// `r-…`: the instances of one request share it.
    pub reservation: String,
    /// Within its reservation, from 0.
    pub launch_index: u32,
    /// When what runs on it last came up, after a launch, a start or a reboot. Nothing where it never did.
    pub booted: Option<UnixTime>,
}

impl Seen {
    /// The user data as a person reads it, and cloud-init: gzip is unpacked.
    pub fn user_data_text(&self) -> String {
        let given = &self.launch.user_data.0;
        let mut unpacked = Vec::new();
        let is_gzip = GzDecoder::new(&given[..]).read_to_end(&mut unpacked).is_ok();
        String::from_utf8_lossy(if is_gzip { &unpacked } else { given }).into_owned()
    }
}

impl From<&Call> for Action {
    fn from(call: &Call) -> Action {
        match call {
            Call::DescribeInstances(ec2::DescribeInstances { filters }) => {
                Action::DescribeInstances(Describe { filters: filters.clone(), ..Describe::default() })
            }
            Call::RunInstances(request) => Action::RunInstances(request.clone()),
            Call::CreateTags(request) => Action::CreateTags(request.clone()),
            Call::StartInstances(request) => Action::StartInstances(request.clone()),
            Call::RebootInstances(request) => Action::RebootInstances(request.clone()),
            Call::GetConsoleOutput(request) => Action::GetConsoleOutput(request.clone()),
            Call::DescribeAddresses(request) => Action::DescribeAddresses(request.clone()),
            Call::AssociateAddress(request) => Action::AssociateAddress(request.clone()),
        }
    }
}

impl Action {
    /// EC2's name of it.
    pub fn name(&self) -> &'static str {
        match self {
            Action::RunInstances(_) => "RunInstances",
            Action::DescribeInstances(_) => "DescribeInstances",
            Action::CreateTags(_) => "CreateTags",
            Action::StartInstances(_) => "StartInstances",
            Action::StopInstances(_) => "StopInstances",
            Action::RebootInstances(_) => "RebootInstances",
            Action::TerminateInstances(_) => "TerminateInstances",
            Action::GetConsoleOutput(_) => "GetConsoleOutput",
            Action::DescribeInstanceAttribute(_) => "DescribeInstanceAttribute",
            Action::AllocateAddress(_) => "AllocateAddress",
            Action::DescribeAddresses(_) => "DescribeAddresses",
            Action::AssociateAddress(_) => "AssociateAddress",
        }
    }
}

/// What `shared` reads of an answer.
impl From<Answer> for Reply {
    fn from(answer: Answer) -> Reply {
        match answer {
            Answer::Launched(instances) | Answer::Described(Page { instances, .. }) => {
                Reply::Instances(instances.into_iter().map(|seen| seen.instance).collect())
            }
            Answer::Console(console) => Reply::Console(console.text),
            Answer::Addresses(all) => Reply::Addresses(all.into_iter().map(Into::into).collect()),
            Answer::Changed(_) | Answer::UserData { .. } | Answer::Done => Reply::Done,
            Answer::Allocated(_) | Answer::Associated(_) => Reply::Done,
        }
    }
}

impl Answer {
    /// One line for the log.
    pub fn summary(&self) -> String {
        match self {
            Answer::Launched(instances) | Answer::Described(Page { instances, .. }) => {
                let line = |seen: &Seen| format!("{} {}", seen.instance.id, seen.instance.state.name());
                instances.iter().map(line).collect::<Vec<_>>().join(", ")
            }
            Answer::Changed(changes) => {
                let line = |change: &Change| {
                    let (previous, current) = (change.previous.name(), change.current.name());
                    format!("{} {previous} → {current}", change.instance_id)
                };
                changes.iter().map(line).collect::<Vec<_>>().join(", ")
            }
            Answer::Console(console) => format!("{} bytes", console.text.len()),
            Answer::UserData { user_data, .. } => format!("{} bytes", user_data.len()),
            Answer::Allocated(one) => one.allocation_id.clone(),
            Answer::Addresses(all) => {
                all.iter().map(|one| one.allocation_id.as_str()).collect::<Vec<_>>().join(", ")
            }
            Answer::Associated(id) => id.clone(),
            Answer::Done => "done".to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use pushbox_shared::ec2::Tag;

    use super::*;

    #[test]
    fn an_action_serializes_as_the_call() {
        let ids = || Instances { instance_ids: vec!["i-0".to_string()] };
        for call in [
            Call::DescribeInstances(ec2::DescribeInstances {
                filters: vec![Filter { name: "tag:pushbox:app".to_string(), values: vec!["a".to_string()] }],
            }),
            Call::RunInstances(Box::new(crate::launch::tests::request())),
            Call::CreateTags(CreateTags { resources: ids().instance_ids, tags: vec![Tag::new("a", "b")] }),
            Call::StartInstances(ids()),
            Call::RebootInstances(ids()),
            Call::GetConsoleOutput(GetConsoleOutput { instance_id: "i-0".to_string(), latest: true }),
            Call::DescribeAddresses(DescribeAddresses { filters: Vec::new() }),
            Call::AssociateAddress(AssociateAddress {
                allocation_id: "eipalloc-0".to_string(),
                instance_id: "i-0".to_string(),
                allow_reassociation: true,
            }),
        ] {
            let action = serde_json::to_value(Action::from(&call)).expect("plain data");
            assert_eq!(action, serde_json::to_value(&call).expect("plain data"));
            assert_eq!(action["call"], Action::from(&call).name());
        }
    }
}
