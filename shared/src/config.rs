//! `pushbox.json`: what the page exports and the function reads.
//!
//! The structs here say what a config holds; [`fields`] says, once per field, everything else about it.

mod check;
pub mod describe;
mod fault;
pub mod field;
mod fields;
mod problem;
mod read;
pub mod schedule;
mod shown;
mod write;

pub use fault::{Fault, Wrong};
pub use field::{Field, Place, Slot};
pub use fields::{FIELDS, field};
pub use problem::{Kind, Part, Problem};
pub use read::parse;
pub(crate) use read::{of_file, of_form};
pub use shown::quoted;
pub use write::{insert, to_json, to_value};

/// A whole config. [`Config::default`] holds the default of every field; `app` and `repo.url` have none.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub version: u32,
    pub app: String,
    pub repo: Repo,
    pub build: Build,
    pub run: Run,
    pub box_: BoxSpec,
    pub deploy: Deploy,
    /// How many images the box keeps, the running one included.
    pub keep_images: u32,
    pub webhook: Webhook,
    pub notify: Notify,
    pub sleep: Sleep,
    pub function: Function,
    pub cost: Cost,
    pub target: Target,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Repo {
    /// https, ssh or scp form.
    pub url: String,
    /// Full refs or globs (`refs/heads/main`, `refs/tags/v*`).
    pub refs: Vec<String>,
    /// Globs over changed files; `!` excludes. Empty: every change deploys.
    pub paths: Vec<String>,
    pub submodules: bool,
    pub auth: RepoAuth,
    pub poll_minutes: Option<u32>,
}

impl Repo {
    /// What a box deploys that was told no ref: the first of `refs` that is no glob. `None` if all are globs.
    pub fn first_exact_ref(&self) -> Option<&str> {
        self.refs.iter().map(String::as_str).find(|name| !is_glob(name))
    }

    pub fn has_globs(&self) -> bool {
        self.refs.iter().any(|name| is_glob(name))
    }

    /// Whether only one ref can ever be deployed, and it is a branch.
    pub fn is_one_exact_branch(&self) -> bool {
        matches!(self.refs.as_slice(), [only] if only.starts_with("refs/heads/") && !is_glob(only))
    }
}

fn is_glob(ref_name: &str) -> bool {
    ref_name.contains(['*', '?'])
}

