//! What is said because it is not counted.

use super::*;
use crate::unix_time::UnixTime;

/// In 2027, when no trial is left.
#[track_caller]
fn check_notes(more: &str, expected: &Expect) {
    let config = config(more);
    let notes = notes(&config, &Month::of(&config), UnixTime::from_secs(1_798_761_600));
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
        notes(&config, &Month::ALWAYS_ON, UnixTime::from_secs(now))
            .into_iter()
            .find(|note| note.starts_with("Until "))
    };
    expect!["Until 2026-12-31 every AWS account has 750 hours a month of t4g.small free of charge, but not its CPU credits: with them this is $4.61."].assert_eq(&trial("", 1_798_761_599).expect("on its last day"));
    assert_eq!(trial("", 1_798_761_600), None);
    assert_eq!(trial(r#", "box": {"spot": "only"}"#, 0), None);
    assert_eq!(trial(r#", "box": {"types": ["t4g.micro"]}"#, 0), None);
}
