//! The same sources give the same bytes, whoever builds them, and wherever.

use crate::tree::Tree;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Has a build of Cargo for that target write into this tree's target directory, and name no folder of this machine.
pub(crate) fn choose(tree: &Tree, target: &str, command: &mut Command) -> Result<()> {
    command.arg("--target-dir").arg(&tree.target);
    command.args(["--config", &format!("target.{target}.rustflags={}", flags(tree)?)]);
    Ok(())
}

/// Panic messages hold the paths of the crates' source files, and of what their build scripts wrote. An array of TOML.
fn flags(tree: &Tree) -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).context("no home folder")?;
    let sources = home.join("registry/src");
    let mut flags = Vec::new();
    if sources.exists() {
        let mut registries = fs::read_dir(&sources)?.collect::<Result<Vec<_>, _>>()?;
        registries.sort_by_key(fs::DirEntry::path);
        flags.extend(registries.iter().map(|registry| renamed(&registry.path(), "crates")));
    }
    flags.push(renamed(&tree.target, "target"));
    // A JSON array of strings is also a TOML one.
    Ok(serde_json::to_string(&flags)?)
}

fn renamed(folder: &Path, name: &str) -> String {
    format!("--remap-path-prefix={}={name}", folder.display())
}
