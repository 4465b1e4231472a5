//! A box whose app says its version.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use pushbox_shared::handler::Report;
use serde_json::json;
use tests::app::{self, DOCKERFILE};
use tests::pushbox::Place;
use tests::sandbox::{Sandbox, debian};

pub(crate) const URL: &str = "https://git.test/usil/foo.git";

/// What a deploy may take here, also when others use this machine.
pub(crate) const DEPLOY: Duration = Duration::from_secs(60);

/// Every kind of character that a shell or docker could take for its own.
pub(crate) const ENV: [(&str, &str); 8] = [
    ("bar", "baz"),
    ("EMPTY", ""),
    ("SPACES", "  two  spaces, and a trailing one "),
    ("QUOTES", r#"it's "quoted" and `ticked`"#),
    ("DOLLARS", "$HOME ${PATH} $(touch /tmp/pwned) `touch /tmp/pwned` $$ !! \\$x"),
    ("LINES", "first\nsecond\n\n# not a comment\n"),
    ("CONTROL", "tab\there, return\r\n, escape \u{1b}[0m, backslash \\n \\"),
    ("EMOJI", "🚀 ünïcödé 漢字"),
];

pub(crate) fn config() -> String {
    let env: Vec<_> = ENV.map(|(name, value)| json!({"name": name, "value": value})).into();
    json!({"app": "my_app", "repo": {"url": URL}, "run": {"env": env, "drain_s": 1}}).to_string()
}

/// What a person would paste into the EC2 console.
pub(crate) fn user_data() -> String {
    let place = Place::new();
    place.write("pushbox.json", config());
    place.output(&["render", "user-data"])
}

/// A box that is off, with an app in its repository. Nothing where there can be no box.
pub(crate) fn sandbox(user_data: impl AsRef<[u8]>) -> Option<Sandbox> {
    let sandbox = Sandbox::new(&debian()?, user_data, URL);
    add_app(&sandbox);
    Some(sandbox)
}

/// Version `one`, as the repository's first commit.
pub(crate) fn add_app(sandbox: &Sandbox) {
    sandbox.origin.add("app", app());
    sandbox.origin.commit(&[("Dockerfile", DOCKERFILE.as_bytes()), ("version", b"one")]);
}

/// A box whose first boot is over: version `one` serves.
pub(crate) fn installed() -> Option<Sandbox> {
    let mut sandbox = sandbox(user_data())?;
    sandbox.boot();
    let output = sandbox.run_user_data();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stdout), sandbox.story());
    sandbox.await_report(0, "deploy", "done", DEPLOY);
    assert_eq!(sandbox.get("/").unwrap(), b"one");
    Some(sandbox)
}

/// A commit that changes what the app says.
pub(crate) fn release(sandbox: &Sandbox, version: &str) -> String {
    sandbox.origin.commit(&[("version", version.as_bytes())])
}

/// What the function does at a push: it writes the mailbox.
pub(crate) fn ring(sandbox: &Sandbox, poke: &str, ref_name: &str, commit: &str) {
    sandbox.metadata.ring(poke, ref_name, commit);
}

/// The steps and states of the reports after the first `seen` ones.
pub(crate) fn story(sandbox: &Sandbox, seen: usize) -> String {
    let reports = sandbox.reports();
    let line = |report: &Report| format!("{} {} {}", report.step, report.state, report.detail);
    reports[seen..].iter().map(|report| format!("{}\n", line(report).trim_end())).collect()
}

/// The app, linked statically.
fn app() -> &'static PathBuf {
    static APP: OnceLock<PathBuf> = OnceLock::new();
    APP.get_or_init(|| app::build(Path::new(env!("CARGO_TARGET_TMPDIR"))))
}
