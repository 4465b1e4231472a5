//! The function, built and linted in one go: clippy compiles it, so that its SDK, minutes of work, is compiled once.

use crate::cargo::{self, Program};
use crate::function_zip;
use crate::tree::Tree;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

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

/// The program as it would be released.
pub(crate) fn zip(tree: &Tree, program: &Path) -> Result<PathBuf> {
    let content = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let zip = tree.target.join("function.zip");
    fs::write(&zip, function_zip::packed(&content)?)
        .with_context(|| format!("cannot write {}", zip.display()))?;
    Ok(zip)
}
