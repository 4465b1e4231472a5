//! The files that an installation needs besides the config. Pure functions, a file each, and one list of them all.

pub mod archive;
pub mod box_policy;
pub mod cloudformation;
pub mod iac;
pub mod install;
pub mod names;
pub mod output;
pub mod policy;
mod statement;
mod template;
pub mod terraform;
pub mod webhook_form;
pub mod zip;

use crate::user_data;

pub use output::{Language, Order, Output};

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
