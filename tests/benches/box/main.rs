//! What a push costs on a box, measured in the sandbox: pushbox beside the way that gave the idea, with the same app on the
//! same machine. Prints one line of JSON; `cargo xtask bench box` reads it.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is not one")]

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::app;
use tests::pushbox::Place;
use tests::sandbox::{Sandbox, debian};

const URL: &str = "https://git.test/usil/foo.git";
const ARTICLE: &str = include_str!("article.sh");
const PATIENCE: Duration = Duration::from_secs(300);
/// How long the idle agent is watched.
const IDLE: Duration = Duration::from_secs(60);
/// Changes of one line that are pushed to pushbox, and to the other way.
const OURS: usize = 5;
const THEIRS: usize = 2;

/// A layer of dependencies and the app above it.
const DOCKERFILE: &str = r#"FROM base:1
COPY requirements.txt /
RUN ["/usr/bin/python3", "/requirements.txt"]
COPY app version /
CMD ["/app"]
"#;

/// What the layer takes: some seconds of a processor, as installing a package or two does.
const REQUIREMENTS: &[u8] = b"import compileall, glob
for _ in range(6):
    for file in sorted(glob.glob('/usr/lib/python3.11/*.py')):
        compileall.compile_file(file, force=True, quiet=2)
";

/// As much of the box's own system as Python needs, for an image to begin with.
const BASE: &str = "cd /; libraries=usr/lib/$(uname -m)-linux-gnu; tar --create usr/bin/python3* usr/lib/python3.11 \
    lib lib64 usr/lib64 $libraries/{ld-linux*,libc.so*,libm.so*,libz.so*,libexpat.so*} | docker import - base:1";

fn main() {
    let Some(debian) = debian() else { return };
    let theirs = article(&debian);
    let ours = pushbox(&debian);
    let middle = |values: &[f64]| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    };
    let redeploy = middle(&ours.redeploy);
    println!(
        "{}",
        json!({
            "redeploy_s": redeploy,
            "rebuild_s": middle(&theirs.redeploy),
            "redeploy_gain": middle(&theirs.redeploy) / redeploy,
            "requests": ours.requests,
            "failed_requests": ours.failed,
            "rebuild_requests": theirs.requests,
            "rebuild_failed_requests": theirs.failed,
            "tag_to_build_s": ours.to_build.iter().copied().fold(0.0, f64::max),
            "agent_cpu_percent": ours.cpu_percent,
            "agent_mb": ours.megabytes,
        })
    );
}

#[derive(Default)]
struct Figures {
    /// Seconds from the push being seen to its version being served.
    redeploy: Vec<f64>,
    /// Seconds from the change of the tags to the start of the build.
    to_build: Vec<f64>,
    requests: usize,
    failed: usize,
    cpu_percent: f64,
    megabytes: f64,
}

fn pushbox(debian: &Path) -> Figures {
    let place = Place::new();
    place.write(
        "pushbox.json",
        json!({"app": "my_app", "repo": {"url": URL}, "run": {"drain_s": 5}}).to_string(),
    );
    let sandbox = machine(debian, &place.output(&["render", "user-data"]));
    run_user_data(&sandbox);
    sandbox.await_report(0, "deploy", "done", PATIENCE);

    let mut figures = Figures::default();
    (figures.cpu_percent, figures.megabytes) = idle(&sandbox);
    let load = under_load(&sandbox, || {
        for number in 0..OURS {
            let version = format!("version {number}");
            let commit = sandbox.origin.commit(&[("version", version.as_bytes())]);
            let seen = sandbox.reports().len();
            let rung = Instant::now();
            sandbox.metadata.ring(&number.to_string(), "refs/heads/main", &commit);
            sandbox.await_report(seen, "fetch", "started", PATIENCE);
            let pushed = Instant::now();
            sandbox.await_report(seen, "build", "started", PATIENCE);
            figures.to_build.push(rung.elapsed().as_secs_f64());
            sandbox.await_answer(&version, PATIENCE);
            figures.redeploy.push(pushed.elapsed().as_secs_f64());
            sandbox.await_report(seen, "deploy", "done", PATIENCE);
        }
    });
    (figures.requests, figures.failed) = load;
    figures
}

fn article(debian: &Path) -> Figures {
    let sandbox = machine(debian, ARTICLE);
    run_user_data(&sandbox);
    sandbox.await_answer("one", PATIENCE);
    let mut figures = Figures::default();
    let load = under_load(&sandbox, || {
        for number in 0..THEIRS {
            let version = format!("version {number}");
            sandbox.origin.commit(&[("version", version.as_bytes())]);
            let pushed = Instant::now();
            run_user_data(&sandbox);
            sandbox.await_answer(&version, PATIENCE);
            figures.redeploy.push(pushed.elapsed().as_secs_f64());
        }
    });
    (figures.requests, figures.failed) = load;
    figures
}

/// A box that is on, with the app in its repository and the base of its image in docker.
fn machine(debian: &Path, user_data: &str) -> Sandbox {
    let mut sandbox = Sandbox::new(debian, user_data, URL);
    let folder = tempfile::tempdir().unwrap();
    sandbox.origin.add("app", &app::build(folder.path()));
    sandbox.origin.commit(&[
        ("Dockerfile", DOCKERFILE.as_bytes()),
        ("requirements.txt", REQUIREMENTS),
        ("version", b"one"),
    ]);
    sandbox.boot();
    sandbox.output(&["bash", "-c", BASE]);
    sandbox
}

fn run_user_data(sandbox: &Sandbox) {
    let output = sandbox.run_user_data();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), sandbox.story());
}

/// Requests, one after the other, while that happens: all of them, and those that failed.
fn under_load(sandbox: &Sandbox, work: impl FnOnce()) -> (usize, usize) {
    let (is_over, requests, failed) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                requests.fetch_add(1, Ordering::Relaxed);
                if sandbox.get("/").is_none() {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
                // A visitor every few moments; a refused one would come back at once.
                thread::sleep(Duration::from_millis(10));
            }
        });
        work();
        is_over.store(true, Ordering::Relaxed);
    });
    (requests.into_inner(), failed.into_inner())
}

/// The agent's share of one processor, with all that it starts, and its memory.
fn idle(sandbox: &Sandbox) -> (f64, f64) {
    let pid = sandbox.output(&["pgrep", "--oldest", "--full", "user-data.sh agent"]);
    let pid = pid.trim();
    let ticks = || {
        let stat = sandbox.output(&["cat", &format!("/proc/{pid}/stat")]);
        let after_name = stat.rsplit_once(')').unwrap().1;
        // utime, stime, cutime and cstime: fields 14 to 17 of proc(5), of which two stand before the name's end.
        after_name.split_whitespace().skip(11).take(4).map(|field| field.parse::<f64>().unwrap()).sum::<f64>()
    };
    let (before, started) = (ticks(), Instant::now());
    // The time that passes is what is measured.
    thread::sleep(IDLE);
    let used = (ticks() - before) / 100.0;
    let status = sandbox.output(&["grep", "VmRSS", &format!("/proc/{pid}/status")]);
    let kilobytes: f64 = status.split_whitespace().nth(1).unwrap().parse().unwrap();
    (used / started.elapsed().as_secs_f64() * 100.0, kilobytes / 1024.0)
}
