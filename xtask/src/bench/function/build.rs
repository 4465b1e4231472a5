//! The programs to measure: the function as it is released, and what it is measured beside.

use crate::function_zip::{self, PROFILE};
use crate::platform::{self, Platform};
use crate::tree::Tree;
use crate::{cargo, need};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

const PACKAGE_JSON: &str = include_str!("../../../bench/node/package.json");
const INDEX_JS: &str = include_str!("../../../bench/node/index.js");

pub(super) struct Built {
    /// Rust's name of what the two Rust programs are built for.
    pub(super) target: String,
    pub(super) function: PathBuf,
    pub(super) hello: PathBuf,
    pub(super) node: PathBuf,
    /// What Node.js runs, beside its packages.
    pub(super) node_main: PathBuf,
    pub(super) ec2_sim: PathBuf,
    /// The command line, which signs the delivery.
    pub(super) pushbox: PathBuf,
}

/// `folder` is where all that belongs to the measurement is kept.
pub(super) fn build(tree: &Tree, folder: &Path) -> Result<Built> {
    let platform = platform::musl(std::env::consts::ARCH).or_else(|error| {
        let host = host()?;
        eprintln!("{error:#}; so the function is built for {host}, which is not what is released");
        anyhow::Ok(Platform::plain(host))
    })?;
    let node_folder = folder.join("node");
    let node =
        need::node(&node_folder, PACKAGE_JSON, "to measure the function beside Node.js with AWS's SDK")?;
    let node_main = node_folder.join("index.js");
    fs::write(&node_main, INDEX_JS).with_context(|| format!("cannot write {}", node_main.display()))?;

    let function = function_zip::program(tree, &platform)?;
    let mut hello = tree.cargo();
    hello.args(["build", "--manifest-path=xtask/bench/hello/Cargo.toml", "--locked", PROFILE]);
    platform.choose(&mut hello);
    hello.arg("--target-dir").arg(folder.join("hello"));
    let mut tools = tree.cargo();
    tools.args(["build", "--release", "--package=ec2-sim", "--package=pushbox", "--bins"]);
    let tools = cargo::build(&mut tools)?;
    Ok(Built {
        function,
        hello: cargo::program(&mut hello, "hello")?,
        ec2_sim: cargo::named(&tools, "ec2-sim")?,
        pushbox: cargo::named(&tools, "pushbox")?,
        target: platform.target,
        node,
        node_main,
    })
}

/// What Rust compiles for where nothing else is said.
fn host() -> Result<String> {
    let output = std::process::Command::new("rustc").arg("-vV").output().context("cannot start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

#[cfg(test)]
mod tests {
    /// The settings in a manifest's table.
    fn table<'a>(manifest: &'a str, name: &str) -> Vec<&'a str> {
        let lines = manifest.lines().skip_while(|line| *line != name).skip(1);
        lines.take_while(|line| !line.starts_with('[')).filter(|line| line.contains(" = ")).collect()
    }

    #[test]
    fn the_hello_world_is_built_as_the_function_is() {
        let ours = include_str!("../../../../Cargo.toml");
        let hello = include_str!("../../../bench/hello/Cargo.toml");
        let profile = table(ours, "[profile.function]");
        assert!(profile.len() >= 5, "{profile:?}");
        assert_eq!(profile, table(hello, "[profile.function]"));
    }
}
