//! The plan of a trial, in words and as commands.

use pushbox_shared::config::Config;
use pushbox_shared::ec2::Call;
use pushbox_shared::plan::Step;

use crate::model::aws_command::aws_command;

/// What a step of a plan does, in words.
pub fn explain(step: &Step) -> &'static str {
    let call = match step {
        Step::Call(call) => call,
        Step::Reconcile => {
            return "After the answer, the function calls itself once to finish what takes longer.";
        }
    };
    match call {
        Call::RunInstances(_) => "Launches the box.",
        Call::CreateTags(_) => {
            "Leaves word of the push in the box's tags, where its agent looks every few seconds."
        }
        Call::StartInstances(_) => "Starts the box; it deploys as it boots.",
        Call::RebootInstances(_) => "Reboots the box; it deploys as it boots.",
        Call::AssociateAddress(_) => "Gives the box its Elastic IP address.",
        Call::DescribeInstances(_) | Call::DescribeAddresses(_) | Call::GetConsoleOutput(_) => {
            "Only looks; such calls are in no plan."
        }
    }
}

/// The whole plan as commands of the AWS CLI.
pub fn aws_commands(steps: &[Step], config: &Config) -> String {
    let commands = steps.iter().map(|step| aws_command(step, config) + "\n");
    commands.collect::<Vec<_>>().join("\n")
}
