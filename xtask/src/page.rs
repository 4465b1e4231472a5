//! The page: Rust to WebAssembly, the JavaScript that loads it, and the files beside it.
//! It is built by the library of `wasm-bindgen`'s own command, so there is no tool to install.

use crate::cargo;
use crate::site::Site;
use crate::tree::Tree;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Quick to build, with function names in its backtraces. It shares Cargo's `dev` profile, and so the macros
    /// that were compiled for xtask itself.
    Dev,
    /// As small as it gets; the same bytes wherever it is built.
    Release,
}

/// Builds the page into its folder and says which that is.
pub(crate) fn write(tree: &Tree, kind: Kind) -> Result<PathBuf> {
    let folder = folder(tree, kind);
    build(tree, kind)?.write(&folder)?;
    Ok(folder)
}

pub(crate) fn folder(tree: &Tree, kind: Kind) -> PathBuf {
    tree.target.join("page").join(match kind {
        Kind::Dev => "dev",
        Kind::Release => "release",
    })
}

pub(crate) fn build(tree: &Tree, kind: Kind) -> Result<Site> {
    let wasm = compile(tree, kind)?;
    let mut site = Site::default();
    bind(&wasm, kind, &tree.target.join("page/bound"), &mut site)?;
    site.add_file(&tree.root.join("index.html"), "index.html".to_owned())?;
    site.add_file(&tree.root.join("web/boot.js"), "boot.js".to_owned())?;
    site.add_folder(&tree.root.join("web/assets"), "")?;
    site.add_folder(&tree.root.join("samples"), "samples/")?;
    Ok(site)
}

fn compile(tree: &Tree, kind: Kind) -> Result<PathBuf> {
    let mut command = tree.cargo();
    command.args(["build", "--package=pushbox-web", "--bin=pushbox-web", "--target", WASM]);
    if kind == Kind::Release {
        command.arg("--profile=page").args(["--config", &same_bytes_everywhere()?]);
    }
    let programs = cargo::build(&mut command)?;
    let program = programs.into_iter().find(|program| program.name == "pushbox-web");
    Ok(program.context("cargo built no pushbox-web.wasm")?.file)
}

/// Panic messages hold the paths of the crates' source files. Without the home folder of whoever builds, the bytes do
/// not depend on it.
fn same_bytes_everywhere() -> Result<String> {
    let mut flags = Vec::new();
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).context("no home folder")?;
    let sources = home.join("registry/src");
    if sources.exists() {
        let mut registries = std::fs::read_dir(&sources)?.collect::<Result<Vec<_>, _>>()?;
        registries.sort_by_key(std::fs::DirEntry::path);
        flags.extend(
            registries
                .iter()
                .map(|registry| format!("--remap-path-prefix={}=crates", registry.path().display())),
        );
    }
    // A JSON array of strings is also a TOML one.
    Ok(format!("target.{WASM}.rustflags={}", serde_json::to_string(&flags)?))
}

fn bind(wasm: &Path, kind: Kind, scratch: &Path, site: &mut Site) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).web(true)?.typescript(false).remove_producers_section(true);
    bindgen.remove_name_section(kind == Kind::Release);
    if scratch.exists() {
        std::fs::remove_dir_all(scratch)?;
    }
    bindgen.generate(scratch).context("wasm-bindgen cannot bind the page")?;
    site.add_folder(scratch, "")
}
