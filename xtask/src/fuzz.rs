//! `fuzz`: throws made-up deliveries at `pushbox-webhook`, with the nightly compiler and libFuzzer.

use crate::tree::Tree;
use crate::{cargo, need};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The targets to run, one after the other, instead of all: the files of fuzz/fuzz_targets
    targets: Vec<String>,
    /// How long each target runs
    #[arg(long, default_value_t = 600)]
    seconds: u32,
    /// Start from the project's own samples alone, and keep the inputs that reach new code in fuzz/corpus
    #[arg(long)]
    keep: bool,
}

/// Bytes that are kept of a target: `request` alone sees every provider. The tests have a limit for all together.
fn most_kept(target: &str) -> u32 {
    if target == "request" { 64 * 1024 } else { 24 * 1024 }
}

pub(crate) fn fuzz(tree: &Tree, options: &Options) -> Result<()> {
    need::nightly()?;
    need::program("cargo-fuzz", "to fuzz")?;
    let targets = targets(tree, options)?;
    // Apart, because what grew from the payloads of others is never kept.
    let work = tree.target.join("fuzz").join(if options.keep { "own" } else { "all" });
    let seeds = work.join("seeds");
    write_seeds(tree, options, &seeds)?;
    for target in &targets {
        let folder = |name: &str| -> Result<_> {
            let folder = work.join(name).join(target);
            fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
            Ok(folder)
        };
        let (corpus, seeds) = (folder("corpus")?, folder("seeds")?);
        println!("\n== {target}");
        let time = format!("-max_total_time={}", options.seconds);
        // A delivery that takes ten seconds is a bug like one that panics.
        run(tree, target, &[&corpus, &seeds], &[&time, "-timeout=10", "-print_final_stats=1"])?;
        if options.keep {
            let smallest = folder("smallest")?;
            fs::remove_dir_all(&smallest)?;
            fs::create_dir_all(&smallest)?;
            run(tree, target, &[&smallest, &corpus, &seeds], &["-set_cover_merge=1", "-use_counters=0"])?;
            let mut keep = corpus_program(tree);
            keep.args(["keep", target]).arg(&smallest).arg(most_kept(target).to_string());
            cargo::run(&mut keep)?;
        }
    }
    Ok(())
}

fn targets(tree: &Tree, options: &Options) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(tree.root.join("fuzz/fuzz_targets"))? {
        all.extend(entry?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    all.sort();
    for target in &options.targets {
        ensure!(all.contains(target), "expected a target of {}, found `{target}`", all.join(", "));
    }
    Ok(if options.targets.is_empty() { all } else { options.targets.clone() })
}

fn write_seeds(tree: &Tree, options: &Options, folder: &Path) -> Result<()> {
    let mut seeds = corpus_program(tree);
    seeds.arg("seeds").arg(folder);
    let payloads = tree.root.join("../shared/payloads");
    if !options.keep && payloads.is_dir() {
        seeds.arg(payloads);
    }
    cargo::run(&mut seeds)
}

/// The example of the fuzz crate that knows what inputs look like.
fn corpus_program(tree: &Tree) -> Command {
    let mut command = tree.cargo();
    command.args(["run", "--quiet", "--release", "--manifest-path=fuzz/Cargo.toml", "--example=corpus"]);
    command.arg("--target-dir").arg(tree.target.join("fuzz/build")).arg("--");
    command
}

/// Without a sanitizer: there is no unsafe code to watch, and it is several times faster.
fn run(tree: &Tree, target: &str, folders: &[&Path], flags: &[&str]) -> Result<()> {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo", "fuzz", "run", "--sanitizer=none", "--target-dir"]);
    command.arg(tree.target.join("fuzz/build")).arg(target).args(folders).arg("--").args(flags);
    cargo::run(command.current_dir(&tree.root))
}
