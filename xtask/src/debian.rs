//! The Debian that boxes in tests run: made of its packages once, and kept in the target directory.

use crate::need::{apt, is_root, on_path, say};
use crate::tree::Tree;
use anyhow::{Context, Result, ensure};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a box has once the script has installed its packages, cloud-init, and what the sandbox itself runs.
const PACKAGES: &str = "ca-certificates,cloud-init,curl,docker.io,git,haproxy,iproute2,jq,mount,procps,socat";
/// Neither manuals nor waiting for a disk: if this is cut off, it is made again.
const OPTIONS: [&str; 6] = [
    "--mode=root",
    "--variant=apt",
    "--aptopt=APT::Install-Recommends false",
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
];
const SUITE: &str = "bookworm";

/// The folder that holds it, made now if need be, which takes three minutes.
pub(crate) fn folder(tree: &Tree) -> Result<PathBuf> {
    let recipe = hex::encode(Sha256::digest(format!("{OPTIONS:?} {PACKAGES} {SUITE}")));
    let home = tree.target.join("box");
    let folder = home.join(format!("debian-{}", &recipe[..12]));
    ensure!(
        is_root(),
        "a box in a sandbox has namespaces, mounts and a dockerd of its own, which needs root"
    );
    if folder.exists() {
        return Ok(folder);
    }
    if on_path("mmdebstrap").is_none() {
        apt(&["mmdebstrap", "debian-archive-keyring"], "to make the Debian that boxes in tests run")?;
    }
    // What is here is of a former recipe, or was cut off.
    if home.exists() {
        fs::remove_dir_all(&home).with_context(|| format!("cannot remove {}", home.display()))?;
    }
    let unfinished = home.join("unfinished");
    fs::create_dir_all(&unfinished).with_context(|| format!("cannot make {}", unfinished.display()))?;
    // By way of tar, because mmdebstrap mounts /sys and more where it works, and that must never be below a folder that
    // is removed like the one above.
    let mut make = Command::new("mmdebstrap");
    make.args(OPTIONS).args([&format!("--include={PACKAGES}"), "--quiet", "--format=tar", SUITE, "-"]);
    say(&make, "to have a Debian for the boxes in tests");
    let mut maker = make.stdout(Stdio::piped()).spawn().context("cannot start mmdebstrap")?;
    let tar = maker.stdout.take().expect("stdout is piped");
    let unpacked = Command::new("tar")
        .args(["--extract", "--numeric-owner", "--directory"])
        .arg(&unfinished)
        .stdin(tar)
        .status()
        .context("cannot start tar")?;
    let made = maker.wait()?;
    ensure!(made.success() && unpacked.success(), "mmdebstrap or tar failed ({made}, {unpacked})");
    fs::rename(&unfinished, &folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
