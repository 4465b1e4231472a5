//! The app that boxes run in tests: it says its version.

use std::path::{Path, PathBuf};
use std::process::Command;

pub const DOCKERFILE: &str = "FROM scratch\nCOPY app version /\nRUN [\"/app\", \"check\"]\nCMD [\"/app\"]\n";

/// Builds it into that folder, linked statically, because its image holds nothing else.
pub fn build(folder: &Path) -> PathBuf {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/box/app.rs");
    let app = folder.join("box-app");
    let output = Command::new("rustc")
        .args(["--edition=2024", "-Copt-level=1", "-Ctarget-feature=+crt-static", "-Cstrip=symbols", source])
        .arg("-o")
        .arg(&app)
        .output()
        .expect("rustc has built this");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    app
}
