//! `bench cost`: a month of three kinds of traffic, played against the real function and the simulated EC2.

use super::Output;
use super::bar::{Bar, Wanted};
use super::figures::figures;
use crate::tree::Tree;
use anyhow::Result;
use serde_json::{Map, Value};
use std::process::ExitCode;

/// USD for a month of the demo, in us-east-1.
const DEMO: f64 = 2.00;

pub(super) fn bench(tree: &Tree, output: Output) -> Result<ExitCode> {
    let mut bench = tree.cargo();
    bench.args(["bench", "--package=tests", "--bench=cost_bench", "--profile=dev"]);
    let found = figures(&mut bench)?;
    let bars = bars(&found);
    Ok(output.show("cost", found, &bars, table))
}

fn figure(found: &Map<String, Value>, shape: &str, key: &str) -> f64 {
    found.get(shape).and_then(|of| of[key].as_f64()).unwrap_or(f64::NAN)
}

fn bars(found: &Map<String, Value>) -> Vec<Bar> {
    vec![Bar {
        what: "USD for a month of the demo".into(),
        found: figure(found, "demo", "usd"),
        wanted: Wanted::AtMost(DEMO),
    }]
}

/// In the form that the README has.
fn table(found: &Map<String, Value>, bars: &[Bar]) -> String {
    let mut lines = vec![
        "| A month of | hours on | asleep when nobody comes | always on | the article's way | Lightsail |"
            .to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    for (shape, of) in found {
        let usd = |key: &str| format!("${:.2}", figure(found, shape, key));
        lines.push(format!(
            "| {} | {:.0} of {:.0} | {} | {} | {} | {} |",
            of["words"].as_str().unwrap_or(shape),
            figure(found, shape, "hours"),
            figure(found, shape, "hours_on"),
            usd("usd"),
            usd("usd_on"),
            usd("usd_article"),
            usd("usd_lightsail")
        ));
    }
    let bars: Vec<String> = bars.iter().map(Bar::shown).collect();
    format!("{}\n\n{}", lines.join("\n"), bars.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_demo_that_costs_more_than_promised_is_missed() {
        let missed = |usd: Value| {
            let found = Map::from_iter([("demo".to_string(), json!({ "usd": usd }))]);
            bars(&found).iter().filter(|bar| bar.is_missed()).count()
        };
        assert_eq!((missed(json!(1.99)), missed(json!(2.01)), missed(Value::Null)), (0, 1, 1));
    }
}
