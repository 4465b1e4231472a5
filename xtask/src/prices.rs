//! `prices`: makes the table of what machines cost an hour out of public data, and says what it corrected there.

mod family;
mod table;

use crate::need;
use crate::tree::Tree;
use anyhow::{Context, Result, ensure};
use family::Cleaned;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use table::{Cell, dollars};

/// Prints where the package keeps its list.
const FIND: &str = "\
from importlib.util import find_spec
from pathlib import Path
print(Path(find_spec('libcloud').origin).with_name('data') / 'pricing.json')";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Write nothing: only say whether the committed table is what would be made now
    #[arg(long)]
    check: bool,
}

pub(crate) fn prices(tree: &Tree, options: &Options) -> Result<()> {
    let list = list(tree)?;
    let cells = table::cells(&list.prices)?;
    let text = head(&list, &cells) + &table::lines(&cells);
    let file = tree.root.join("shared/src/cost/machines.txt");
    let shown = tree.shown(&file);
    if options.check {
        let committed = fs::read_to_string(&file).with_context(|| format!("cannot read {shown}"))?;
        ensure!(
            committed == text,
            "{shown} is not what `cargo xtask prices` makes now; run it and see what `git diff` says"
        );
        println!("{shown} is what would be made now");
        return Ok(());
    }
    for correction in cells.iter().filter_map(correction) {
        println!("{correction}");
    }
    fs::write(&file, text).with_context(|| format!("cannot write {shown}"))?;
    println!("{shown} is written");
    Ok(())
}

/// The source's list.
struct List {
    made: SystemTime,
    /// For each type its regions and prices.
    prices: serde_json::Map<String, Value>,
}

fn list(tree: &Tree) -> Result<List> {
    let output =
        Command::new(need::libcloud(tree)?).args(["-c", FIND]).output().context("cannot start Python")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    let file = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let text = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut all: Value =
        serde_json::from_slice(&text).with_context(|| format!("{} is no JSON", file.display()))?;
    let made = all["updated"].as_u64().context("the list does not say when it was made")?;
    let made = UNIX_EPOCH + Duration::from_secs(made);
    match all["compute"]["ec2_linux"].take() {
        Value::Object(prices) => Ok(List { made, prices }),
        other => anyhow::bail!("compute.ec2_linux should be an object, and is {other}"),
    }
}

fn head(list: &List, cells: &[Cell]) -> String {
    let (mut missing, mut dedicated, mut unknown) = (0, 0, 0);
    for cleaned in cells.iter().filter_map(|cell| cell.cleaned) {
        match cleaned {
            Cleaned::Kept(_) => {}
            Cleaned::Filled(_) => missing += 1,
            Cleaned::Replaced { .. } => dedicated += 1,
            Cleaned::Unknown => unknown += 1,
        }
    }
    let time = humantime::format_rfc3339_seconds(list.made).to_string();
    let day = time.split('T').next().unwrap_or_default();
    format!(
        "# What a Linux machine costs on demand, in US dollars an hour; - where it is not sold, or its price is not known.\n\
         # As of {day}, from {}. `cargo xtask prices` makes this file; docs/prices.md says how.\n\
         # Not as in the source: {missing} prices that are missing there and {dedicated} that are those of dedicated instances follow from the\n\
         # family's other sizes. Left out: {unknown} that nothing confirms.\n",
        need::LIBCLOUD.trim().replace("==", " ")
    )
}

fn correction(cell: &Cell) -> Option<String> {
    let Cell { region, name, .. } = cell;
    Some(match cell.cleaned? {
        Cleaned::Kept(_) => return None,
        Cleaned::Filled(micros) => {
            format!("{region} {name}: missing; {} as its family says", dollars(micros))
        }
        Cleaned::Replaced { was, by } => {
            format!(
                "{region} {name}: {} is that of a dedicated instance; {} as its family says",
                dollars(was),
                dollars(by)
            )
        }
        Cleaned::Unknown => {
            format!("{region} {name}: left out, because its family's prices do not agree")
        }
    })
}

#[cfg(test)]
mod tests;
