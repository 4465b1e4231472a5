//! The command line. Its names are fixed: other programs depend on them.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use pushbox_shared::cost::HOURS;
use pushbox_shared::export;

/// git push becomes a running app on one AWS machine.
#[derive(Parser)]
#[command(name = "pushbox", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Write one of the files that a config stands for.
    Render(Render),
    /// Say what a delivery would do: verdicts, plan and answer, as one JSON object.
    Webhook(Webhook),
    /// Print the headers that a provider would send with a body, as JSON.
    Sign(Sign),
    /// List everything that is wrong with a config, as "path: message" lines.
    Check(Check),
    /// Say what a month costs, part by part, beside other ways.
    Cost(Cost),
    /// Run the page, the function and a simulated EC2 on this machine.
    Local(Local),
    /// Explain a topic.
    Help(Help),
}

#[derive(Args)]
pub(crate) struct Render {
    pub what: Output,
    /// The config.
    #[arg(long, value_name = "FILE", default_value = "pushbox.json")]
    pub config: PathBuf,
    /// Where the box asks for a newer script, once the function is installed.
    #[arg(long, value_name = "URL")]
    pub function_url: Option<String>,
    /// For the policies: the number of the AWS account.
    #[arg(long, value_name = "NUMBER")]
    pub account: Option<String>,
    /// For the policy: what PUSHBOX_SECURITY_GROUPS will say, where the config says nothing.
    #[arg(long, value_name = "ID")]
    pub security_group: Vec<String>,
    /// For the policy: what PUSHBOX_SUBNET will say, where the config says nothing.
    #[arg(long, value_name = "ID")]
    pub subnet: Option<String>,
    /// For the policy: what PUSHBOX_INSTANCE_PROFILE will say, where the config says nothing.
    #[arg(long, value_name = "NAME")]
    pub instance_profile: Option<String>,
    /// For the function's zip, and for the archive where that shall be in it: the zip with its program alone.
    #[arg(long, value_name = "ZIP")]
    pub base: Option<PathBuf>,
    /// Write here instead of to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy)]
pub(crate) enum Output {
    Export(&'static export::Output),
    FunctionZip,
    Archive,
    Schema,
}

impl ValueEnum for Output {
    fn value_variants<'a>() -> &'a [Output] {
        static ALL: LazyLock<Vec<Output>> = LazyLock::new(|| {
            let others = [Output::FunctionZip, Output::Archive, Output::Schema];
            export::OUTPUTS.iter().map(Output::Export).chain(others).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Output::Export(output) => (output.id, output.about),
            Output::FunctionZip => ("function-zip", export::zip::ABOUT),
            Output::Archive => ("archive", export::archive::ABOUT),
            Output::Schema => ("schema", "The JSON Schema of pushbox.json; needs no config."),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

#[derive(Args)]
pub(crate) struct Webhook {
    /// The config.
    #[arg(long, value_name = "FILE", default_value = "pushbox.json")]
    pub config: PathBuf,
    /// The delivery's headers: a JSON object of names and values.
    #[arg(long, value_name = "FILE")]
    pub headers: PathBuf,
    /// The delivery's body, byte for byte.
    #[arg(long, value_name = "FILE")]
    pub body: PathBuf,
    /// A secret of the webhook; may be given several times.
    #[arg(long, value_name = "SECRET")]
    pub secret: Vec<String>,
    /// GET for what Gitea and Forgejo send with everything in the query.
    #[arg(long, default_value = "POST")]
    pub method: String,
    /// The query, without the question mark.
    #[arg(long, default_value = "")]
    pub query: String,
    /// The time of the delivery in seconds since 1970; now where it is not given.
    #[arg(long, value_name = "UNIX")]
    pub now: Option<u64>,
    /// The state of the box that there is.
    #[arg(long = "box", value_name = "STATE", default_value = "none")]
    pub box_state: BoxState,
    /// The delivery that the box saw last.
    #[arg(long, value_name = "ID")]
    pub box_delivery: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum BoxState {
    None,
    Pending,
    Running,
    Stopping,
    Stopped,
}

#[derive(Args)]
pub(crate) struct Sign {
    /// github, gitlab, bitbucket, bitbucket-server, gitea, forgejo, gogs or azuredevops.
    #[arg(long)]
    pub provider: String,
    /// user:password for the basic authentication of Azure DevOps; `whsec_…` for a GitLab signing token.
    #[arg(long)]
    pub secret: String,
    /// The body, byte for byte as it will be sent.
    #[arg(long, value_name = "FILE")]
    pub body: PathBuf,
    /// push, tag, ping, or the provider's own word; told from the body where it is not given. Azure DevOps has it in the body.
    #[arg(long)]
    pub event: Option<String>,
    /// The delivery's id; made from the body where it is not given. Azure DevOps has it in the body.
    #[arg(long, value_name = "ID")]
    pub delivery: Option<String>,
    /// The time of the delivery in seconds since 1970; now where it is not given.
    #[arg(long, value_name = "UNIX")]
    pub now: Option<u64>,
    /// The body is a form with the JSON in its field "payload", or the query of a GET that Gitea or Forgejo sends.
    #[arg(long)]
    pub form: bool,
}

#[derive(Args)]
pub(crate) struct Check {
    /// The config.
    #[arg(long, value_name = "FILE", default_value = "pushbox.json")]
    pub config: PathBuf,
}

#[derive(Args)]
pub(crate) struct Cost {
    /// The config.
    #[arg(long, value_name = "FILE", default_value = "pushbox.json")]
    pub config: PathBuf,
    /// In which the box is on, of the 730 hours of a month; assumed from the config's sleep where it is not given.
    #[arg(long, value_name = "N", value_parser = hours)]
    pub hours: Option<f64>,
    /// GB that visitors fetch from the app in a month; 5 where it is not given.
    #[arg(long, value_name = "GB", value_parser = amount)]
    pub data_out_gb: Option<f64>,
    /// GB of snapshots that you keep.
    #[arg(long, value_name = "GB", value_parser = amount, default_value = "0")]
    pub snapshot_gb: f64,
    /// Hours of a virtual processor beyond what its CPU credits cover.
    #[arg(long, value_name = "N", value_parser = amount, default_value = "0")]
    pub surplus_vcpu_hours: f64,
}

fn hours(text: &str) -> Result<f64, String> {
    let hours = amount(text)?;
    if hours <= HOURS { Ok(hours) } else { Err(format!("a month has {HOURS} hours")) }
}

fn amount(text: &str) -> Result<f64, String> {
    const MOST: f64 = 1_000_000.0;
    let amount = text.parse().ok().filter(|amount| (0.0..=MOST).contains(amount));
    amount.ok_or_else(|| format!("expected a number from 0 to {MOST}"))
}

#[derive(Args)]
pub(crate) struct Local {
    /// The config; it is read again for every delivery, and need not be there yet.
    #[arg(long, value_name = "FILE", default_value = "pushbox.json")]
    pub config: PathBuf,
    /// The built page.
    #[arg(long, value_name = "DIR")]
    pub page: Option<PathBuf>,
    /// 0 takes any free port.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// The webhook's secret.
    #[arg(long, default_value = "pushbox-local")]
    pub secret: String,
}

#[derive(Args)]
pub(crate) struct Help {
    pub topic: Option<Topic>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Topic {
    /// Every field of pushbox.json.
    Config,
}
