//! The simulated EC2 beside moto, which somebody else wrote: the same calls of boto3, and where they differ, the document
//! of AWS that decides. The calls are in `ec2_compare.py`.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ec2_sim::{World, WorldOptions, http};
use pushbox_shared::image::Image;
use pushbox_shared::machine::Arch;
use pushbox_shared::unix_time::UnixTime;
use serde_json::{Map, Value};
use tests::moto::Moto;
use tokio::net::TcpListener;

/// What was called, what came of it here and in moto, and who decides.
type Difference = (&'static str, &'static str, &'static str, &'static str);

/// Both columns are checked: a line that no longer holds is a failure, as a difference without a line is.
const DIFFERENCES: &[Difference] = &[
    (
        "pages of four",
        "InvalidParameterValue",
        "ok",
        "EC2 API reference, DescribeInstances: MaxResults is 5 to 1000",
    ),
    (
        "an unknown filter",
        "InvalidParameterValue",
        "something that is no answer",
        "EC2 API reference, DescribeInstances: Filters",
    ),
    (
        "describe what is no id",
        "InvalidInstanceID.Malformed",
        "InvalidInstanceID.NotFound",
        "Error codes for the Amazon EC2 API",
    ),
    ("tag nobody", "InvalidInstanceID.NotFound", "ok", "Error codes for the Amazon EC2 API"),
    ("a reserved key", "InvalidParameterValue", "ok", "EC2 User Guide, Tag restrictions: aws: is reserved"),
    ("a long key", "InvalidParameterValue", "ok", "EC2 API reference, Tag: at most 127 characters"),
    ("a long value", "InvalidParameterValue", "ok", "EC2 API reference, Tag: at most 256 characters"),
    (
        "start what runs",
        "running to running",
        "running to pending",
        "EC2 User Guide, Instance lifecycle: what runs stays so",
    ),
    (
        "reboot what is stopped",
        "IncorrectInstanceState",
        "ok",
        "EC2 User Guide, Instance lifecycle; Error codes",
    ),
    ("after that", "stopped", "running", "EC2 User Guide, Instance lifecycle"),
    ("the same token is the same instance", "true", "false", "EC2 Developer Guide, Ensuring idempotency"),
    (
        "the same token with other parameters",
        "IdempotentParameterMismatch",
        "ok",
        "EC2 Developer Guide, Ensuring idempotency",
    ),
    (
        "the token of what is terminated",
        "IdempotentInstanceTerminated",
        "ok",
        "Error codes for the Amazon EC2 API",
    ),
    (
        "start what is terminated",
        "IncorrectInstanceState",
        "ok",
        "EC2 User Guide, Instance lifecycle; Error codes",
    ),
    (
        "tag what is terminated",
        "InvalidInstanceID.NotFound",
        "ok",
        "EC2 User Guide, Instance lifecycle: its tags go with it",
    ),
    (
        "what is no type",
        "InvalidParameterValue",
        "InvalidInstanceType.NotFound",
        "Error codes for the Amazon EC2 API: there is no such code",
    ),
    (
        "17 KB of user data",
        "InvalidParameterValue",
        "ok",
        "EC2 User Guide, Instance user data: 16 KB, before base64",
    ),
    (
        "a token of 65 characters",
        "InvalidParameterValue",
        "ok",
        "EC2 Developer Guide, Ensuring idempotency: 64 characters",
    ),
    ("a group by interface that is not", "InvalidGroup.NotFound", "ok", "Error codes for the Amazon EC2 API"),
    (
        "fewer at most than at least",
        "InvalidParameterValue",
        "ok",
        "EC2 API reference, RunInstances: MinCount and MaxCount",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_differs_from_moto_where_aws_does() {
    let Some(moto) = Moto::start() else { return };
    let options = WorldOptions { boot_seconds: 2, stop_seconds: 2, ..WorldOptions::default() };
    let world = Arc::new(Mutex::new(World::new(options)));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    // Each request is one second later than the one before, so nothing waits.
    let seconds = AtomicU64::new(1_700_000_000);
    let clock = move || UnixTime::from_secs(seconds.fetch_add(1, Ordering::Relaxed));
    let server = tokio::spawn(http::serve(listener, world, clock));
    let both = tokio::task::spawn_blocking(move || {
        [outcomes(&moto.python, &address), outcomes(&moto.python, &moto.address)]
    });
    let [here, there] = both.await.expect("no panic");
    server.abort();

    let mut found = String::new();
    let mut listed = String::new();
    for (name, ours) in &here {
        let theirs = there.get(name).expect("the same calls");
        if ours != theirs {
            found.push_str(&format!("{name}: {} here, {} in moto\n", plain(ours), plain(theirs)));
        }
        for (_, ours, theirs, _) in DIFFERENCES.iter().filter(|difference| difference.0 == name) {
            listed.push_str(&format!("{name}: {ours} here, {theirs} in moto\n"));
        }
    }
    assert_eq!(found, listed, "left: what differs; right: what is listed");
    assert_eq!(DIFFERENCES.len(), listed.lines().count(), "every listed call is made");
    assert_eq!(here.len(), there.len());
}

fn plain(outcome: &Value) -> String {
    outcome.as_str().map_or_else(|| outcome.to_string(), String::from)
}

/// What came of each call at that address.
fn outcomes(python: &str, address: &str) -> Map<String, Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/ec2_compare.py");
    let image = Image::DEFAULT.image_id(Arch::Arm64);
    let output =
        Command::new(python).arg(script).args([address, &image]).output().expect("the interpreter just ran");
    assert!(output.status.success(), "{address}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}
