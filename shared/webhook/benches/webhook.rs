//! How long the judgement of a delivery takes, beside the HMAC over the same bytes, which no verifier can do without.
//!
//! Prints one JSON line. With a folder as its argument it also writes the deliveries there, for others to be measured with.
//! Started by `cargo xtask bench webhook`, which shows the figures and holds them to their bars.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on may stop")]

#[path = "webhook/deliveries.rs"]
mod deliveries;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use deliveries::{Delivery, SECRET};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

fn main() {
    let folder = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let mut figures = Map::new();
    for delivery in all() {
        assert!(delivery.judge().changes.iter().any(|change| change.verdict.deploy), "{}", delivery.name);
        figures.insert(delivery.name.into(), measure(&delivery));
        if let Some(folder) = &folder {
            write(Path::new(folder), &delivery);
        }
    }
    println!("{}", Value::Object(figures));
}

fn all() -> Vec<Delivery> {
    vec![
        deliveries::github("github_8k", 1),
        deliveries::github_indented("github_8k_indented", 1),
        deliveries::github("github_46k", COMMITS),
        deliveries::github("github_46k_paths", COMMITS).filtered("github_46k_paths"),
        deliveries::github("github_1m", 1_600),
        deliveries::gitlab("gitlab"),
        deliveries::bitbucket("bitbucket"),
    ]
}

/// Of the delivery of 46 KB.
const COMMITS: usize = 50;

/// The two are timed in turns, so that a busy machine slows both, and of many rounds the fastest counts.
fn measure(delivery: &Delivery) -> Value {
    let body = &delivery.request.body;
    // Long enough even for the small ones that the machine has a quiet moment: about a second, as for octokit.
    let rounds = (200_000_000 / body.len()).clamp(200, 20_000);
    let (mut alone, mut whole) = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        alone = alone.min(time(|| hmac(black_box(body))));
        whole = whole.min(time(|| black_box(delivery).judge()));
    }
    let allocations = allocation_counter::measure(|| drop(black_box(delivery.judge()))).count_total;
    let micros = |time: Duration| (time.as_secs_f64() * 1e8).round() / 100.0;
    json!({
        "bytes": body.len(),
        "hmac_us": micros(alone),
        "total_us": micros(whole),
        "ratio_to_hmac": (whole.as_secs_f64() / alone.as_secs_f64() * 100.0).round() / 100.0,
        "allocations": allocations,
    })
}

/// Of one call. A batch is so short that the machine rarely does anything else within it.
fn time<T>(mut what: impl FnMut() -> T) -> Duration {
    const BATCH: u32 = 4;
    let start = Instant::now();
    for _ in 0..BATCH {
        black_box(what());
    }
    start.elapsed() / BATCH
}

fn hmac(body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn write(folder: &Path, delivery: &Delivery) {
    let headers: Map<String, Value> =
        delivery.request.headers.iter().map(|(name, value)| (name.into(), value.into())).collect();
    let headers = json!({ "secret": SECRET, "headers": headers });
    fs::write(folder.join(format!("{}.json", delivery.name)), headers.to_string()).unwrap();
    fs::write(folder.join(format!("{}.body", delivery.name)), &delivery.request.body).unwrap();
}
