//! The function, built and linted in one go: clippy compiles it, so that its SDK, minutes of work, is compiled once.

use crate::cargo::{self, Program};
use crate::tree::Tree;
use anyhow::Result;

/// The program and its tests. Clippy's complaints are errors.
pub(crate) fn build(tree: &Tree) -> Result<Vec<Program>> {
    let mut command = tree.cargo();
    command.args(["build", "--package=pushbox-lambda", "--bins", "--tests"]);
    // What `cargo clippy` does, but for `cargo build`: the members of the workspace are compiled by clippy, and all
    // others as ever.
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    command.env("CLIPPY_ARGS", "--deny=warnings__CLIPPY_HACKERY__");
    cargo::build(&mut command)
}
