//! No request is lost while versions change.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::machine::{DEPLOY, config_of, installed_by, push, rendered};
use crate::visitors::{Habit, Seen, Visitor};

const DEPLOYS: usize = 10;

/// Each twice: quick ones that stay and that come anew, slow ones, and streams.
const VISITORS: [(&str, Habit); 8] = [
    ("/", Habit::Stay),
    ("/", Habit::Stay),
    ("/", Habit::Anew),
    ("/", Habit::Anew),
    ("/slow", Habit::Anew),
    ("/slow", Habit::Stay),
    ("/stream", Habit::Anew),
    ("/stream", Habit::Stay),
];

#[test]
fn ten_deploys_under_load_lose_no_request_and_never_go_back() {
    // Longer than any answer of the app takes.
    let Some(sandbox) = installed_by(&rendered(config_of(&json!({"drain_s": 30})), &[])) else { return };
    let start = Instant::now();
    let visitors = VISITORS.map(|(path, habit)| (path, Visitor::with(&sandbox, path, habit)));
    for count in 0..DEPLOYS {
        let seen = sandbox.reports().len();
        let version = format!("version {count}");
        push(&sandbox, &version);
        sandbox.await_answer(&version, DEPLOY);
        sandbox.await_report(seen, "deploy", "done", DEPLOY);
    }
    let mut all = 0;
    for (path, visitor) in visitors {
        let seen = visitor.end();
        assert_eq!(seen.failures, Vec::<String>::new(), "{path}");
        assert_moves_on(path, &seen);
        all += seen.requests;
    }
    println!("{all} requests over {DEPLOYS} deploys in {:?}: 0 failed", start.elapsed());
    assert!(all > 2000, "{all} requests are no load");
    // Nothing was waited for longer than the longest request.
    assert!(start.elapsed() < DEPLOYS as u32 * Duration::from_secs(60));
}

/// Every answer is whole, and of a version not older than that before it.
#[track_caller]
fn assert_moves_on(path: &str, seen: &Seen) {
    let versions: Vec<String> = std::iter::once("one".to_string())
        .chain((0..DEPLOYS).map(|count| format!("version {count}")))
        .map(|version| if path == "/stream" { format!("{version}\n").repeat(20) } else { version })
        .collect();
    let places: Vec<Option<usize>> =
        seen.answers.iter().map(|answer| versions.iter().position(|version| version == answer)).collect();
    assert!(!places.contains(&None), "{path}: an answer of no version, or not whole: {:?}", seen.answers);
    assert!(places.is_sorted(), "{path}: back to an older version: {places:?}");
}
