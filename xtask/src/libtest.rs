//! Runs Rust's test programs and reads what they say, test by test.
//!
//! The programs print JSON only as an unstable option, which `RUSTC_BOOTSTRAP` allows; it is set for them alone.

use crate::cargo::{Program, Role};
use crate::report::{Outcome, Report};
use crate::tree::Tree;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// One program's tests may take this long together; then something hangs.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// How a test says that it could not do its work here.
const SKIPPED: &str = "skipped: ";
/// How a test says how long a part of it took, which a person reads.
const TOOK: &str = "took ";

/// What every test program is given.
pub(crate) struct Setting {
    pub(crate) environment: Vec<(&'static str, OsString)>,
    /// Run only the tests with this text in their name.
    pub(crate) only: Option<String>,
}

/// The name of a test program: its package's folder and its target.
pub(crate) fn name(tree: &Tree, program: &Program) -> String {
    let package = tree.shown(&program.package).to_string();
    let crate_names = [package.clone(), format!("pushbox_{package}"), format!("pushbox-{package}")];
    if crate_names.contains(&program.name) { package } else { format!("{package}::{}", program.name) }
}

pub(crate) fn run(
    tree: &Tree,
    programs: &[Program],
    program: &Program,
    setting: &Setting,
    report: &mut Report,
) -> Result<()> {
    let name = name(tree, program);
    let mut child = command(programs, program, setting)
        .spawn()
        .with_context(|| format!("cannot start {}", program.file.display()))?;
    let stdout = lines(child.stdout.take().expect("stdout is piped"));
    let stderr = lines(child.stderr.take().expect("stderr is piped"));
    let mut reading = Reading::new(&name);
    let in_time = reading.all(&stdout, report);
    if !in_time {
        child.kill().context("cannot end a test program that hangs")?;
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    // A program that a test left behind may hold the stream open: nobody waits for that.
    let stderr = std::iter::from_fn(|| stderr.recv_timeout(Duration::from_secs(1)).ok());
    let output = reading.loose_lines.iter().cloned().chain(stderr).collect::<Vec<_>>().join("\n");
    if !reading.any_failed || !reading.finished {
        let why = if in_time { "ended early" } else { "took too long" };
        let running = reading.running.into_iter().collect::<Vec<_>>().join(", ");
        let text = format!("{why} ({status}); running: {running}\n{output}");
        report.add(&name, Duration::ZERO, Outcome::Failed(text));
    } else if !output.trim().is_empty() {
        println!("---- {name}, outside of its tests ----\n{}", output.trim_end());
    }
    Ok(())
}

/// The program as `cargo test` would start it, but with JSON for output.
fn command(programs: &[Program], program: &Program, setting: &Setting) -> Command {
    let mut command = Command::new(&program.file);
    // What cargo said about xtask itself is not true of another package.
    for (key, _) in std::env::vars_os().filter(|(key, _)| key.to_string_lossy().starts_with("CARGO_PKG_")) {
        command.env_remove(key);
    }
    command.current_dir(&program.package).env("CARGO_MANIFEST_DIR", &program.package);
    command.env("CARGO_MANIFEST_PATH", program.package.join("Cargo.toml"));
    for binary in
        programs.iter().filter(|other| other.role == Role::Binary && other.package == program.package)
    {
        command.env(format!("CARGO_BIN_EXE_{}", binary.name), &binary.file);
    }
    command.envs(setting.environment.iter().map(|(key, value)| (key, value))).env("RUSTC_BOOTSTRAP", "1");
    command
        .args(["-Zunstable-options", "--format=json", "--report-time", "--show-output"])
        .args(&setting.only);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The lines of a stream, read on a thread of their own.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    lines
}

/// What one test program has said so far.
struct Reading<'a> {
    program: &'a str,
    running: BTreeSet<String>,
    /// Lines that are no events: the tests' own children write to the same stream.
    loose_lines: Vec<String>,
    any_failed: bool,
    finished: bool,
}

impl<'a> Reading<'a> {
    fn new(program: &'a str) -> Reading<'a> {
        Reading {
            program,
            running: BTreeSet::new(),
            loose_lines: Vec::new(),
            any_failed: false,
            finished: false,
        }
    }

    /// Reads to the last event; false when that does not come in time.
    fn all(&mut self, lines: &Receiver<String>, report: &mut Report) -> bool {
        let end = Instant::now() + PATIENCE;
        while !self.finished {
            match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => self.line(&line, report),
                Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => return false,
            }
        }
        true
    }

    fn line(&mut self, line: &str, report: &mut Report) {
        // A child's unfinished line may stand before an event.
        let (loose, event) = line.split_at(line.find("{ \"type\":").unwrap_or(line.len()));
        if !loose.trim().is_empty() {
            self.loose_lines.push(loose.to_owned());
        }
        let Ok(event) = serde_json::from_str::<Value>(event) else { return };
        let kind = event["event"].as_str().unwrap_or_default();
        if event["type"] == "suite" {
            self.finished = kind == "ok" || kind == "failed";
            return;
        }
        let test = event["name"].as_str().unwrap_or_default();
        match kind {
            "started" => _ = self.running.insert(test.to_owned()),
            "timeout" => println!("still running: {}::{test}", self.program),
            _ => {
                let Some(outcome) = outcome(&event) else { return };
                self.running.remove(test);
                self.any_failed |= matches!(outcome, Outcome::Failed(_));
                let output = event["stdout"].as_str().unwrap_or_default();
                for line in output.lines().filter(|line| line.starts_with(TOOK)) {
                    println!("{}::{test} {line}", self.program);
                }
                let seconds = event["exec_time"].as_f64().unwrap_or_default();
                report.add(&format!("{}::{test}", self.program), Duration::from_secs_f64(seconds), outcome);
            }
        }
    }
}

fn outcome(event: &Value) -> Option<Outcome> {
    let output = event["stdout"].as_str().unwrap_or_default();
    match event["event"].as_str()? {
        "ok" => Some(match output.lines().find_map(|line| line.strip_prefix(SKIPPED)) {
            Some(reason) => Outcome::Skipped(reason.to_owned()),
            None => Outcome::Passed,
        }),
        "ignored" => {
            Some(Outcome::Skipped(event["message"].as_str().unwrap_or("it is marked #[ignore]").to_owned()))
        }
        "failed" => {
            Some(Outcome::Failed(format!("{output}{}", event["message"].as_str().unwrap_or_default())))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Report {
        let mut report = Report::default();
        let mut reading = Reading::new("shared");
        for line in lines {
            reading.line(line, &mut report);
        }
        report
    }

    #[test]
    fn a_passing_test_that_says_skipped_is_counted_as_skipped() {
        let report = read(&[
            r#"{ "type": "test", "event": "started", "name": "a::b" }"#,
            r#"{ "type": "test", "name": "a::b", "event": "ok", "exec_time": 0.5, "stdout": "trying\nskipped: no shellcheck\n" }"#,
            r#"{ "type": "test", "name": "a::c", "event": "ok", "exec_time": 0.5 }"#,
        ]);
        assert_eq!(report.counts(), "1 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn an_event_after_a_childs_unfinished_line_is_read() {
        let report =
            read(&[r#"oops{ "type": "test", "name": "a", "event": "failed", "stdout": "it broke" }"#]);
        assert_eq!(report.counts(), "0 passed, 1 failed, 0 skipped");
    }
}
