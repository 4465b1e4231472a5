//! Where a secret could be seen: in command lines while they run, and on the disk afterwards.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::cloudy::{CANARY, Cloudy};

/// Programs of the script. Each notes how it is called before it runs, so that no short one is missed.
const PROGRAMS: [&str; 10] =
    ["base64", "curl", "cut", "docker", "git", "jq", "sha256sum", "socat", "ssh", "tee"];
/// Where no search looks, and no command line says what is searched.
const PATTERN: &str = "/dev/pattern";
const NOTES: &str = "/var/tmp/commands";

/// Reads the command line of every process again and again, also of those that no shell starts.
pub(crate) struct Watch {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<BTreeSet<String>>,
}

impl Watch {
    pub(crate) fn start() -> Watch {
        let is_over = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&is_over);
        let thread = thread::spawn(move || {
            let mut seen = BTreeSet::new();
            while !until.load(Ordering::Relaxed) {
                seen.extend(command_lines());
                // Between two looks the box has this core.
                thread::sleep(Duration::from_millis(3));
            }
            seen
        });
        Watch { is_over, thread }
    }

    pub(crate) fn stop(self) -> BTreeSet<String> {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

fn command_lines() -> impl Iterator<Item = String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    processes
        .filter(move |entry| entry.file_name().to_str().is_some_and(is_number))
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
}

impl Cloudy {
    /// From now on programs on the box note their arguments.
    pub(crate) fn note_commands(&self) {
        for program in PROGRAMS {
            let real = format!("/usr/bin/{program}");
            let text = format!("#!/bin/sh\nprintf '%s\\n' \"{program} $*\" >>{NOTES}\nexec {real} \"$@\"\n");
            self.sandbox.write(&format!("/usr/local/bin/{program}"), 0o755, &text);
        }
    }

    /// None of those texts is in a command line, on the console, in a log, or in any file but docker's own.
    #[track_caller]
    pub(crate) fn assert_nowhere(&self, command_lines: &BTreeSet<String>, texts: &[&str]) {
        let sandbox = &self.sandbox;
        let notes = sandbox.read(NOTES);
        for call in ["docker build ", "curl ", "git fetch "] {
            assert!(notes.contains(call), "{call} was not noted: {notes}");
        }
        assert!(command_lines.iter().any(|line| line.contains("docker build ")), "the watch saw nothing");
        let console = sandbox.console();
        for text in texts {
            let seen: Vec<&String> = command_lines.iter().filter(|line| line.contains(text)).collect();
            assert!(seen.is_empty(), "{text} is in a command line: {seen:?}");
            assert!(!console.contains(text), "{text} is on the console: {console}");
            assert!(!notes.contains(text), "{text} is an argument: {notes}");
            assert_eq!(self.files_with(text), "", "{text} is in files");
        }
        sandbox.write("/var/lib/pushbox/control", 0o600, CANARY);
        assert_eq!(self.files_with(CANARY), "/var/lib/pushbox/control\n", "what is there is found");
    }

    /// The files with that text which the box has written. Docker's folders are left out: it must know an app's variables.
    pub(crate) fn files_with(&self, text: &str) -> String {
        self.sandbox.write(PATTERN, 0o600, text);
        // That file is as old as the box.
        let find = "find / -xdev -cnewer /etc/resolv.conf -type f -exec grep -laF -f \"$1\" {} +
            find /run /tmp -path /run/docker -prune -o -type f -exec grep -laF -f \"$1\" {} +";
        let output = self.sandbox.run(&["bash", "-c", find, "bash", PATTERN]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
