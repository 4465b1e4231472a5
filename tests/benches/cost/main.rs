//! What a month costs with three kinds of traffic, in us-east-1. Prints one line of JSON; `cargo xtask bench cost` reads it.

use pushbox_shared::config;
use pushbox_shared::cost::{HOURS, Month, estimate, ways};
use serde_json::{Map, Value, json};
use tests::month::{SHAPES, live_through};

/// The defaults of every field.
const CONFIG: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}, "sleep": {"after_idle_minutes": 15}}"#;

fn main() {
    let config = config::load(CONFIG.as_bytes()).expect("a config");
    let total = |month: &Month| estimate(&config, month).expect("a price").total();
    let found: Map<String, Value> = SHAPES
        .iter()
        .map(|shape| {
            let outcome = live_through(shape);
            let month = outcome.month();
            let others = ways(&config, &month).expect("a price").all;
            let other = |id: &str| others.iter().find(|way| way.id == id).map(|way| way.usd);
            let figures = json!({
                "words": shape.words,
                "hours": outcome.hours,
                "starts": outcome.starts,
                "invocations": outcome.invocations,
                "usd": total(&month),
                "hours_on": HOURS,
                "usd_on": total(&Month { hours: HOURS, ..month }),
                "usd_article": other("article"),
                "usd_lightsail": other("lightsail"),
            });
            (shape.name.to_string(), figures)
        })
        .collect();
    println!("{}", Value::Object(found));
}
