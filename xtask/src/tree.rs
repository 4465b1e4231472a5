//! Where things are. Cargo is asked, because the target directory may be anywhere.

use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Tree {
    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target directory; what xtask itself makes goes below it too.
    pub(crate) target: PathBuf,
}

impl Tree {
    pub(crate) fn find() -> Result<Tree> {
        let output = Command::new(cargo_program())
            .args(["metadata", "--no-deps", "--format-version=1"])
            .output()
            .context("cannot start cargo")?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
        let metadata: Value =
            serde_json::from_slice(&output.stdout).context("`cargo metadata` printed no JSON")?;
        let folder = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("`cargo metadata` names no {key}"))
        };
        Ok(Tree { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    /// Cargo, run at the workspace's root whatever the current folder is.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(cargo_program());
        command.current_dir(&self.root);
        command
    }

    /// A path as a person at the root would write it.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// The cargo that started this program, so that the toolchain is the same one.
fn cargo_program() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}
