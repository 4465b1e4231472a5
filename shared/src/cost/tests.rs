//! The bill, part by part.

mod notes;
mod ways;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::table::regions;
use super::*;
use crate::checked::load;
use crate::config::Config;

fn config(more: &str) -> Config {
    let text = format!(r#"{{"app": "foo", "repo": {{"url": "https://github.com/usil/foo"}}{more}}}"#);
    load(text.as_bytes()).expect("a config")
}

fn shown(figures: &[Figure]) -> String {
    figures.iter().map(|one| format!("{} {}: {}\n", one.label, dollars(one.usd), one.assumes)).collect()
}

#[track_caller]
fn check(more: &str, expected: &Expect) {
    let config = config(more);
    let estimate = estimate(&config, &Month::of(&config)).expect("a price");
    expected.assert_eq(&format!("{}= {}\n", shown(&estimate.parts), dollars(estimate.total())));
}

#[test]
fn the_default() {
    check(
        "",
        &expect![[r#"
            Machine $12.26: 730 h of t4g.small in us-east-1 at $0.0168 an hour, on demand, as of 2025-03-02
            Disk $0.96: 12 GB of gp3 at $0.08 a month, on or off
            Address $3.65: 730 h of a public IPv4 address at $0.005, while the box is on
            Data out $0.00: 5 GB; beyond 100 GB a month $0.09 each
            Function under $0.01: 200 invocations of 5 s with 128 MB, and their log, without AWS's free tier
            = $16.88
        "#]],
    );
}

#[test]
fn asleep_it_costs_its_disk_and_few_hours() {
    check(
        r#", "sleep": {"after_idle_minutes": 15}"#,
        &expect![[r#"
            Machine $1.55: 92.3 h of t4g.small in us-east-1 at $0.0168 an hour, on demand, as of 2025-03-02
            Disk $0.96: 12 GB of gp3 at $0.08 a month, on or off
            Address $0.46: 92.3 h of a public IPv4 address at $0.005, while the box is on
            Data out $0.00: 5 GB; beyond 100 GB a month $0.09 each
            Function $0.02: 200 invocations of 60 s with 128 MB, and their log, without AWS's free tier
            = $2.99
        "#]],
    );
    check(
        r#", "sleep": {"schedule": "mon-fri 08:00-18:00 Europe/Berlin"}"#,
        &expect![[r#"
            Machine $3.74: 222.7 h of t4g.small in us-east-1 at $0.0168 an hour, on demand, as of 2025-03-02
            Disk $0.96: 12 GB of gp3 at $0.08 a month, on or off
            Address $1.11: 222.7 h of a public IPv4 address at $0.005, while the box is on
            Data out $0.00: 5 GB; beyond 100 GB a month $0.09 each
            Function $0.02: 200 invocations of 60 s with 128 MB, and their log, without AWS's free tier
            = $5.83
        "#]],
    );
}

#[test]
fn an_elastic_address_costs_while_the_box_is_off() {
    check(
        r#", "sleep": {"after_idle_minutes": 15}, "box": {"address": "elastic"}"#,
        &expect![[r#"
            Machine $1.55: 92.3 h of t4g.small in us-east-1 at $0.0168 an hour, on demand, as of 2025-03-02
            Disk $0.96: 12 GB of gp3 at $0.08 a month, on or off
            Address $3.65: 730 h of a public IPv4 address at $0.005, kept also while it is off
            Data out $0.00: 5 GB; beyond 100 GB a month $0.09 each
            Function $0.02: 200 invocations of 60 s with 128 MB, and their log, without AWS's free tier
            = $6.18
        "#]],
    );
}

#[test]
fn elsewhere_as_spot_and_by_an_own_price() {
    check(
        r#", "box": {"region": "sa-east-1", "types": ["t3a.micro", "t4g.micro"], "spot": "only"}"#,
        &expect![[r#"
            Machine $4.41: 730 h of t3a.micro in sa-east-1 at $0.00604 an hour, as spot, taken to be 60 % below on demand
            Disk $1.82: 12 GB of gp3 at $0.152 a month, on or off
            Address $3.65: 730 h of a public IPv4 address at $0.005, while the box is on
            Data out $0.00: 5 GB; beyond 100 GB a month $0.15 each
            Function under $0.01: 200 invocations of 5 s with 128 MB, and their log, without AWS's free tier
            = $9.89
        "#]],
    );
    check(
        r#", "box": {"region": "mars-north-1", "types": ["x9.huge"]}, "cost": {"hourly_price": 0.5}"#,
        &expect![[r#"
            Machine $365.00: 730 h of x9.huge in mars-north-1 at $0.5 an hour, which is your price
            Disk $0.96: 12 GB of gp3 at $0.08 a month (as in us-east-1), on or off
            Address $3.65: 730 h of a public IPv4 address at $0.005, while the box is on
            Data out $0.00: 5 GB; beyond 100 GB a month $0.09 each (as in us-east-1)
            Function under $0.01: 200 invocations of 5 s with 128 MB, and their log, without AWS's free tier
            = $369.61
        "#]],
    );
}

#[test]
fn without_a_price_it_says_what_to_do() {
    let config = config(r#", "box": {"types": ["m5.large"]}"#);
    let problem = estimate(&config, &Month::ALWAYS_ON).unwrap_err();
    expect!["cost.hourly_price: the price table does not know m5.large in us-east-1; enter what AWS's price list says, in USD an hour"].assert_eq(&problem.to_string());
    assert_eq!(ways(&config, &Month::asleep(&config)).unwrap_err(), problem);
}

#[test]
fn what_a_person_says_of_the_month_is_counted() {
    let config = config("");
    let month = Month { data_out_gb: 150.0, snapshot_gb: 10.0, surplus_vcpu_hours: 20.0, ..Month::ALWAYS_ON };
    let estimate = estimate(&config, &month).expect("a price");
    let of = |id: &str| estimate.parts.iter().find(|part| part.id == id).map(|part| dollars(part.usd));
    assert_eq!(of("out").as_deref(), Some("$4.50"));
    assert_eq!(of("snapshots").as_deref(), Some("$0.50"));
    assert_eq!(of("surplus").as_deref(), Some("$0.80"));
}

/// The totals of the research, by their own arithmetic: hours, 8 GB, an address.
#[test]
fn known_totals_in_us_east_1() {
    for (name, expected) in [
        ("t4g.nano", 7.36),
        ("t3a.nano", 7.72),
        ("t3.nano", 8.09),
        ("t2.nano", 8.52),
        ("t4g.micro", 10.42),
        ("t3a.micro", 11.15),
        ("t3.micro", 11.88),
        ("t2.micro", 12.76),
        ("t4g.small", 16.55),
        ("t3.small", 19.47),
    ] {
        let config = config(&format!(r#", "box": {{"types": ["{name}"], "disk_gb": 8}}"#));
        let estimate = estimate(&config, &Month::ALWAYS_ON).expect(name);
        let total: f64 =
            estimate.parts.iter().filter(|part| part.id != "function").map(|part| part.usd).sum();
        assert!((total - expected).abs() < 0.01, "{name}: {total}");
    }
}

#[test]
fn a_function_that_is_busy_costs_what_lambda_says() {
    let usd = |arch: &str| {
        let config = config(&format!(r#", "function": {{"arch": "{arch}", "memory_mb": 1024}}"#));
        let month = Month { invocations: 1e6, invocation_seconds: 1.0, ..Month::ALWAYS_ON };
        let estimate = estimate(&config, &month).expect("a price");
        estimate.parts.iter().find(|part| part.id == "function").map(|part| dollars(part.usd))
    };
    // A million invocations at $0.20, a million GB-seconds, and a GB of log at $0.50.
    assert_eq!(usd("arm64").as_deref(), Some("$14.03"));
    assert_eq!(usd("x86_64").as_deref(), Some("$17.37"));
}

#[test]
fn credits_cost_more_for_x86_64_and_nothing_where_there_are_none() {
    let usd = |more: &str| {
        let estimate = estimate(&config(more), &Month { surplus_vcpu_hours: 100.0, ..Month::ALWAYS_ON });
        let parts = estimate.expect("a price").parts;
        parts.iter().find(|part| part.id == "surplus").map(|part| dollars(part.usd))
    };
    assert_eq!(usd(r#", "box": {"types": ["t4g.small"]}"#).as_deref(), Some("$4.00"));
    assert_eq!(usd(r#", "box": {"types": ["t3a.small"]}"#).as_deref(), Some("$5.00"));
    assert_eq!(usd(r#", "box": {"types": ["t3.small"], "cpu_credits": "standard"}"#), None);
    assert_eq!(usd(r#", "box": {"types": ["m7g.medium"], "cpu_credits": "standard"}"#), None);
}

#[test]
fn a_schedule_without_a_night_is_always_on() {
    let all_week = config(r#", "sleep": {"schedule": "mon-sun 00:00-24:00 UTC"}"#);
    assert!((Month::of(&all_week).hours - HOURS).abs() < 1e-9);
}

#[test]
fn what_the_page_hands_over_need_not_be_whole() {
    let mut config = config("");
    config.box_.types.clear();
    assert_eq!(estimate(&config, &Month::ALWAYS_ON).unwrap_err().path, "box.types");
    config.box_.types.push("t4g.nano".into());
    config.box_.region.clear();
    assert_eq!(estimate(&config, &Month::ALWAYS_ON).unwrap_err().path, "box.region");
    config.box_.region = "\u{202e}é".into();
    let problem = ways(&config, &Month::ALWAYS_ON).unwrap_err();
    assert_eq!(problem.path, "cost.hourly_price");
    assert!(problem.message.contains(r"t4g.nano in \u{202e}é; "), "{problem}");
}

#[test]
fn amounts_are_written_as_people_read_them() {
    for (usd, expected) in [(0.0, "$0.00"), (0.004, "under $0.01"), (0.005, "$0.01"), (16.874, "$16.87")] {
        assert_eq!(dollars(usd), expected);
    }
}

proptest! {
    /// More hours, more disk, more traffic or a larger machine never cost less; and nothing is negative.
    #[test]
    fn more_is_never_cheaper(
        hours in 0.0..HOURS, more in 0.0..100.0f64, disk in 8..500u32, gb in 0.0..1000.0f64,
        region in prop::sample::select(regions().collect::<Vec<_>>()),
        sizes in prop::sample::select(vec![("nano", "micro"), ("micro", "small"), ("small", "medium"), ("medium", "large")]),
        address in prop::sample::select(vec!["auto", "elastic"]), spot in prop::sample::select(vec!["off", "only"]),
    ) {
        let total = |hours: f64, disk: u32, gb: f64, size: &str| {
            let more = format!(
                r#", "box": {{"region": "{region}", "types": ["t4g.{size}"], "disk_gb": {disk}, "address": "{address}", "spot": "{spot}"}}"#
            );
            let month = Month { hours, data_out_gb: gb, snapshot_gb: gb, ..Month::ALWAYS_ON };
            let estimate = estimate(&config(&more), &month).expect("a price");
            assert!(estimate.parts.iter().all(|part| part.usd >= 0.0), "{estimate:?}");
            estimate.total()
        };
        let least = total(hours, disk, gb, sizes.0);
        prop_assert!(total((hours + more).min(HOURS), disk, gb, sizes.0) >= least);
        prop_assert!(total(hours, disk + 1, gb, sizes.0) > least);
        prop_assert!(total(hours, disk, gb + more, sizes.0) >= least);
        prop_assert!(total(hours, disk, gb, sizes.1) >= least);
    }
}
