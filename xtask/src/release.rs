//! `release`: everything that is offered for download, in one folder, with its checksums.

mod archive;
mod changelog;

use crate::dist::{self, Dist};
use crate::tree::Tree;
use crate::{cargo, function_zip, platform, same_bytes};
use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Of the workspace, and so of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What tells an earlier release from another folder.
const SUMS: &str = "SHA256SUMS";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The folder to write, instead of `release` at the root; what an earlier release left there is removed
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// A file of a release.
struct File {
    name: String,
    content: Vec<u8>,
    /// What a person does with it.
    purpose: &'static str,
}

pub(crate) fn release(tree: &Tree, options: &Options) -> Result<()> {
    let changes = fs::read_to_string(tree.root.join("CHANGELOG.md")).context("cannot read CHANGELOG.md")?;
    let changes = changelog::entry(&changes, VERSION)?;
    all_is_committed(tree)?;
    let folder = options.out.clone().unwrap_or_else(|| tree.root.join("release"));
    dist::empty(&folder, "release", &[SUMS])?;

    let built = dist::build(tree)?;
    let mut files = vec![site(tree, &built)?];
    for (name, content) in built.zips {
        files.push(File { name, content, purpose: "the function, for `pushbox render function-zip --base`" });
    }
    for (_, processor) in function_zip::PROCESSORS {
        files.push(command_line(tree, processor)?);
    }
    files.push(File { name: "CHANGES.md".into(), content: changes.into(), purpose: "what is new" });
    write(&folder, &files)?;
    println!("wrote {}, pushbox {VERSION}", tree.shown(&folder));
    Ok(())
}

/// What is released can be built again from the commit.
fn all_is_committed(tree: &Tree) -> Result<()> {
    let mut git = Command::new("git");
    git.args(["status", "--porcelain"]).current_dir(&tree.root);
    let output = git.output().context("cannot start git")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    let changed = String::from_utf8_lossy(&output.stdout).into_owned();
    if !changed.is_empty() {
        bail!(
            "a release is made of a commit, and these files differ from it; commit or remove them\n{changed}"
        );
    }
    Ok(())
}

/// The page and all that it fetches, which is the function's program too.
fn site(tree: &Tree, built: &Dist) -> Result<File> {
    for (lambda, _) in function_zip::PROCESSORS {
        let name = function_zip::name(lambda);
        ensure!(built.zips.contains_key(&name), "{name} is missing, for the reason above; a release has it");
    }
    let folder = tree.target.join("site/released");
    dist::write_all(built, &folder)?;
    let name = format!("pushbox-site-{VERSION}");
    let content = archive::tar_gz(&folder, &name)?;
    Ok(File { name: format!("{name}.tar.gz"), content, purpose: "the page, for any host of files" })
}

fn command_line(tree: &Tree, processor: &str) -> Result<File> {
    let platform = platform::musl(processor)?;
    let mut command = tree.cargo();
    command.args(["build", "--package=pushbox", "--locked", "--release"]);
    command.args(["--config", "profile.release.strip=true"]);
    platform.choose(&mut command);
    same_bytes::choose(tree, &platform.target, &mut command)?;
    let program = cargo::program(&mut command, "pushbox")?;
    let content = fs::read(&program).with_context(|| format!("cannot read {}", program.display()))?;
    Ok(File {
        name: format!("pushbox-{processor}-linux"),
        content,
        purpose: "the command line, for any Linux",
    })
}

fn write(folder: &Path, files: &[File]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut sums = String::new();
    for File { name, content, purpose } in files {
        put(folder, name, content)?;
        sums += &format!("{}  {name}\n", hex::encode(Sha256::digest(content)));
        println!("{name:<32} {:>9}  {purpose}", content.len());
    }
    put(folder, SUMS, sums.as_bytes())?;
    println!("{SUMS:<32} {:>9}  to check the others with `sha256sum --check`", sums.len());
    Ok(())
}

fn put(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let file = folder.join(name);
    fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))?;
    #[cfg(unix)]
    if content.starts_with(b"\x7fELF") {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))
            .with_context(|| format!("cannot make {} a program", file.display()))?;
    }
    Ok(())
}