#[derive(Clone, Debug, PartialEq)]
pub struct Build {
    /// Relative to the repository.
    pub dockerfile: String,
    /// Relative to the repository.
    pub context: String,
    pub target: Option<String>,
    /// Build arguments in the order given.
    pub args: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The port that the app listens on.
    pub port: u32,
    pub env: Vec<EnvVar>,
    pub health_path: String,
    pub health_timeout_s: u32,
    pub drain_s: u32,
    /// `name-or-path:/path/in/container[:ro]`
    pub volumes: Vec<String>,
    /// `8080:8080`, `53:53/udp`
    pub extra_ports: Vec<String>,
    pub domain: Option<String>,
    pub role_for_app: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVar {
    pub name: String,
    pub value: EnvValue,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvValue {
    Plain(String),
    /// In Parameter Store at `/pushbox/<app>/env/<NAME>`; never in a config, link or script.
    Secret,
}

impl EnvValue {
    /// Nothing of a secret: its value is not known here.
    pub fn plain(&self) -> Option<&str> {
        match self {
            EnvValue::Plain(text) => Some(text),
            EnvValue::Secret => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct BoxSpec {
    pub region: String,
    /// In order of fallback.
    pub types: Vec<String>,
    /// GiB
    pub disk_gb: u32,
    /// A name of [`crate::image::IMAGES`].
    pub image: String,
    pub spot: Spot,
    pub address: Address,
    pub cpu_credits: CpuCredits,
    pub key_name: Option<String>,
    pub subnet: Option<String>,
    pub security_groups: Vec<String>,
    pub instance_profile: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    pub allow_sha1: bool,
    pub skip_markers: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Notify {
    pub commit_status: bool,
    pub webhook: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Sleep {
    pub after_idle_minutes: Option<u32>,
    pub schedule: Option<String>,
    pub max_wakes_per_day: u32,
}

impl Sleep {
    /// Whether the box ever switches itself off.
    pub fn is_on(&self) -> bool {
        self.after_idle_minutes.is_some() || self.schedule.is_some()
    }

    /// After how many minutes without a visitor; a schedule alone says nothing of whom somebody woke outside its hours.
    pub fn idle_minutes(&self) -> u32 {
        self.after_idle_minutes.unwrap_or(15)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    pub arch: FunctionArch,
    pub memory_mb: u32,
    pub log_days: u32,
    pub reserved_concurrency: Option<u32>,
    /// USD per month
    pub budget_usd: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// USD per hour
    pub hourly_price: Option<f64>,
}

/// A choice among a few words, each of them the value's name in `pushbox.json`.
pub trait Choice: Copy + PartialEq + 'static {
    /// The default first.
    const ALL: &'static [(&'static str, Self)];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, choice)| *choice == self).map_or("", |(name, _)| name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepoAuth {
    None,
    Token,
    DeployKey,
}

impl Choice for RepoAuth {
    const ALL: &'static [(&'static str, RepoAuth)] =
        &[("none", RepoAuth::None), ("token", RepoAuth::Token), ("deploy-key", RepoAuth::DeployKey)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Off,
    Only,
    Fallback,
}

impl Choice for Spot {
    const ALL: &'static [(&'static str, Spot)] =
        &[("off", Spot::Off), ("only", Spot::Only), ("fallback", Spot::Fallback)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Changes at every stop and start.
    Auto,
    Elastic,
}

impl Choice for Address {
    const ALL: &'static [(&'static str, Address)] = &[("auto", Address::Auto), ("elastic", Address::Elastic)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpuCredits {
    Unlimited,
    Standard,
}

impl Choice for CpuCredits {
    const ALL: &'static [(&'static str, CpuCredits)] =
        &[("unlimited", CpuCredits::Unlimited), ("standard", CpuCredits::Standard)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deploy {
    /// The agent deploys beside the running version.
    Live,
    /// Every push reboots the box.
    Reboot,
}

impl Choice for Deploy {
    const ALL: &'static [(&'static str, Deploy)] = &[("live", Deploy::Live), ("reboot", Deploy::Reboot)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionArch {
    Arm64,
    X86_64,
}

impl Choice for FunctionArch {
    const ALL: &'static [(&'static str, FunctionArch)] =
        &[("arm64", FunctionArch::Arm64), ("x86_64", FunctionArch::X86_64)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Box,
}

impl Choice for Target {
    const ALL: &'static [(&'static str, Target)] = &[("box", Target::Box)];
}

impl Default for Config {
    fn default() -> Config {
        Config {
            version: 1,
            app: String::new(),
            repo: Repo {
                url: String::new(),
                refs: vec!["refs/heads/main".into()],
                paths: Vec::new(),
                submodules: false,
                auth: RepoAuth::None,
                poll_minutes: None,
            },
            build: Build {
                dockerfile: "Dockerfile".into(),
                context: ".".into(),
                target: None,
                args: Vec::new(),
            },
            run: Run {
                port: 3000,
                env: Vec::new(),
                health_path: "/".into(),
                health_timeout_s: 60,
                drain_s: 15,
                volumes: Vec::new(),
                extra_ports: Vec::new(),
                domain: None,
                role_for_app: false,
            },
            box_: BoxSpec {
                region: "us-east-1".into(),
                types: vec!["t4g.small".into()],
                disk_gb: 12,
                image: "ubuntu-24.04".into(),
                spot: Spot::Off,
                address: Address::Auto,
                cpu_credits: CpuCredits::Unlimited,
                key_name: None,
                subnet: None,
                security_groups: Vec::new(),
                instance_profile: None,
            },
            deploy: Deploy::Live,
            keep_images: 3,
            webhook: Webhook { allow_sha1: false, skip_markers: true },
            notify: Notify { commit_status: false, webhook: false },
            sleep: Sleep { after_idle_minutes: None, schedule: None, max_wakes_per_day: 24 },
            function: Function {
                arch: FunctionArch::Arm64,
                memory_mb: 128,
                log_days: 14,
                reserved_concurrency: None,
                budget_usd: None,
            },
            cost: Cost { hourly_price: None },
            target: Target::Box,
        }
    }
}
