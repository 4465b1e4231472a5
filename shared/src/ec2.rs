//! The EC2 calls that pushbox makes, and what EC2 answers, as plain data in the words of the EC2 API.
//!
//! A call serializes to the parameters that the AWS SDKs take, so a plan can be read beside the EC2 API reference.

use serde::{Serialize, Serializer};

use crate::hash::sha256_hex;
use crate::unix_time::UnixTime;

/// One call of the EC2 API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "call")]
pub enum Call {
    DescribeInstances(DescribeInstances),
    RunInstances(Box<RunInstances>),
    CreateTags(CreateTags),
    StartInstances(Instances),
    RebootInstances(Instances),
    GetConsoleOutput(GetConsoleOutput),
    DescribeAddresses(DescribeAddresses),
    AssociateAddress(AssociateAddress),
}

impl Call {
    /// As the EC2 API calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Call::DescribeInstances(_) => "DescribeInstances",
            Call::RunInstances(_) => "RunInstances",
            Call::CreateTags(_) => "CreateTags",
            Call::StartInstances(_) => "StartInstances",
            Call::RebootInstances(_) => "RebootInstances",
            Call::GetConsoleOutput(_) => "GetConsoleOutput",
            Call::DescribeAddresses(_) => "DescribeAddresses",
            Call::AssociateAddress(_) => "AssociateAddress",
        }
    }

    /// Reading changes nothing, and is no part of a plan.
    pub fn only_reads(&self) -> bool {
        matches!(self, Call::DescribeInstances(_) | Call::GetConsoleOutput(_) | Call::DescribeAddresses(_))
    }
}

/// All instances whose tag has this value, in whatever state they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeInstances {
    pub filters: Vec<Filter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Filter {
    /// `tag:<key>`, `instance-state-name`, …
    pub name: String,
    pub values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateTags {
    pub resources: Vec<String>,
    pub tags: Vec<Tag>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Instances {
    pub instance_ids: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetConsoleOutput {
    pub instance_id: String,
    /// Only Nitro types know `true`.
    pub latest: bool,
}

/// All Elastic IP addresses whose tag has this value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeAddresses {
    pub filters: Vec<Filter>,
}

/// EC2 refuses it for an instance that does not run yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssociateAddress {
    pub allocation_id: String,
    pub instance_id: String,
    /// `true` takes it from the instance that has it.
    pub allow_reassociation: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    pub key: String,
    pub value: String,
}

impl Tag {
    pub fn new(key: &str, value: impl Into<String>) -> Tag {
        Tag { key: key.to_string(), value: value.into() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RunInstances {
    /// An AMI, or `resolve:ssm:<public parameter>`.
    pub image_id: String,
    pub instance_type: String,
    pub min_count: u32,
    pub max_count: u32,
    /// At most 64 ASCII characters. The same token with the same parameters is the same instance.
    pub client_token: String,
    pub user_data: UserData,
    pub block_device_mappings: Vec<BlockDeviceMapping>,
    pub network_interfaces: Vec<NetworkInterface>,
    pub metadata_options: MetadataOptions,
    pub tag_specifications: Vec<TagSpecification>,
    /// `stop`: a box that powers itself off keeps its disk.
    pub instance_initiated_shutdown_behavior: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_specification: Option<CreditSpecification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iam_instance_profile: Option<IamInstanceProfile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_name: Option<String>,
    /// Nothing: on demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_market_options: Option<InstanceMarketOptions>,
}

/// A script or its gzip, not base64; EC2 takes 16,384 bytes. Shown by their hash.
#[derive(Clone, PartialEq, Eq)]
pub struct UserData(pub Vec<u8>);

impl UserData {
    /// `sha256:` and 64 hex digits.
    pub fn digest(&self) -> String {
        format!("sha256:{}", sha256_hex(&self.0))
    }
}

impl Serialize for UserData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.digest())
    }
}

impl std::fmt::Debug for UserData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.digest())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BlockDeviceMapping {
    pub device_name: String,
    pub ebs: Ebs,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Ebs {
    /// GiB
    pub volume_size: u32,
    pub volume_type: String,
    pub encrypted: bool,
    pub delete_on_termination: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NetworkInterface {
    pub device_index: u32,
    pub associate_public_ip_address: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnet_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MetadataOptions {
    /// `required`: IMDSv2 only.
    pub http_tokens: String,
    pub http_put_response_hop_limit: u32,
    /// `enabled`: the mailbox.
    pub instance_metadata_tags: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagSpecification {
    /// `instance`, `volume`, …
    pub resource_type: String,
    pub tags: Vec<Tag>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreditSpecification {
    /// `standard` or `unlimited`
    pub cpu_credits: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct IamInstanceProfile {
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InstanceMarketOptions {
    /// `spot`
    pub market_type: String,
    pub spot_options: SpotOptions,
}

/// Without a highest price: the on-demand price is the limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SpotOptions {
    /// `persistent`: the only one that can be stopped and started.
    pub spot_instance_type: String,
    /// `stop`: an interrupted box keeps its disk, and EC2 starts it again.
    pub instance_interruption_behavior: String,
}

/// What a successful call answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To DescribeInstances and RunInstances.
    Instances(Vec<Instance>),
    /// To GetConsoleOutput; empty where there is none yet. Base64 already undone.
    Console(String),
    /// To DescribeAddresses.
    Addresses(Vec<Address>),
    /// To the others.
    Done,
}

/// What pushbox reads of an Elastic IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `eipalloc-…`
    pub allocation_id: String,
    pub public_ip: String,
    /// Who has it.
    pub instance_id: Option<String>,
}

/// What pushbox reads of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub id: String,
    pub state: State,
    pub instance_type: String,
    /// Since 1970.
    pub launched: UnixTime,
    pub tags: Vec<Tag>,
    pub public_ip: Option<String>,
    /// `spot`, or nothing for an on-demand instance.
    pub lifecycle: Option<String>,
}

impl Instance {
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str())
    }
}

/// The states of the EC2 instance lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Running,
    Stopping,
    Stopped,
    ShuttingDown,
    Terminated,
}

impl State {
    pub const ALL: [State; 6] = [
        State::Pending,
        State::Running,
        State::Stopping,
        State::Stopped,
        State::ShuttingDown,
        State::Terminated,
    ];

    /// EC2's name of the state.
    pub fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::Stopping => "stopping",
            State::Stopped => "stopped",
            State::ShuttingDown => "shutting-down",
            State::Terminated => "terminated",
        }
    }

    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether an instance in this state can ever run again.
    pub fn is_live(self) -> bool {
        !matches!(self, State::ShuttingDown | State::Terminated)
    }
}

/// A refusal, in EC2's own code (`InsufficientInstanceCapacity`, `RequestLimitExceeded`, …). What never reached EC2, or
/// came back unreadable, has a code of `shared`'s own: see [`Error::UNREACHABLE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub code: String,
    pub message: String,
}

impl Error {
    /// The answer is not known: the call may or may not have taken effect.
    pub const UNREACHABLE: &'static str = "Unreachable";

    pub fn new(code: &str, message: impl Into<String>) -> Error {
        Error { code: code.to_string(), message: message.into() }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Error {}
