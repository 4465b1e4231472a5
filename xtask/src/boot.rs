//! `boot`: the box as a whole machine. Here its image is made, of the Debian that sandboxes run too; `tests/tests/boot`
//! boots it.

use crate::need::{apt, on_path};
use crate::tree::Tree;
use crate::{cargo, debian};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is needed here and for the tests: a program of each package.
const TOOLS: [(&str, &str); 2] = [("qemu-system-x86_64", "qemu-system-x86"), ("debugfs", "e2fsprogs")];
/// A whole disk is the file system, without partitions: the kernel and its initrd are given to QEMU.
const FILE_SYSTEM: [&str; 5] = ["-q", "-t", "ext4", "-L", "root"];
/// Of which a quarter is used; the rest takes no room.
const SIZE: &str = "3G";

/// The folder with the disk, the kernel and its initrd, made now if need be.
pub(crate) fn image(tree: &Tree) -> Result<PathBuf> {
    ensure!(cfg!(target_arch = "x86_64"), "the machine has an x86_64, and its Debian is made on one");
    let missing = TOOLS.iter().filter(|(program, _)| on_path(program).is_none());
    let missing: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        apt(&missing, "to boot the box as a machine")?;
    }
    let debian = debian::folder(tree)?;
    let name = debian.file_name().context("a folder has a name")?.to_string_lossy();
    let recipe = format!("{name} {FILE_SYSTEM:?} {SIZE}");
    debian::kept(&tree.target.join("boot"), "machine", &recipe, |folder| make(&debian, folder))
}

fn make(debian: &Path, folder: &Path) -> Result<()> {
    for name in ["vmlinuz", "initrd.img"] {
        let file = debian.join(name);
        fs::copy(&file, folder.join(name)).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    let mut file_system = Command::new("mke2fs");
    file_system.args(FILE_SYSTEM).arg("-d").arg(debian).arg(folder.join("disk.img")).arg(SIZE);
    cargo::run(&mut file_system)
}
