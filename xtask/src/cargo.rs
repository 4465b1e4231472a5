//! Cargo's builds, and what came out of them.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that a build made.
pub(crate) struct Program {
    /// The name of its Cargo target.
    pub(crate) name: String,
    /// The folder of its package.
    pub(crate) package: PathBuf,
    pub(crate) file: PathBuf,
    pub(crate) role: Role,
}

#[derive(PartialEq)]
pub(crate) enum Role {
    Binary,
    Test,
}

/// Runs a `cargo build`; its errors and warnings go to the terminal.
pub(crate) fn build(command: &mut Command) -> Result<Vec<Program>> {
    command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start cargo")?;
    let stdout = child.stdout.take().expect("stdout is piped");
    let mut programs = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let message: Value =
            serde_json::from_str(&line?).context("cargo printed something that is not JSON")?;
        programs.extend(made(&message));
    }
    check(command, child.wait()?)?;
    Ok(programs)
}

/// Runs a `cargo build` for one program of that name.
pub(crate) fn program(command: &mut Command, name: &str) -> Result<PathBuf> {
    named(&build(command)?, name)
}

pub(crate) fn named(programs: &[Program], name: &str) -> Result<PathBuf> {
    let program = programs.iter().find(|program| program.name == name);
    Ok(program.with_context(|| format!("cargo built no program `{name}`"))?.file.clone())
}

/// Runs a command to its end; it must succeed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    check(command, status)
}

fn check(command: &Command, status: std::process::ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    let words: Vec<_> = words
        .map(|word| word.to_string_lossy())
        .filter(|word| !word.starts_with("--message-format"))
        .collect();
    format!("`{}`", words.join(" "))
}

fn made(message: &Value) -> Option<Program> {
    if message["reason"] != "compiler-artifact" {
        return None;
    }
    Some(Program {
        name: message["target"]["name"].as_str()?.to_owned(),
        package: Path::new(message["manifest_path"].as_str()?).parent()?.to_owned(),
        file: message["executable"].as_str()?.into(),
        role: if message["profile"]["test"] == true { Role::Test } else { Role::Binary },
    })
}
