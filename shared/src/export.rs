//! The files that an installation needs besides the config. Pure functions, a file each, and one list of them all.

pub mod archive;
pub mod aws_command;
pub mod box_policy;
pub mod cloudformation;
mod iac;
pub mod install;
pub mod policy;
mod template;
pub mod terraform;
pub mod webhook_form;
pub mod zip;

use crate::config::Config;
use crate::setup::Setup;
use crate::user_data;

/// A file that a config stands for: a tab of the page, and a word of `pushbox render`.
pub struct Output {
    /// As on the command line.
    pub id: &'static str,
    /// As on a tab of the page.
    pub label: &'static str,
    /// What it is called when it is saved.
    pub file: &'static str,
    pub language: Language,
    /// What it is, in one sentence.
    pub about: &'static str,
    pub render: fn(&Order<'_>) -> String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Bash,
    Json,
    Yaml,
    Hcl,
}

/// What a file is made from. The config must have passed its checks.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub setup: &'a Setup,
    /// The 12 digits of the AWS account, where they are known.
    pub account: Option<&'a str>,
}

/// In the order of the tabs.
pub const OUTPUTS: &[Output] = &[
    USER_DATA,
    install::OUTPUT,
    policy::OUTPUT,
    box_policy::OUTPUT,
    cloudformation::OUTPUT,
    terraform::OUTPUT,
];

pub const USER_DATA: Output = Output {
    id: "user-data",
    label: "Script",
    file: "user-data.sh",
    language: Language::Bash,
    about: "What EC2 is given: the script that the box runs, or its gzip where it has more than 16,384 bytes.",
    render: |order| user_data::script(&order.setup.config, order.setup.installed.function_url.as_deref()),
};

/// The function's own name, which its role, log group and security group have too.
pub fn function_name(app: &str) -> String {
    format!("pushbox-{app}")
}

/// The box's role, and the instance profile by which it has it.
pub fn box_role(app: &str) -> String {
    format!("pushbox-{app}-box")
}

/// Whether the box gets a role of its own: it reads secrets, and the config names no other profile.
pub fn needs_box_role(config: &Config) -> bool {
    config.box_.instance_profile.is_none() && !user_data::secret_names(config).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_is_found_by_one_name() {
        for (at, output) in OUTPUTS.iter().enumerate() {
            let others = || OUTPUTS.iter().skip(at + 1);
            assert!(others().all(|other| other.id != output.id), "{} is there twice", output.id);
            assert!(others().all(|other| other.label != output.label), "{} is there twice", output.label);
            assert!(others().all(|other| other.file != output.file), "{} is there twice", output.file);
            assert!(output.about.ends_with('.'), "{}: {}", output.id, output.about);
        }
    }
}
