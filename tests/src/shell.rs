//! A shell script that makes namespaces for a box, or for what a box is plugged into. It ends with this value, and also
//! where the test is killed, because it reads a pipe from here to its end.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

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

    /// Does something in its network. A thread of its own goes there, so that this one stays where it is.
    pub(crate) fn in_network<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let network = File::open(format!("/proc/{}/ns/net", self.id())).expect("it runs");
        let enter = move || -> io::Result<T> {
            move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
            Ok(work())
        };
        let result = thread::scope(|scope| scope.spawn(enter).join());
        result.expect("the work does not panic").expect("root may enter it")
    }

    /// What a visitor gets there, or nothing while nobody answers.
    pub(crate) fn get(&self, url: &str) -> Option<Vec<u8>> {
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).build();
        self.in_network(|| {
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
