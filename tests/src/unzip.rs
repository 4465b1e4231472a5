//! Zips, unpacked by Info-ZIP, which is what most machines have.

use std::path::Path;
use std::process::Command;

use crate::function::skip;

/// Tests the zip, and unpacks it. Without `unzip` it does not; then the reason is printed.
#[track_caller]
pub fn unzip(zip: &Path, folder: &Path) -> bool {
    let Ok(test) = Command::new("unzip").arg("-t").arg(zip).output() else {
        skip("no unzip on PATH; `cargo xtask test cross` installs it");
        return false;
    };
    assert!(test.status.success(), "{test:?}");
    let unpacked =
        Command::new("unzip").arg("-q").arg(zip).arg("-d").arg(folder).output().expect("as before");
    assert!(unpacked.status.success(), "{unpacked:?}");
    true
}

/// What its owner, its group and others may do with a file.
#[cfg(unix)]
pub fn mode(file: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;

    std::fs::metadata(file).expect("it is there").permissions().mode() & 0o777
}
