//! `bench page`: what the page weighs, Lighthouse's opinion of it, and what a keystroke costs, in Chromium on the page as
//! it is released and served with brotli. `xtask/bench/page` holds the program that measures; docs/testing.md says how.

use super::Output;
use super::bar::{Bar, Wanted};
use super::figures::figures;
use crate::page::{self, Kind};
use crate::site::Site;
use crate::tree::Tree;
use crate::{compress, hashed, need};
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

const PACKAGE_JSON: &str = include_str!("../../bench/page/package.json");

/// The programs for Node.js; the first is started.
const PROGRAMS: [(&str, &str); 3] = [
    ("index.js", include_str!("../../bench/page/index.js")),
    ("keystrokes.js", include_str!("../../bench/page/keystrokes.js")),
    ("serve.js", include_str!("../../bench/page/serve.js")),
];

pub(super) fn bench(tree: &Tree, output: Output) -> Result<ExitCode> {
    need::wasm_target()?;
    let chromium = need::browser()?.chromium;
    let folder = tree.target.join("bench-page");
    let node =
        need::node(&folder, PACKAGE_JSON, "to measure the page (Lighthouse drives a browser from Node.js)")?;
    for (name, program) in PROGRAMS {
        let file = folder.join(name);
        fs::write(&file, program).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let site = folder.join("site");
    write(&page::build(tree, Kind::Release)?, &site)?;

    let mut measure = Command::new(node);
    measure.arg(folder.join(PROGRAMS[0].0)).arg(&site).arg(chromium).current_dir(&folder);
    let found = figures(&mut measure)?;
    let bars = bars(&found);
    Ok(output.show("page", found, &bars, table))
}

/// The site as `dist` writes it, in a folder that nobody else uses.
fn write(site: &Site, folder: &Path) -> Result<()> {
    let mut files = hashed::hashed(site, page::LATER)?.site;
    for (name, content) in files.files.clone() {
        let small = compress::brotli(&content)?;
        // As in `dist`, which leaves out a copy that saves nothing.
        if small.len() < content.len() {
            files.files.insert(format!("{name}.br"), small);
        }
    }
    files.write(folder)
}

/// What is printed, by its key, and the bar where there is one.
const FIGURES: [(&str, &str, Option<Wanted>); 11] = [
    ("first visit, KiB with brotli", "first_visit_kib", Some(Wanted::AtMost(160.0))),
    ("Lighthouse, performance", "performance", Some(Wanted::AtLeast(0.98))),
    ("Lighthouse, accessibility", "accessibility", Some(Wanted::AtLeast(1.0))),
    ("Lighthouse, best practices", "best_practices", Some(Wanted::AtLeast(1.0))),
    ("Lighthouse, SEO", "seo", Some(Wanted::AtLeast(1.0))),
    ("keystroke, ms of script, median", "keystroke_median_ms", Some(Wanted::AtMost(4.0))),
    ("keystroke, ms of script, p99", "keystroke_p99_ms", Some(Wanted::AtMost(16.0))),
    ("keystroke, ms with layout and paint, median", "keystroke_whole_median_ms", None),
    ("keystroke, ms with layout and paint, p99", "keystroke_whole_p99_ms", None),
    ("keystroke beside 500 variables, ms of script, median", "keystroke_500_median_ms", None),
    ("keystroke beside 500 variables, ms of script, p99", "keystroke_500_p99_ms", None),
];

fn bars(found: &Map<String, Value>) -> Vec<Bar> {
    let bar = |(what, key, wanted): (&str, &str, Option<Wanted>)| {
        Some(Bar { what: what.into(), found: figure(found, key), wanted: wanted? })
    };
    FIGURES.into_iter().filter_map(bar).collect()
}

fn figure(found: &Map<String, Value>, key: &str) -> f64 {
    found.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

fn table(found: &Map<String, Value>, bars: &[Bar]) -> String {
    let rows = FIGURES.into_iter().map(|(what, key, _)| format!("{what:<54}{:>9.2}", figure(found, key)));
    rows.chain(bars.iter().map(Bar::shown)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_bars_of_the_issue_are_met_exactly_at_their_numbers() {
        let met = json!({
            "first_visit_kib": 160.0, "performance": 0.98, "accessibility": 1.0, "best_practices": 1.0, "seo": 1.0,
            "keystroke_median_ms": 4.0, "keystroke_p99_ms": 16.0,
        });
        let met = met.as_object().cloned().unwrap_or_default();
        let missed = |found: &Map<String, Value>| bars(found).iter().filter(|bar| bar.is_missed()).count();
        assert_eq!(missed(&met), 0);
        for key in met.keys() {
            let mut without = met.clone();
            without.remove(key);
            assert_eq!(missed(&without), 1, "nobody looks at {key}");
        }
    }
}
