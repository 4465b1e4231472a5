//! `mutants`: changes what decides, one place after the other, and sees whether a test notices.

use crate::tree::Tree;
use crate::{cargo, need};
use anyhow::Result;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The files to change, instead of those in .cargo/mutants.toml
    files: Vec<String>,
}

/// Slow: each change is built and tested on its own, in a copy of the tree.
pub(crate) fn mutants(tree: &Tree, options: &Options) -> Result<()> {
    need::program("cargo-mutants", "to change the code and see whether a test notices")?;
    let mut command = tree.cargo();
    command.args(["mutants", "--package=pushbox-webhook", "--output"]).arg(&tree.target);
    command.args(options.files.iter().map(|file| format!("--file={file}")));
    cargo::run(&mut command)
}
