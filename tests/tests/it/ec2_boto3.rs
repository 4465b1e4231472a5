//! The simulated EC2 in the eyes of a real SDK: boto3 against the Query API. The checks are in `ec2_boto3.py`.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ec2_sim::{World, WorldOptions, http};
use pushbox_shared::unix_time::UnixTime;
use tokio::net::TcpListener;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boto3_sees_an_ec2() {
    let Some(python) = python_with_boto3() else { return };
    let options = WorldOptions { boot_seconds: 5, stop_seconds: 5, ..WorldOptions::default() };
    let world = Arc::new(Mutex::new(World::new(options)));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    // Each request is one second later than the one before, so nothing waits and nothing is left to chance.
    let seconds = Arc::new(AtomicU64::new(1_700_000_000));
    let clock = {
        let seconds = Arc::clone(&seconds);
        move || UnixTime::from_secs(seconds.fetch_add(1, Ordering::Relaxed))
    };
    let server = tokio::spawn(http::serve(listener, Arc::clone(&world), clock));
    let boxes = tokio::spawn(speak(Arc::clone(&world), seconds));

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/ec2_boto3.py");
    let run = move || {
        let url = format!("http://{address}");
        Command::new(python).arg(script).arg(url).output().expect("the interpreter just ran")
    };
    let output = tokio::task::spawn_blocking(run).await.expect("no panic");
    boxes.abort();
    server.abort();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(!world.lock().expect("no panic").calls().is_empty(), "the calls went to the simulated EC2");
}

/// Each instance says a line on its serial console once it is there.
async fn speak(world: Arc<Mutex<World>>, seconds: Arc<AtomicU64>) {
    let mut heard = BTreeSet::new();
    loop {
        let now = UnixTime::from_secs(seconds.load(Ordering::Relaxed));
        if let Ok(mut world) = world.lock() {
            for seen in world.instances(now) {
                let id = seen.instance.id;
                if heard.insert(id.clone()) {
                    world.say(now, &id, &format!("hello from {id} <&> äöü\n"));
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The interpreter named by `PUSHBOX_PYTHON`, if it has boto3. Without one the test is skipped, but never in CI.
fn python_with_boto3() -> Option<String> {
    let reason = match std::env::var("PUSHBOX_PYTHON") {
        Err(_) => "PUSHBOX_PYTHON is not set".to_string(),
        Ok(python) => match Command::new(&python).args(["-c", "import boto3"]).output() {
            Err(error) => format!("PUSHBOX_PYTHON={python} does not start: {error}"),
            Ok(output) if !output.status.success() => format!("PUSHBOX_PYTHON={python} has no boto3"),
            Ok(_) => return Some(python),
        },
    };
    let advice = "python3 -m venv VENV && VENV/bin/pip install boto3, then PUSHBOX_PYTHON=VENV/bin/python";
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{reason}; in CI this test must run: {advice}");
    // Not `println`: the test harness would keep it to itself.
    let _ = writeln!(std::io::stderr(), "skipped: {reason} ({advice})");
    None
}
