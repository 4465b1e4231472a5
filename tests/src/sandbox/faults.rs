//! What can go wrong with a box, on demand.

use std::cell::RefCell;
use std::process::Command;
use std::time::Duration;

use super::Sandbox;

const HOLD: &str = include_str!("hold.sh");

impl Sandbox {
    /// From now on the box stops before every command that looks so: a pattern of bash over `docker build --label …`.
    /// Only the programs that a deploy calls by name can be held.
    pub fn hold(&self, pattern: &str) {
        for program in ["docker", "git", "socat"] {
            let path = format!("/usr/local/bin/{program}");
            if !self.exists(&path) {
                self.write(&path, 0o755, HOLD);
            }
        }
        self.output(&["rm", "-f", "/run/held"]);
        self.write("/run/hold.new", 0o644, pattern);
        self.output(&["mv", "/run/hold.new", "/run/hold"]);
    }

    #[track_caller]
    pub fn await_held(&self, within: Duration) {
        self.wait_until(within, &format!("stop before {:?}", self.read("/run/hold")), || {
            self.exists("/run/held")
        });
    }

    /// What stands goes on.
    pub fn let_go(&self) {
        self.output(&["rm", "/run/hold"]);
    }

    /// Waits until another service has taken the place of the one that was killed.
    #[track_caller]
    pub fn await_new_service(&self, within: Duration) {
        self.wait_until(within, "service", || {
            self.run(&["pgrep", "--full", "user-data.sh [a]gent"]).status.success()
        });
    }

    /// What the first visitor gets, whoever answers.
    #[track_caller]
    pub fn first_answer(&self, within: Duration) -> String {
        let answer = RefCell::new(None);
        self.wait_until(within, "answer from port 80", || {
            answer.replace(self.get("/"));
            answer.borrow().is_some()
        });
        String::from_utf8_lossy(&answer.take().unwrap_or_default()).into_owned()
    }

    /// Docker ends by that signal, and only docker: its containers are not its children.
    #[track_caller]
    pub fn end_docker(&self, signal: &str) {
        self.output(&["pkill", signal, "-x", "dockerd"]);
        let is_gone = || !self.run(&["pgrep", "-x", "dockerd"]).status.success();
        self.wait_until(Duration::from_secs(60), "end of docker", is_gone);
    }

    #[track_caller]
    pub fn start_docker(&self) {
        self.output(&["rm", "-f", "/run/docker.pid"]);
        self.output(&["/etc/init.d/docker", "start"]);
    }

    /// Nobody answers at the address of the metadata service; not even a refusal comes back.
    pub fn cut_metadata(&self) {
        self.beside(&["--net"], &["ip", "address", "del", "169.254.169.254/32", "dev", "lo"]);
    }

    pub fn restore_metadata(&self) {
        self.beside(&["--net"], &["ip", "address", "add", "169.254.169.254/32", "dev", "lo"]);
    }

    /// From now on so many bytes more go on the disk of the box.
    pub fn leave_on_disk(&self, bytes: u64) {
        let disk = self.folder.path().join("disk").display().to_string();
        let used = self.beside(&["--mount"], &["df", "--block-size=1", "--output=used", &disk]);
        let used: u64 =
            used.lines().last().and_then(|line| line.trim().parse().ok()).expect("df gives a number");
        self.beside(&["--mount"], &["mount", "-o", &format!("remount,size={}", used + bytes), &disk]);
    }

    /// The output of a command in a namespace of what the box hangs on.
    fn beside(&self, namespaces: &[&str], command: &[&str]) -> String {
        let output = Command::new("nsenter")
            .args(["--target", &self.host.id().to_string()])
            .args(namespaces)
            .args(command)
            .output()
            .expect("nsenter is a part of every Linux");
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
