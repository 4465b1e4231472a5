//! What a month costs with three kinds of traffic, in us-east-1. Prints one line of JSON; `cargo xtask bench cost` reads it.

use pushbox_shared::checked;
use pushbox_shared::cost::{HOURS, Month, estimate, ways};
use serde_json::{Map, Value, json};
use tests::month::{CONFIG, SHAPES, live_through};

fn main() {
    let config = checked::load(CONFIG.as_bytes()).expect("a config");
    let others = ways(&config, &Month::ALWAYS_ON).expect("a price");
    let found: Map<String, Value> = SHAPES
        .iter()
        .map(|shape| {
            let outcome = live_through(shape);
            let figures = json!({
                "words": shape.words,
                "hours": outcome.hours,
                "starts": outcome.starts,
                "invocations": outcome.invocations,
                "usd": estimate(&config, &outcome.month()).expect("a price").total(),
                "hours_on": HOURS,
                "usd_on": others.on.usd,
                "usd_article": others.article.as_ref().map(|way| way.usd),
                "usd_lightsail": others.lightsail.as_ref().map(|way| way.usd),
            });
            (shape.name.to_string(), figures)
        })
        .collect();
    println!("{}", Value::Object(found));
}
