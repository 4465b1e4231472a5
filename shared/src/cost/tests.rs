use std::time::Duration;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::table::regions;
use super::*;
use crate::config::{Config, load};

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

#[track_caller]
fn check_ways(more: &str, expected: &Expect) {
    let config = config(more);
    let ways = ways(&config, &Month::asleep(&config)).expect("a price");
    let all: Vec<Figure> = ways.all().cloned().collect();
    expected.assert_eq(&format!("{}{}\n", shown(&all), ways.verdict().unwrap_or_default()));
}

#[test]
fn other_ways_are_told_honestly() {
    check_ways(
        r#", "box": {"types": ["t4g.large"], "spot": "only"}"#,
        &expect![[r#"
        This box, always on $24.23: 730 h a month
        This box, asleep when nobody comes $7.65: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after), on demand, because spot cannot sleep; asleep it costs its disk
        The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
        Amazon Lightsail $44.00: 8 GB of memory, 160 GB of disk and 5 TB of traffic, charged on or off; you install and deploy yourself
        This box is cheaper than Lightsail's $44.00 even when it is always on.
    "#]],
    );
    check_ways(
        r#", "box": {"types": ["t3.nano"], "disk_gb": 20, "address": "elastic"}"#,
        &expect![[r#"
            This box, always on $9.05: 730 h a month
            This box, asleep when nobody comes $5.75: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk and its address
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $5.00: 0.5 GB of memory, 20 GB of disk and 1 TB of traffic, charged on or off; you install and deploy yourself
            Lightsail is cheaper: $5.00, not $5.75 or $9.05.
        "#]],
    );
    check_ways(
        r#", "box": {"types": ["t4g.nano"], "disk_gb": 8, "spot": "only"}"#,
        &expect![[r#"
        This box, always on $5.52: 730 h a month
        This box, asleep when nobody comes $1.51: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after), on demand, because spot cannot sleep; asleep it costs its disk
        The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
        Amazon Lightsail $5.00: 0.5 GB of memory, 20 GB of disk and 1 TB of traffic, charged on or off; you install and deploy yourself
        If your app is always on, Lightsail is cheaper: $5.00, not $5.52. If it may sleep, this box is: $1.51.
    "#]],
    );
    check_ways(
        r#", "box": {"disk_gb": 160}, "sleep": {"schedule": "mon-sun 00:00-24:00 UTC"}"#,
        &expect![[r#"
            This box, always on $28.72: 730 h a month
            This box, asleep when nobody comes $28.73: 730 h a month (24 hours on 7 days a week, and 15 minutes after, as if woken when its hours begin); asleep it costs its disk
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $22.00: 2 GB of memory, 60 + 100 GB of disk and 3 TB of traffic, charged on or off; you install and deploy yourself
            Lightsail is cheaper: $22.00, not $28.72.
        "#]],
    );
    check_ways(
        r#", "box": {"region": "sa-east-1", "disk_gb": 700}"#,
        &expect![[r#"
        This box, always on $129.62: 730 h a month
        This box, asleep when nobody comes $109.36: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk
        The article's way $18.44: t2.micro with 1 GB of memory in sa-east-1, 8 GB of disk, always on

    "#]],
    );
    check_ways(
        r#", "box": {"region": "ap-south-1", "types": ["c7g.large"]}"#,
        &expect![[r#"
        This box, always on $40.59: 730 h a month
        This box, asleep when nobody comes $6.11: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk
        The article's way $13.43: t2.micro with 1 GB of memory in ap-south-1, 8 GB of disk, always on
        Amazon Lightsail $24.00: 4 GB of memory, 80 GB of disk and 2 TB of traffic, charged on or off; you install and deploy yourself
        If your app is always on, Lightsail is cheaper: $24.00, not $40.59. If it may sleep, this box is: $6.11.
    "#]],
    );
    check_ways(
        "",
        &expect![[r#"
            This box, always on $16.88: 730 h a month
            This box, asleep when nobody comes $2.99: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $12.00: 2 GB of memory, 60 GB of disk and 3 TB of traffic, charged on or off; you install and deploy yourself
            If your app is always on, Lightsail is cheaper: $12.00, not $16.88. If it may sleep, this box is: $2.99.
        "#]],
    );
    check_ways(
        r#", "box": {"types": ["t4g.nano"], "disk_gb": 8, "address": "elastic"}"#,
        &expect![[r#"
            This box, always on $7.36: 730 h a month
            This box, asleep when nobody comes $4.70: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk and its address
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $5.00: 0.5 GB of memory, 20 GB of disk and 1 TB of traffic, charged on or off; you install and deploy yourself
            If your app is always on, Lightsail is cheaper: $5.00, not $7.36. If it may sleep, this box is: $4.70.
        "#]],
    );
    check_ways(
        r#", "box": {"types": ["t2.large"], "disk_gb": 400}"#,
        &expect![[r#"
            This box, always on $103.40: 730 h a month
            This box, asleep when nobody comes $41.05: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $68.00: 8 GB of memory, 160 + 240 GB of disk and 5 TB of traffic, charged on or off; you install and deploy yourself
            If your app is always on, Lightsail is cheaper: $68.00, not $103.40. If it may sleep, this box is: $41.05.
        "#]],
    );
    check_ways(
        r#", "box": {"region": "eu-north-1", "types": ["c7g.medium"], "spot": "fallback"}"#,
        &expect![[r#"
            This box, always on $15.96: 730 h a month
            This box, asleep when nobody comes $5.06: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after), on demand, because spot cannot sleep; asleep it costs its disk
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $12.00: 2 GB of memory, 60 GB of disk and 3 TB of traffic, charged on or off; you install and deploy yourself
            If your app is always on, Lightsail is cheaper: $12.00, not $15.96. If it may sleep, this box is: $5.06.
        "#]],
    );
}

#[test]
fn visitors_cost_the_same_on_any_machine() {
    let config = config("");
    let with = |gb| ways(&config, &Month { data_out_gb: gb, ..Month::ALWAYS_ON }).expect("a price");
    let article = |ways: &Ways| ways.article.as_ref().expect("it").usd;
    let (few, many) = (with(100.0), with(300.0));
    assert_eq!(dollars(article(&many) - article(&few)), "$18.00");
    assert_eq!(dollars(many.on.usd - few.on.usd), "$18.00");
    // Plans have traffic in them, until they have no more.
    assert_eq!(few.lightsail, many.lightsail);
    assert_eq!(with(5_000.0).lightsail.map(|plan| dollars(plan.usd)).as_deref(), Some("$44.00"));
    assert_eq!(with(20_000.0).verdict(), None);
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

/// In 2027, when no trial is left.
#[track_caller]
fn check_notes(more: &str, expected: &Expect) {
    let config = config(more);
    let notes = notes(&config, &Month::of(&config), Duration::from_secs(1_798_761_600));
    expected.assert_eq(&notes.join("\n"));
}

#[test]
fn what_is_not_counted_is_said() {
    check_notes(
        "",
        &expect![[r#"
        AWS gives new accounts up to $200 of credits for a while. They are not taken off here.
        Its CPU credits cover 20 % of its processors, over a day or until it is switched off. Beyond that it costs more: up to $46.72 a month if they never rested. With box.cpu_credits "standard" it becomes slow instead.
        The machine's price is of 2025-03-02; one in cost.hourly_price counts instead. Taxes are not included."#]],
    );
    check_notes(
        r#", "box": {"cpu_credits": "standard"}, "sleep": {"after_idle_minutes": 15}"#,
        &expect![[r#"
            AWS gives new accounts up to $200 of credits for a while. They are not taken off here.
            With standard CPU credits it never pays for more, and is slow when they are used up.
            The machine's price is of 2025-03-02; one in cost.hourly_price counts instead. Taxes are not included."#]],
    );
    check_notes(
        r#", "box": {"types": ["m7g.medium"], "cpu_credits": "standard"}"#,
        &expect![[r#"
        AWS gives new accounts up to $200 of credits for a while. They are not taken off here.
        The machine's price is of 2025-03-02; one in cost.hourly_price counts instead. Taxes are not included."#]],
    );
    check_notes(
        r#", "box": {"types": ["t4g.xlarge"]}, "cost": {"hourly_price": 0.1}"#,
        &expect![[r#"
        AWS gives new accounts up to $200 of credits for a while. They are not taken off here.
        What its processors do beyond its CPU credits costs $0.04 a vCPU-hour more.
        Taxes are not included."#]],
    );
    check_notes(
        r#", "box": {"types": ["t3.nano", "t4g.large", "x9.huge"], "spot": "fallback"}"#,
        &expect![[r#"
            AWS gives new accounts up to $200 of credits for a while. They are not taken off here.
            Its CPU credits cover 5 % of its processors, over a day or until it is switched off. Beyond that it costs more: up to $69.35 a month if they never rested. With box.cpu_credits "standard" it becomes slow instead.
            The price of spot changes all the time; AWS's console shows today's, and cost.hourly_price takes it. While EC2 has none, the box costs $0.0052 an hour.
            Where EC2 has no t3.nano, the month is that of another type: t4g.large, $24.23; x9.huge, whose price is not known.
            The machine's price is of 2025-03-02; one in cost.hourly_price counts instead. Taxes are not included."#]],
    );
    check_notes(
        r#", "box": {"types": ["c7g.medium"], "spot": "only"}"#,
        &expect![[r#"
        AWS gives new accounts up to $200 of credits for a while. They are not taken off here.
        The price of spot changes all the time; AWS's console shows today's, and cost.hourly_price takes it.
        The machine's price is of 2025-03-02; one in cost.hourly_price counts instead. Taxes are not included."#]],
    );
}

#[test]
fn the_trial_ends_with_its_day() {
    let trial = |more: &str, now: u64| {
        let config = config(more);
        notes(&config, &Month::ALWAYS_ON, Duration::from_secs(now))
            .into_iter()
            .find(|note| note.starts_with("Until "))
    };
    expect!["Until 2026-12-31 every AWS account has 750 hours a month of t4g.small free of charge, but not its CPU credits: with them this is $4.61."].assert_eq(&trial("", 1_798_761_599).expect("on its last day"));
    assert_eq!(trial("", 1_798_761_600), None);
    assert_eq!(trial(r#", "box": {"spot": "only"}"#, 0), None);
    assert_eq!(trial(r#", "box": {"types": ["t4g.micro"]}"#, 0), None);
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
