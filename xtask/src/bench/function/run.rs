//! One start of one program: until it asks for an event, until it has answered that, and the memory it took.

use super::runtime_api::RuntimeApi;
use super::share::Share;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

/// Joins the group whose file is the first argument, says so, waits for a word, and becomes the program.
const IN_GROUP: &str = r#"echo $$ > "$0" && echo joined && read -r _ && exec "$@""#;

/// A program that can be a function.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// The file, and what follows it.
    pub(super) command: Vec<PathBuf>,
    pub(super) environment: Vec<(&'static str, String)>,
    pub(super) event: Value,
    /// That the event must be answered with.
    pub(super) status: u16,
}

/// All of the machine, or a part of one processor.
#[derive(Clone, Copy)]
pub(super) enum Cpu<'a> {
    Whole,
    Part(&'a Share),
}

pub(super) struct Run {
    /// Milliseconds from the start to the first question for an event, which is as far as Lambda starts a function ahead.
    pub(super) start: f64,
    /// Milliseconds from the start to the answer.
    pub(super) answer: f64,
    /// Bytes at most, up to the answer.
    pub(super) peak: u64,
}

/// `log` is the file that the program's errors go to.
pub(super) fn run(program: &Program, api: &RuntimeApi, cpu: Cpu<'_>, log: &Path) -> Result<Run> {
    api.put(&program.event);
    let failed = || {
        let said = fs::read_to_string(log).unwrap_or_default();
        format!("{}: no measurement\n{}", program.name, said.trim_end())
    };
    let mut process = start(program, api, cpu, log).with_context(failed)?;
    measure(program, api, &mut process).with_context(failed)
}

/// A process that ends with this value.
struct Process {
    child: Child,
    started: Instant,
    /// Without a reader, what it prints would be an error of its own.
    _printed: Option<BufReader<ChildStdout>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        // Either fails only when it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(program: &Program, api: &RuntimeApi, cpu: Cpu<'_>, log: &Path) -> Result<Process> {
    let mut command = match cpu {
        Cpu::Whole => Command::new(&program.command[0]),
        Cpu::Part(share) => {
            let mut shell = Command::new("/bin/sh");
            shell.args(["-c", IN_GROUP]).arg(share.members()).arg(&program.command[0]);
            shell
        }
    };
    command.args(&program.command[1..]).env_clear();
    command.env("AWS_LAMBDA_RUNTIME_API", &api.address);
    command.envs(program.environment.iter().map(|(name, value)| (name, value)));
    command.stderr(File::create(log).with_context(|| format!("cannot write {}", log.display()))?);
    match cpu {
        Cpu::Whole => {
            command.stdin(Stdio::null()).stdout(Stdio::null());
            let started = Instant::now();
            let child = command.spawn().context("cannot start")?;
            Ok(Process { child, started, _printed: None })
        }
        Cpu::Part(_) => {
            let mut child = command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .context("cannot start a shell")?;
            let mut stdin = child.stdin.take().expect("stdin is piped");
            let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
            let mut process = Process { child, started: Instant::now(), _printed: None };
            let mut line = String::new();
            stdout.read_line(&mut line)?;
            ensure!(line == "joined\n", "the shell did not get into the control group");
            process._printed = Some(stdout);
            process.started = Instant::now();
            stdin.write_all(b"go\n")?;
            Ok(process)
        }
    }
}

fn measure(program: &Program, api: &RuntimeApi, process: &mut Process) -> Result<Run> {
    let asked = api.asked(&mut process.child)?;
    let (answered, answer) = api.answered(&mut process.child)?;
    ensure!(
        answer["statusCode"] == program.status,
        "expected an answer with the status {}, found {answer}",
        program.status
    );
    api.asked(&mut process.child)?;
    let since_start = |at: Instant| (at - process.started).as_secs_f64() * 1000.0;
    Ok(Run { start: since_start(asked), answer: since_start(answered), peak: peak(process.child.id())? })
}

/// The most memory that the process has had at once, in bytes.
fn peak(process: u32) -> Result<u64> {
    let file = format!("/proc/{process}/status");
    let status = fs::read_to_string(&file).with_context(|| format!("cannot read {file}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    Ok(kib.with_context(|| format!("{file} has no VmHWM in kB"))? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_that_of_the_process() {
        let mebibyte = 1 << 20;
        assert!((mebibyte..1 << 40).contains(&peak(std::process::id()).expect("we run")));
        assert!(peak(u32::MAX).is_err());
    }
}
