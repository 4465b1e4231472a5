//! What a program measured.

use crate::cargo;
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use std::process::{Command, Stdio};

/// The JSON object that a program prints as its last line.
pub(super) fn figures(command: &mut Command) -> Result<Map<String, Value>> {
    let shown = cargo::shown(command);
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{shown}`"))?;
    ensure!(output.status.success(), "`{shown}` failed ({})", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().rev().find(|line| line.starts_with('{'));
    let last = last.with_context(|| format!("`{shown}` printed no figures"))?;
    serde_json::from_str(last).with_context(|| format!("`{shown}` printed figures that are no JSON"))
}
