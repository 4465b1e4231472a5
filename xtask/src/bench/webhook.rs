//! `bench webhook`: how long the judgement of a delivery takes, beside the HMAC that nobody can do without, and beside
//! GitHub's own library in Node.js on the same bytes.

use super::Output;
use super::bar::{Bar, Wanted};
use super::figures::figures;
use crate::need;
use crate::tree::Tree;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::fs;
use std::process::{Command, ExitCode};

const PACKAGE_JSON: &str = include_str!("../../bench/octokit/package.json");
const INDEX_JS: &str = include_str!("../../bench/octokit/index.js");

/// With one secret, one change and no path filter.
const PLAIN: [&str; 4] = ["github_8k", "github_46k", "gitlab", "bitbucket"];
const RATIO: f64 = 2.0;
const ALLOCATIONS: f64 = 30.0;

/// `github_46k` with a path filter, which has this many commits.
const FILTERED: &str = "github_46k_paths";
const COMMITS: f64 = 50.0;
const RATIO_FILTERED: f64 = 3.0;
const ALLOCATIONS_A_COMMIT: f64 = 2.0;

const OCTOKIT_RATIO: f64 = 3.0;
/// A byte of a large delivery may take so many times what a byte of a small one takes: the large one fits no cache.
const LINEAR: f64 = 1.5;

pub(super) fn bench(tree: &Tree, output: Output) -> Result<ExitCode> {
    let folder = tree.target.join("bench-webhook");
    let deliveries = folder.join("deliveries");
    fs::create_dir_all(&deliveries).with_context(|| format!("cannot make {}", deliveries.display()))?;
    let node_folder = folder.join("octokit");
    let node =
        need::node(&node_folder, PACKAGE_JSON, "to measure the judgement beside GitHub's own library")?;
    let main = node_folder.join("index.js");
    fs::write(&main, INDEX_JS).with_context(|| format!("cannot write {}", main.display()))?;

    let mut ours = tree.cargo();
    ours.args(["bench", "--package=pushbox-webhook", "--bench=webhook", "--"]).arg(&deliveries);
    let mut found = figures(&mut ours)?;
    let octokit = figures(Command::new(node).arg(&main).arg(&deliveries).current_dir(&node_folder))?;
    for (name, micros) in octokit {
        found.get_mut(&name).with_context(|| format!("nobody asked for {name}"))?["octokit_us"] = micros;
    }
    let bars = bars(&found);
    Ok(output.show("webhook", found, &bars, table))
}

fn bars(figures: &Map<String, Value>) -> Vec<Bar> {
    let figure =
        |name: &str, key: &str| figures.get(name).and_then(|of| of[key].as_f64()).unwrap_or(f64::NAN);
    let at_most = |what: String, found: f64, most: f64| Bar { what, found, wanted: Wanted::AtMost(most) };
    let mut bars = Vec::new();
    for name in PLAIN {
        let of = |what: &str| format!("{name}, {what}");
        bars.push(at_most(of("times the HMAC"), figure(name, "ratio_to_hmac"), RATIO));
        bars.push(at_most(of("allocations"), figure(name, "allocations"), ALLOCATIONS));
    }
    bars.push(at_most(
        format!("{FILTERED}, times the HMAC"),
        figure(FILTERED, "ratio_to_hmac"),
        RATIO_FILTERED,
    ));
    let more = figure(FILTERED, "allocations") - figure("github_46k", "allocations");
    bars.push(at_most(format!("{FILTERED}, allocations a commit"), more / COMMITS, ALLOCATIONS_A_COMMIT));
    for name in ["github_8k", "github_46k"] {
        bars.push(Bar {
            what: format!("{name}, octokit's time as multiple of ours"),
            found: figure(name, "octokit_us") / figure(name, "total_us"),
            wanted: Wanted::AtLeast(OCTOKIT_RATIO),
        });
    }
    let a_byte = |name| figure(name, "total_us") / figure(name, "bytes");
    let linear = a_byte("github_1m") / a_byte("github_46k");
    bars.push(at_most("github_1m, a byte as multiple of one of github_46k".into(), linear, LINEAR));
    bars
}

fn table(figures: &Map<String, Value>, bars: &[Bar]) -> String {
    let mut lines = vec![format!(
        "{:<20} {:>9} {:>10} {:>10} {:>7} {:>12} {:>12}",
        "", "bytes", "HMAC", "judged", "ratio", "allocations", "octokit"
    )];
    for (name, of) in figures {
        let number = |key: &str, digits: usize| {
            of[key].as_f64().map_or("-".to_owned(), |value| format!("{value:.digits$}"))
        };
        lines.push(format!(
            "{name:<20} {:>9} {:>7} µs {:>7} µs {:>7} {:>12} {:>9} µs",
            number("bytes", 0),
            number("hmac_us", 1),
            number("total_us", 1),
            number("ratio_to_hmac", 2),
            number("allocations", 0),
            number("octokit_us", 1)
        ));
    }
    lines.extend(bars.iter().map(Bar::shown));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn figures(ratio: f64) -> Map<String, Value> {
        let of = |bytes: f64, allocations: u32| {
            json!({ "bytes": bytes, "hmac_us": 1.0, "total_us": bytes / 100.0, "ratio_to_hmac": ratio,
                    "allocations": allocations, "octokit_us": bytes })
        };
        let mut figures = Map::new();
        for name in PLAIN {
            figures.insert(name.into(), of(1000.0, 30));
        }
        figures.insert(FILTERED.into(), of(1000.0, 130));
        figures.insert("github_1m".into(), of(100_000.0, 30));
        figures
    }

    fn missed(figures: &Map<String, Value>) -> usize {
        bars(figures).iter().filter(|bar| bar.is_missed()).count()
    }

    #[test]
    fn at_the_bar_nothing_is_missed() {
        assert_eq!(missed(&figures(2.0)), 0);
    }

    #[test]
    fn beyond_it_and_without_a_figure_it_is_missed() {
        assert_eq!(missed(&figures(2.01)), PLAIN.len());
        assert_eq!(missed(&Map::new()), bars(&Map::new()).len());
        let mut slow = figures(1.0);
        slow["github_8k"]["octokit_us"] = 29.9.into();
        slow["github_1m"]["total_us"] = 1501.into();
        slow[FILTERED]["allocations"] = 131.into();
        assert_eq!(missed(&slow), 3);
    }
}
