//! What a month costs: as the command line says it, and as a month is lived through.

use expect_test::{Expect, expect};
use pushbox_shared::checked;
use pushbox_shared::cost::{Month, estimate};
use tests::month::{CONFIG as SLEEPY, Outcome, SHAPES, live_through};
use tests::pushbox::{CONFIG, Place};

/// A month of that shape: what it was, and what it cost.
#[track_caller]
fn check(name: &str, expected: &Expect) {
    let shape = SHAPES.iter().find(|shape| shape.name == name).expect(name);
    let Outcome { hours, starts, invocations, invocation_seconds } = live_through(shape);
    let outcome = Outcome { hours, starts, invocations, invocation_seconds };
    let config = checked::load(SLEEPY.as_bytes()).expect("a config");
    let usd = estimate(&config, &outcome.month()).expect("a price").total();
    expected.assert_eq(&format!(
        "{hours:.2} h, {starts} starts, {invocations} invocations of {invocation_seconds:.0} s together: ${usd:.2}"
    ));
}

/// Nine days of a push, which keeps the box up for 22 minutes, and of two hours with what follows them.
#[test]
fn a_demo_twice_a_week_costs_less_than_two_dollars() {
    check("demo", &expect!["24.25 h, 19 starts, 172 invocations of 48 s together: $1.49"]);
}

/// Twenty-two days of ten hours and 17 minutes, but the first push is there before the office opens.
#[test]
fn office_hours_are_slept_around() {
    check("office", &expect!["227.53 h, 24 starts, 593 invocations of 10864 s together: $5.94"]);
}

#[test]
fn a_busy_box_is_started_once_and_never_sleeps() {
    check("busy", &expect!["730.00 h, 1 starts, 363 invocations of 21865 s together: $16.91"]);
}

#[test]
fn the_command_says_what_the_core_says_and_what_it_assumes() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let config = checked::load(CONFIG.as_bytes()).expect("a config");
    for (arguments, month) in [
        (&["cost"][..], Month::ALWAYS_ON),
        (&["cost", "--hours", "100.5"], Month { hours: 100.5, ..Month::ALWAYS_ON }),
        (&["cost", "--data-out-gb", "300"], Month { data_out_gb: 300.0, ..Month::ALWAYS_ON }),
        (
            &["cost", "--snapshot-gb", "20", "--surplus-vcpu-hours", "9"],
            Month { snapshot_gb: 20.0, surplus_vcpu_hours: 9.0, ..Month::ALWAYS_ON },
        ),
    ] {
        let said = place.output(arguments);
        let estimate = estimate(&config, &month).expect("a price");
        for part in &estimate.parts {
            assert!(said.contains(part.label) && said.contains(&part.assumes), "{}: {said}", part.id);
        }
        assert!(said.contains(&format!("${:.2}\n", estimate.total())), "{said}");
        assert!(said.contains("The article's way") && said.contains("Amazon Lightsail"), "{said}");
    }
}

#[test]
fn without_a_price_or_with_impossible_hours_it_says_what_to_do() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG.replace("}}", r#"}, "box": {"types": ["m5.large"]}}"#));
    let unknown = place.run(&["cost"]);
    assert_eq!(unknown.status.code(), Some(1));
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(said.starts_with("cost.hourly_price: ") && said.contains("m5.large"), "{said}");
    place.write("pushbox.json", CONFIG);
    let free = place.run(&["cost", "--surplus-vcpu-hours", "3"]);
    assert!(free.status.success());
    place.write("pushbox.json", CONFIG.replace("}}", r#"}, "box": {"cpu_credits": "standard"}}"#));
    let free = place.run(&["cost", "--surplus-vcpu-hours", "3"]);
    assert_eq!(free.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&free.stderr).contains("box.cpu_credits"), "{free:?}");
    for hours in ["731", "-1", "NaN", "many"] {
        assert_eq!(place.run(&["cost", &format!("--hours={hours}")]).status.code(), Some(2), "{hours}");
    }
}
