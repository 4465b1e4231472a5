//! How often the judgement of a delivery asks for memory. A count, so it is the same on every machine; the times are
//! `cargo xtask bench webhook`'s.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "all of it is tests, helpers too")]

#[allow(dead_code, reason = "the bench measures more of them")]
#[path = "../benches/webhook/deliveries.rs"]
mod deliveries;

use deliveries::Delivery;

fn count(delivery: &Delivery) -> u64 {
    assert!(delivery.judge().changes.iter().any(|change| change.verdict.deploy), "{}", delivery.name);
    allocation_counter::measure(|| drop(delivery.judge())).count_total
}

#[test]
fn a_push_takes_at_most_thirty() {
    for delivery in [
        deliveries::github("github", 1),
        deliveries::github("github with 50 commits", 50),
        deliveries::gitlab("gitlab"),
        deliveries::bitbucket("bitbucket"),
    ] {
        let count = count(&delivery);
        assert!(count <= 30, "{}: {count}", delivery.name);
    }
}

#[test]
fn a_path_filter_takes_at_most_two_a_commit() {
    let without = count(&deliveries::github("without", 50));
    let with = count(&deliveries::github("", 50).filtered("with"));
    assert!(with - without <= 2 * 50, "{without} and {with}");
}
