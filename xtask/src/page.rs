//! The page: Rust to WebAssembly, the JavaScript that loads it, and the files beside it. It is two programs: the page itself,
//! and the annex, which it fetches when somebody first needs that.
//! It is built by the library of `wasm-bindgen`'s own command, so there is no tool to install.

use crate::light::light;
use crate::site::Site;
use crate::tree::Tree;
use crate::{cargo, glue, offline, same_bytes, samples};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

const PROGRAMS: [&str; 2] = ["pushbox-web", "pushbox-annex"];

/// The file that the page fetches later, and with it all that this one names.
pub(crate) const LATER: &str = "pushbox-annex.js";

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

/// Not below `page`: that is Cargo's own folder for the profile of this name.
pub(crate) fn folder(tree: &Tree, kind: Kind) -> PathBuf {
    tree.target.join("site").join(match kind {
        Kind::Dev => "dev",
        Kind::Release => "release",
    })
}

pub(crate) fn build(tree: &Tree, kind: Kind) -> Result<Site> {
    let programs = compile(tree, kind)?;
    let mut site = Site::default();
    for wasm in programs {
        site.add_folder(&bound(tree, &wasm, kind)?, "")?;
    }
    site.add_file(&tree.root.join("index.html"), "index.html".to_owned())?;
    for script in ["boot.js", "fetch-annex.js"] {
        site.add_file(&tree.root.join("web").join(script), script.to_owned())?;
    }
    site.add_file(&tree.root.join("web/not-offline.js"), offline::WORKER.to_owned())?;
    site.add_folder(&tree.root.join("web/assets"), "")?;
    if kind == Kind::Release {
        lighten(&mut site);
    }
    site.files.insert(samples::FILE.to_owned(), samples::bundle(&tree.root.join("samples"))?);
    Ok(site)
}

/// Only a developer reads them.
fn lighten(site: &mut Site) {
    for (name, content) in &mut site.files {
        if name.ends_with(".js") || name.ends_with(".css") {
            *content = light(&String::from_utf8_lossy(content)).into_bytes();
        }
    }
}

fn compile(tree: &Tree, kind: Kind) -> Result<[PathBuf; 2]> {
    let mut command = tree.cargo();
    command.args(["build", "--package=pushbox-web", "--bins", "--target", WASM]);
    if kind == Kind::Release {
        command.arg("--profile=page");
        same_bytes::choose(tree, WASM, &mut command)?;
    }
    let programs = cargo::build(&mut command)?;
    let [page, annex] = PROGRAMS.map(|name| cargo::named(&programs, name));
    Ok([page?, annex?])
}

/// The wasm and its JavaScript as a browser takes them, in a folder of their own. Most changes are to a style or a text, so
/// what was bound from the same wasm by the same xtask is taken again.
fn bound(tree: &Tree, wasm: &Path, kind: Kind) -> Result<PathBuf> {
    let name = wasm.file_stem().unwrap_or_default();
    let folder = folder(tree, kind).with_extension("bound").join(name);
    let stamp = folder.join(".made-from");
    let made_from = format!("{}{}", version(wasm)?, version(&std::env::current_exe()?)?);
    if fs::read_to_string(&stamp).is_ok_and(|old| old == made_from) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).web(true)?.typescript(false).remove_producers_section(true);
    bindgen.remove_name_section(kind == Kind::Release);
    // The JavaScript finds its own wasm.
    bindgen.omit_default_module_path(false);
    match kind {
        Kind::Dev => bindgen.generate(&folder).context("wasm-bindgen cannot bind the page")?,
        Kind::Release => {
            let mut output = bindgen.generate_output().context("wasm-bindgen cannot bind the page")?;
            glue::write_short(&mut output, &folder, &name.to_string_lossy())?;
        }
    }
    fs::write(&stamp, made_from).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(folder)
}

/// Tells one build of a file from another.
fn version(file: &Path) -> Result<String> {
    let metadata = fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(format!("{} bytes, {:?}\n", metadata.len(), metadata.modified()?))
}
