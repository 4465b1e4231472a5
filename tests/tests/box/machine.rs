//! A box whose app says its version.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use pushbox_shared::protocol::report::Report;
use serde_json::{Value, json};
use tests::app;
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

/// The app ends at once when it is told to: whatever a visitor still waits for then is lost.
pub(crate) const DOCKERFILE: &str =
    "FROM scratch\nCOPY app version /\nRUN [\"/app\", \"check\"]\nSTOPSIGNAL SIGKILL\nCMD [\"/app\"]\n";

pub(crate) fn config() -> String {
    let env: Vec<_> = ENV.map(|(name, value)| json!({"name": name, "value": value})).into();
    config_of(&json!({"env": env, "drain_s": 1}))
}

/// Of an app that is run so.
pub(crate) fn config_of(run: &Value) -> String {
    json!({"app": "my_app", "repo": {"url": URL}, "run": run}).to_string()
}

/// What a person would paste into the EC2 console.
pub(crate) fn user_data() -> String {
    rendered(config(), &[])
}

pub(crate) fn rendered(config: String, options: &[&str]) -> String {
    let place = Place::new();
    place.write("pushbox.json", config);
    place.output(&[&["render", "user-data"], options].concat())
}

/// A script that tries again after eight seconds what it would try again after five minutes.
pub(crate) fn impatient(user_data: &str) -> String {
    let (patient, impatient) = ("code == 75 ? 300 : 5", "code == 75 ? 8 : 5");
    assert!(user_data.contains(patient), "the script says it in other words now");
    user_data.replace(patient, impatient)
}

/// From now on the box never sleeps longer than a moment; `/run/slept` says how long it would have.
#[track_caller]
pub(crate) fn hurry(sandbox: &Sandbox) {
    let sleep = "#!/bin/bash\nprintf '%s\\n' \"$1\" >>/run/slept\nexec /usr/bin/sleep 0.2\n";
    sandbox.write("/usr/local/bin/sleep", 0o755, sleep);
    // Bash remembers where it has found a program.
    let seen = sandbox.reports().len();
    sandbox.output(&["systemctl", "restart", "pushbox"]);
    sandbox.await_report(seen, "deploy", "unchanged", DEPLOY);
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
    installed_by(&user_data())
}

/// One that another script has set up.
pub(crate) fn installed_by(user_data: &str) -> Option<Sandbox> {
    let mut sandbox = sandbox(user_data)?;
    sandbox.boot();
    let output = sandbox.run_user_data();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stdout), sandbox.story());
    sandbox.await_report(0, "deploy", "done", DEPLOY);
    // On a busy machine the proxy may come up after the report.
    sandbox.await_answer("one", DEPLOY);
    Some(sandbox)
}

/// A commit that changes what the app says.
pub(crate) fn release(sandbox: &Sandbox, version: &str) -> String {
    sandbox.origin.commit(&[("version", version.as_bytes())])
}

/// A push of a new version to `main`: its commit, and a ring that nobody else has used.
pub(crate) fn push(sandbox: &Sandbox, version: &str) -> String {
    let commit = release(sandbox, version);
    ring(sandbox, &format!("push of {commit}"), "refs/heads/main", &commit);
    commit
}

/// All that docker has, running or not.
pub(crate) fn containers(sandbox: &Sandbox) -> String {
    sandbox.output(&["docker", "ps", "--all", "--format", "{{.Names}} {{.State}}"])
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
pub(crate) fn app() -> &'static PathBuf {
    static APP: OnceLock<PathBuf> = OnceLock::new();
    APP.get_or_init(|| app::build(Path::new(env!("CARGO_TARGET_TMPDIR"))))
}
