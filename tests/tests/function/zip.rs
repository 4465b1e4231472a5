//! The zip as Lambda is given it: unpacked anywhere, its program reads the config beside it.

use std::path::PathBuf;

use tests::function::{Function, hook, skip};
use tests::pushbox::{CONFIG, Place, SECRET, push_of};
use tests::unzip::{mode, unzip};

use crate::simulated::Simulated;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_unpacked_judges_a_delivery() {
    let Some(base) = base() else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let base = base.to_str().expect("a path of UTF-8");
    place.output(&["render", "function-zip", "--base", base, "--out", "function.zip"]);
    // As in Lambda, there is no other config than the one in the zip.
    std::fs::remove_file(place.path("pushbox.json")).expect("our file");
    let folder = place.path("task");
    if !unzip(&place.path("function.zip"), &folder) {
        return;
    }
    let bootstrap = folder.join("bootstrap");
    assert_eq!((mode(&bootstrap), mode(&folder.join("pushbox.json"))), (0o755, 0o644));

    let ec2 = Simulated::start().await;
    let nowhere = [("PUSHBOX_CONFIG", "")];
    let function = Function::start_with(&bootstrap, &place, &ec2.address, &nowhere, 1).await;
    let body = push_of("refs/heads/main", 'a');
    let forged = function.request(hook(&place.sign("another secret", &body, &[]), &body)).await;
    assert_eq!(forged.status, 401, "{}", forged.body);
    let other = push_of("refs/heads/other", 'a');
    let other = function.request(hook(&place.sign(SECRET, &other, &[]), &other)).await;
    assert_eq!((other.status, other.json("result")), (200, "ignored".into()), "{}", other.body);
    let answer = function.request(hook(&place.sign(SECRET, &body, &[]), &body)).await;
    assert_eq!((answer.status, answer.json("result")), (202, "accepted".into()), "{}", answer.body);
    assert_eq!(ec2.calls(), ["RunInstances", "CreateTags"]);
}

/// The built function in a zip, as `cargo xtask dist` makes it, or nothing where there is none.
fn base() -> Option<PathBuf> {
    let zip = std::env::var_os("PUSHBOX_FUNCTION_ZIP").map(PathBuf::from);
    if zip.is_none() {
        skip("no zip of a built function; `cargo xtask test function` makes it");
    }
    zip
}
