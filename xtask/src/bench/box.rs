//! `bench box`: what a push costs on a box, beside the way that gave the idea, in the sandbox of the tests.

use super::Output;
use super::bar::{Bar, Wanted};
use super::figures::figures;
use crate::debian;
use crate::tree::Tree;
use anyhow::Result;
use serde_json::{Map, Value};
use std::process::ExitCode;

pub(super) fn bench(tree: &Tree, output: Output) -> Result<ExitCode> {
    let debian = debian::folder(tree)?;
    // Its own binaries are slow enough to build once; what is measured is bash, git and docker.
    let mut cli = tree.cargo();
    cli.args(["build", "--package=pushbox", "--bin=pushbox"]);
    crate::cargo::run(&mut cli)?;
    let mut bench = tree.cargo();
    bench.args(["bench", "--package=tests", "--bench=box_bench", "--profile=dev"]);
    bench.env("PUSHBOX_DEBIAN", debian);
    let found = figures(&mut bench)?;
    let bars = bars(&found);
    Ok(output.show("box", found, &bars, table))
}

fn figure(found: &Map<String, Value>, key: &str) -> f64 {
    found.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

fn bars(found: &Map<String, Value>) -> Vec<Bar> {
    let bar = |what: &str, key: &str, wanted| Bar { what: what.into(), found: figure(found, key), wanted };
    vec![
        bar("times faster than rebuilding everything", "redeploy_gain", Wanted::AtLeast(5.0)),
        bar("failed requests", "failed_requests", Wanted::AtMost(0.0)),
        bar("seconds from the tags to the build", "tag_to_build_s", Wanted::AtMost(6.0)),
        bar("percent of a processor for the idle agent", "agent_cpu_percent", Wanted::AtMost(3.0)),
    ]
}

fn table(found: &Map<String, Value>, bars: &[Bar]) -> String {
    let rows = [
        ("push seen → served", "redeploy_s", "rebuild_s", "s"),
        ("requests meanwhile", "requests", "rebuild_requests", ""),
        ("of them failed", "failed_requests", "rebuild_failed_requests", ""),
    ];
    let mut table = format!("{:<24}{:>12}{:>20}\n", "", "pushbox", "rebuild everything");
    for (what, ours, theirs, unit) in rows {
        let (ours, theirs) = (figure(found, ours), figure(found, theirs));
        table.push_str(&format!("{what:<24}{ours:>11.1}{unit:<1}{theirs:>19.1}{unit}\n"));
    }
    for (what, key, unit) in [
        ("tags changed → build", "tag_to_build_s", "s at most"),
        ("idle agent, processor", "agent_cpu_percent", "%"),
        ("idle agent, memory", "agent_mb", "MB"),
    ] {
        table.push_str(&format!("{what:<24}{:>11.2} {unit}\n", figure(found, key)));
    }
    let bars: Vec<String> = bars.iter().map(Bar::shown).collect();
    format!("{table}\n{}", bars.join("\n"))
}
