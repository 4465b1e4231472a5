//! The Debian that boxes in tests run, in a sandbox or as a machine: made of its packages once, and kept in the target
//! directory.

use crate::need::{apt, is_root, on_path, say};
use crate::tree::Tree;
use anyhow::{Context, Result, ensure};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a box has once the script has installed its packages, cloud-init, and what the sandbox itself runs. The second line
/// is what a machine needs besides.
const PACKAGES: [&str; 2] = [
    "ca-certificates,cloud-init,curl,docker.io,git,haproxy,iproute2,jq,mount,procps,socat",
    "apparmor,dbus,e2fsprogs,iptables,isc-dhcp-client,systemd-resolved,systemd-sysv,udev",
];
/// What images for EC2 come with, as far as the sandbox needs it.
const BARE_PACKAGES: &str = "ca-certificates,cloud-init,curl,iproute2,mount,procps";
/// Neither manuals nor waiting for a disk: if this is cut off, it is made again.
const OPTIONS: [&str; 6] = [
    "--mode=root",
    "--variant=apt",
    "--aptopt=APT::Install-Recommends false",
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
];
/// What images for EC2 come with: a network, and no name before cloud-init gives one. There is no sshd to make keys for.
const HOOKS: [&str; 3] = [
    "--customize-hook=chroot \"$1\" systemctl --quiet enable systemd-networkd",
    "--customize-hook=rm --force \"$1/etc/hostname\"",
    "--customize-hook=printf 'locale: C.UTF-8\\nssh_genkeytypes: []\\n' >\"$1/etc/cloud/cloud.cfg.d/90_image.cfg\"",
];
/// Where what the script installs lies in the bare Debian, with all that it depends on.
const ARCHIVE: &str = "srv/packages";
const BARE_HOOKS: [&str; 2] = [
    "--customize-hook=mkdir -p \"$1/srv/packages/partial\"",
    "--customize-hook=APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get install --quiet --quiet --yes --download-only \
     --option \"Dir::Cache::archives=$1/srv/packages\" \
     docker.io docker-cli docker-buildx git haproxy socat jq caddy",
];

/// The folder that holds it, made now if need be, which takes minutes.
pub(crate) fn folder(tree: &Tree) -> Result<PathBuf> {
    let packages = packages()?;
    make_once(&tree.target.join("box"), "bookworm", &packages, &HOOKS, |_| Ok(()))
}

/// A younger one as EC2 gives it, without anything that the script installs, and an archive with just that.
pub(crate) fn bare_folder(tree: &Tree) -> Result<PathBuf> {
    make_once(&tree.target.join("box-bare"), "trixie", BARE_PACKAGES, &BARE_HOOKS, index)
}

/// With the kernel for virtual machines.
fn packages() -> Result<String> {
    let kernel = match std::env::consts::ARCH {
        "x86_64" => "linux-image-cloud-amd64",
        "aarch64" => "linux-image-cloud-arm64",
        other => anyhow::bail!("expected a processor that EC2 has, found {other}"),
    };
    Ok([&PACKAGES[..], &[kernel]].concat().join(","))
}

fn make_once(
    home: &Path,
    suite: &str,
    packages: &str,
    hooks: &[&str],
    finish: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let recipe = [&OPTIONS[..], hooks, &[packages, suite]].concat().join("\n");
    ensure!(
        is_root(),
        "a box in a sandbox has namespaces, mounts and a dockerd of its own, which needs root"
    );
    kept(home, "debian", &recipe, |unfinished| {
        make(suite, packages, hooks, unfinished)?;
        finish(unfinished)
    })
}

fn make(suite: &str, packages: &str, hooks: &[&str], folder: &Path) -> Result<()> {
    if on_path("curl").is_none() {
        apt(&["curl"], "to visit the boxes in tests")?;
    }
    if on_path("mmdebstrap").is_none() {
        apt(&["mmdebstrap", "debian-archive-keyring"], "to make the Debian that boxes in tests run")?;
    }
    // By way of tar, because mmdebstrap mounts /sys and more where it works, and that must never be below a folder that
    // is removed when the recipe changes.
    let mut make = Command::new("mmdebstrap");
    make.args(OPTIONS).args(hooks).args([&format!("--include={packages}"), "--quiet", "--format=tar"]);
    make.args([suite, "-"]);
    say(&make, "to have a Debian for the boxes in tests");
    let mut maker = make.stdout(Stdio::piped()).spawn().context("cannot start mmdebstrap")?;
    let tar = maker.stdout.take().expect("stdout is piped");
    let unpacked = Command::new("tar")
        .args(["--extract", "--numeric-owner", "--directory"])
        .arg(folder)
        .stdin(tar)
        .status()
        .context("cannot start tar")?;
    let made = maker.wait()?;
    ensure!(made.success() && unpacked.success(), "mmdebstrap or tar failed ({made}, {unpacked})");
    Ok(())
}

/// Writes the list of packages that makes a folder of them an archive for apt: the format of "deb822" in `sources.list(5)`.
fn index(debian: &Path) -> Result<()> {
    let archive = debian.join(ARCHIVE);
    let mut packages = String::new();
    for entry in fs::read_dir(&archive).with_context(|| format!("cannot list {}", archive.display()))? {
        let file = entry?.path();
        let Some(name) =
            file.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".deb"))
        else {
            continue;
        };
        let control =
            Command::new("dpkg-deb").arg("--field").arg(&file).output().context("cannot start dpkg-deb")?;
        ensure!(control.status.success(), "dpkg-deb cannot read {name}");
        let content = fs::read(&file).with_context(|| format!("cannot read {name}"))?;
        packages += &format!(
            "{}Filename: ./{name}\nSize: {}\nSHA256: {}\n\n",
            String::from_utf8_lossy(&control.stdout),
            content.len(),
            hex::encode(Sha256::digest(&content))
        );
    }
    ensure!(!packages.is_empty(), "apt has downloaded nothing");
    fs::write(archive.join("Packages"), packages).context("cannot write the list of packages")
}

/// The folder in `home` that was made by that recipe, made now if need be. Whatever else is in `home` is of a former
/// recipe, or was cut off, and goes.
pub(crate) fn kept(
    home: &Path,
    name: &str,
    recipe: &str,
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let recipe = hex::encode(Sha256::digest(recipe));
    let folder = home.join(format!("{name}-{}", &recipe[..12]));
    if folder.exists() {
        return Ok(folder);
    }
    if home.exists() {
        fs::remove_dir_all(home).with_context(|| format!("cannot remove {}", home.display()))?;
    }
    let unfinished = home.join("unfinished");
    fs::create_dir_all(&unfinished).with_context(|| format!("cannot make {}", unfinished.display()))?;
    make(&unfinished)?;
    fs::rename(&unfinished, &folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
