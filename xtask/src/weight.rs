//! What each file of the first visit weighs, in bytes with brotli, beside what was committed: a visitor waits for every byte.

use crate::tree::Tree;
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// The first visit may weigh this much more than was committed, in percent.
const SLACK: usize = 2;

/// By the names of the files without a hash in them.
#[derive(Debug, PartialEq)]
pub(crate) struct Weight(BTreeMap<String, usize>);

impl FromIterator<(String, usize)> for Weight {
    fn from_iter<I: IntoIterator<Item = (String, usize)>>(files: I) -> Weight {
        Weight(files.into_iter().collect())
    }
}

impl Weight {
    fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// From now on it is what the tests compare with.
    pub(crate) fn keep(&self, tree: &Tree) -> Result<()> {
        let file = file(tree);
        fs::write(&file, self.text()).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Prints it beside what was committed, and fails where it is too much.
    pub(crate) fn hold(&self, tree: &Tree) -> Result<()> {
        let file = file(tree);
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let committed = read(&text).with_context(|| format!("{} is no list of weights", file.display()))?;
        print!("{}", self.beside(&committed));
        self.compare(&committed)
    }

    fn compare(&self, committed: &Weight) -> Result<()> {
        let (now, before) = (self.total(), committed.total());
        ensure!(
            now * 100 <= before * (100 + SLACK),
            "the first visit weighs {now} bytes, which is more than {SLACK} % above the committed {before}; make it lighter, or \
             show that it is worth it and run `cargo xtask dist --page-only --keep-weight`"
        );
        Ok(())
    }

    fn beside(&self, committed: &Weight) -> String {
        let mut table = format!("{:<36} {:>9} {:>9}\n", "bytes with brotli", "committed", "now");
        let names: BTreeSet<&String> = self.0.keys().chain(committed.0.keys()).collect();
        let mut row = |name: &str, before: usize, now: usize| {
            let change =
                if before == now { String::new() } else { format!(" {:+}", now as i64 - before as i64) };
            // A text takes whatever is written to it.
            let _ = writeln!(table, "{name:<36} {before:>9} {now:>9}{change}");
        };
        let of = |weight: &Weight, name: &str| weight.0.get(name).copied().unwrap_or_default();
        for name in names {
            row(name, of(committed, name), of(self, name));
        }
        row("the first visit", committed.total(), self.total());
        table
    }

    fn text(&self) -> String {
        let lines = self.0.iter().map(|(name, bytes)| format!("{name} {bytes}\n"));
        format!("{HEAD}{}", lines.collect::<String>())
    }
}

const HEAD: &str = "# The first visit, in bytes with brotli. `cargo xtask dist --page-only --keep-weight` writes this file.\n";

fn file(tree: &Tree) -> PathBuf {
    tree.root.join("xtask/weight.txt")
}

fn read(text: &str) -> Option<Weight> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let file = |line: &str| {
        let (name, bytes) = line.split_once(' ')?;
        Some((name.to_owned(), bytes.parse().ok()?))
    };
    lines.map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(files: &[(&str, usize)]) -> Weight {
        files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect()
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let kept = weight(&[("index.html", 1000), ("page.wasm", 100_000)]);
        assert_eq!(read(&kept.text()).unwrap(), kept);
        assert_eq!(read("index.html many\n"), None);
    }

    #[test]
    fn two_percent_more_in_all_is_too_much() {
        let committed = weight(&[("a", 500), ("b", 500)]);
        assert!(weight(&[("a", 520), ("b", 500)]).compare(&committed).is_ok());
        let error = weight(&[("a", 500), ("b", 500), ("c", 21)]).compare(&committed).unwrap_err().to_string();
        assert!(error.starts_with("the first visit weighs 1021 bytes"), "{error}");
    }

    #[test]
    fn every_file_is_shown_beside_what_it_weighed() {
        let table = weight(&[("a", 7), ("new", 2)]).beside(&weight(&[("a", 9), ("old", 3)]));
        let lines: Vec<String> =
            table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(lines, ["a 9 7 -2", "new 0 2 +2", "old 3 0 -3", "the first visit 12 9 -3"]);
    }
}
