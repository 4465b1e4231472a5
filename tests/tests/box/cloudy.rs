//! A box with a role, and with the hosts that it calls by HTTPS.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use pushbox_shared::protocol::report::Report;
use serde_json::Value;
use tests::cloud::{Cloud, Repository};
use tests::metadata::RoleKeys;
use tests::pushbox::Place;
use tests::sandbox::{Sandbox, debian};

use crate::machine::{DEPLOY, DOCKERFILE, add_app, release, ring};

/// In every secret, and nowhere else: where it is found, a secret is.
pub(crate) const CANARY: &str = "hunter2-canary";

/// By which the first keys of the role differ from others.
pub(crate) const KEYS: &str = "first";

pub(crate) struct Cloudy {
    pub(crate) sandbox: Sandbox,
    pub(crate) cloud: Cloud,
    pokes: std::cell::Cell<u32>,
}

impl Cloudy {
    /// A box that is off, and runs what `change` makes of that config's script. Nothing where there can be no box.
    pub(crate) fn off(config: &Value, change: impl Fn(&str) -> String) -> Option<Cloudy> {
        let debian = debian()?;
        // No address of the config is a folder on the box: git asks the hosts.
        let sandbox = Sandbox::new(&debian, change(&render(config)), "https://nowhere.test/");
        add_app(&sandbox);
        // The app, which is process 1 of its container, hears no other signal: docker would wait ten seconds at each swap.
        let dockerfile = format!("{DOCKERFILE}STOPSIGNAL SIGKILL\n");
        sandbox.origin.commit(&[("Dockerfile", dockerfile.as_bytes())]);
        let cloud = Cloud::new();
        let listener = sandbox.network.visit(|| TcpListener::bind("0.0.0.0:443"));
        cloud.serve(listener.expect("nobody else is there"));
        cloud.parameter_store(|store| store.readable = "/pushbox/my_app/".into());
        let boxed = Cloudy { sandbox, cloud, pokes: 0.into() };
        boxed.change_keys(&RoleKeys::new(KEYS));
        boxed.host_repository("/usil/foo.git");
        Some(boxed)
    }

    /// A box whose first boot is over, once `prepare` has run: version `one` serves.
    pub(crate) fn installed(
        config: &Value,
        change: impl Fn(&str) -> String,
        prepare: impl FnOnce(&Cloudy),
    ) -> Option<Cloudy> {
        let mut boxed = Cloudy::off(config, change)?;
        boxed.boot();
        prepare(&boxed);
        boxed.install();
        Some(boxed)
    }

    /// Switches it on; it trusts the hosts and finds them.
    pub(crate) fn boot(&mut self) {
        self.sandbox.boot();
        let trusted = "/etc/ssl/certs/ca-certificates.crt";
        let all = self.sandbox.read(trusted);
        if !all.contains(self.cloud.authority()) {
            self.sandbox.write(trusted, 0o644, format!("{all}{}", self.cloud.authority()));
            self.find_hosts_at("10.0.0.1");
        }
    }

    /// What a name server would say; with no address, nothing.
    pub(crate) fn find_hosts_at(&self, address: &str) {
        let hosts = if address.is_empty() { String::new() } else { Cloud::hosts_file(address) };
        let own = "127.0.0.1 localhost\n10.0.0.10 ip-10-0-0-10.ec2.internal ip-10-0-0-10\n";
        self.sandbox.write("/etc/hosts", 0o644, format!("{own}{hosts}"));
    }

    #[track_caller]
    pub(crate) fn install(&self) {
        let output = self.sandbox.run_user_data();
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{stdout}\n{}", self.sandbox.story());
        self.sandbox.await_report(0, "deploy", "done", DEPLOY);
        // On a busy machine the proxy may come up after the report.
        self.sandbox.await_answer("one", DEPLOY);
    }

    /// Every git host has the app's repository at that path, for everybody.
    pub(crate) fn host_repository(&self, path: &str) {
        let repository = Repository { folder: self.sandbox.origin.folder().into(), login: None };
        self.cloud.add_repository(path, repository);
    }

    /// Puts a parameter there, below the app's own path.
    pub(crate) fn put(&self, name: &str, value: &str) {
        self.cloud.parameter_store(|store| store.put(&format!("/pushbox/my_app/{name}"), value));
    }

    pub(crate) fn change_keys(&self, keys: &RoleKeys) {
        self.sandbox.metadata.give_role("box", keys);
        self.cloud.parameter_store(|store| store.keys = Some(keys.clone()));
    }

    /// Commits a version and rings.
    pub(crate) fn push(&self, version: &str) -> String {
        let commit = release(&self.sandbox, version);
        self.ring(&commit);
        commit
    }

    pub(crate) fn ring(&self, commit: &str) {
        self.pokes.set(self.pokes.get() + 1);
        ring(&self.sandbox, &self.pokes.get().to_string(), "refs/heads/main", commit);
    }

    /// Commits a version, rings, and waits until the deploy is done.
    #[track_caller]
    pub(crate) fn deploy(&self, version: &str) -> String {
        let seen = self.sandbox.reports().len();
        let commit = self.push(version);
        self.await_so(&format!("{version} to be deployed"), || {
            let reports = self.sandbox.reports();
            let is_last = |report: &Report| report.step == "deploy" && report.commit == commit;
            reports[seen..].iter().any(|report| is_last(report) && report.state == "done")
        });
        assert_eq!(self.sandbox.get("/").unwrap(), version.as_bytes());
        commit
    }

    /// Waits until that host was asked so often.
    #[track_caller]
    pub(crate) fn await_told(&self, host: &str, times: usize) {
        self.await_so(&format!("{host} to be asked {times} times"), || {
            self.cloud.requests(host).len() >= times
        });
    }

    #[track_caller]
    fn await_so(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + DEPLOY;
        while !is_so() {
            assert!(Instant::now() < end, "waited in vain for {what}; {}", self.sandbox.story());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs the script of another config, as a person does who changes settings on the box.
    #[track_caller]
    pub(crate) fn change_config(&self, config: &Value) {
        self.sandbox.write("/root/user-data.sh", 0o600, render(config));
        self.sandbox.output(&["bash", "/root/user-data.sh"]);
    }
}

pub(crate) fn render(config: &Value) -> String {
    let place = Place::new();
    place.write("pushbox.json", config.to_string());
    place.output(&["render", "user-data"])
}
