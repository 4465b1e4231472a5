//! What a month costs: as the command line says it, and as a month is lived through.

use pushbox_shared::config;
use pushbox_shared::cost::{HOURS, Month, estimate};
use tests::month::{Happening, IDLE, Outcome, SHAPES, live_through};
use tests::pushbox::{CONFIG, Place};

const SLEEPY: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}, "sleep": {"after_idle_minutes": 15}}"#;

fn usd(outcome: &Outcome) -> f64 {
    let config = config::load(SLEEPY.as_bytes()).expect("a config");
    estimate(&config, &outcome.month()).expect("a price").total()
}

/// The shape of that name, and what came of it.
fn lived(name: &str) -> (Vec<Happening>, Outcome) {
    let shape = SHAPES.iter().find(|shape| shape.name == name).expect(name);
    (shape.happenings().into_iter().map(|(_, what)| what).collect(), live_through(shape))
}

#[test]
fn a_demo_twice_a_week_costs_less_than_two_dollars() {
    let (_, demo) = lived("demo");
    // Nine days of two hours, and of what follows them and the pushes.
    assert!((18.0..30.0).contains(&demo.hours), "{demo:?}");
    assert!(demo.starts >= 18, "{demo:?}");
    assert!((1.0..2.0).contains(&usd(&demo)), "{}", usd(&demo));
}

#[test]
fn office_hours_are_slept_around() {
    let (happenings, office) = lived("office");
    let days = happenings.iter().filter(|what| **what == Happening::Push).count() / 4;
    let least = days as f64 * 9.9;
    // The first push comes on the first day before the office opens.
    let most = least + (days as f64 + 1.0) * (IDLE.as_secs_f64() / 3600.0 + 0.3);
    assert!((least..most).contains(&office.hours), "{office:?}, {least} to {most}");
    assert!(usd(&office) < usd(&Outcome { hours: HOURS, ..office }) / 2.0);
}

#[test]
fn a_busy_box_is_started_once_and_never_sleeps() {
    let (_, busy) = lived("busy");
    assert_eq!((busy.starts, busy.hours.round()), (1, HOURS), "{busy:?}");
}

#[test]
fn the_command_says_what_the_core_says_and_what_it_assumes() {
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let config = config::load(CONFIG.as_bytes()).expect("a config");
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
    for hours in ["731", "-1", "NaN", "many"] {
        assert_eq!(place.run(&["cost", &format!("--hours={hours}")]).status.code(), Some(2), "{hours}");
    }
}
