//! A shell script that makes namespaces for a box, or for what a box is plugged into. It ends with this value, and also
//! where the test is killed, because it reads a pipe from here to its end.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::network::Network;

pub(crate) struct Shell(Child);

impl Shell {
    /// Started by a command that puts it where it belongs. Its first argument is the folder.
    pub(crate) fn start(by: &[&str], script: &str, folder: &Path, arguments: &[&str]) -> Shell {
        let child = Command::new(by[0])
            .args(&by[1..])
            .args(["bash", "-c", script, "shell"])
            .arg(folder)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        Shell(child.expect("unshare and nsenter are a part of every Linux"))
    }

    /// Of the process that made the namespaces.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Byte by byte, so that nothing of the next line is lost.
    pub(crate) fn next_line(&mut self) -> String {
        let mut line = String::new();
        let stdout = self.0.stdout.as_mut().expect("piped");
        BufReader::with_capacity(1, stdout).read_line(&mut line).expect("a pipe can be read");
        line.trim_end().to_string()
    }

    /// The one that it made.
    pub(crate) fn network(&self) -> Network {
        Network::of(self.id())
    }

    /// What a visitor gets there, or nothing while nobody answers.
    pub(crate) fn get(&self, url: &str) -> Option<Vec<u8>> {
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).build();
        self.network().visit(|| {
            let mut response = ureq::Agent::from(config).get(url).call().ok()?;
            response.body_mut().read_to_vec().ok()
        })
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
