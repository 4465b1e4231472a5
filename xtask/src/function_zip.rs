//! The zip that Lambda is given, with the program alone: the page and `pushbox render function-zip` add the config.

use crate::platform::Platform;
use crate::tree::Tree;
use crate::{cargo, platform, same_bytes};
use anyhow::{Context, Result};
use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The cargo profile of the function.
pub(crate) const PROFILE: &str = "--profile=function";

/// The processors that Lambda has, in Lambda's words and in Rust's.
pub(crate) const PROCESSORS: [(&str, &str); 2] = [("arm64", "aarch64"), ("x86_64", "x86_64")];

/// The name of the zip for one of Lambda's processors.
pub(crate) fn name(lambda: &str) -> String {
    format!("function-{lambda}.zip")
}

/// Builds the function for one of Rust's processors, and packs it.
pub(crate) fn build(tree: &Tree, processor: &str) -> Result<Vec<u8>> {
    let program = program(tree, &platform::musl(processor)?)?;
    packed(&fs::read(&program).with_context(|| format!("cannot read {}", program.display()))?)
}

/// The function as it is released.
pub(crate) fn program(tree: &Tree, platform: &Platform) -> Result<PathBuf> {
    let mut command = tree.cargo();
    command.args(["build", "--package=pushbox-lambda", "--locked", PROFILE]);
    platform.choose(&mut command);
    same_bytes::choose(tree, &platform.target, &mut command)?;
    cargo::program(&mut command, "bootstrap")
}

/// The same content always gives the same bytes: no time is in there.
pub(crate) fn packed(program: &[u8]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        // Lambda runs it, as whoever it likes.
        .unix_permissions(0o755);
    zip.start_file("bootstrap", options)?;
    zip.write_all(program)?;
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_zip_holds_a_program_that_may_be_run() {
        let content = b"to be compressed ".repeat(100);
        let bytes = packed(&content).expect("in memory");
        assert!(bytes.len() < content.len() / 2, "{}", bytes.len());
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        let mut file = zip.by_name("bootstrap").expect("it is there");
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        let mut found = Vec::new();
        file.read_to_end(&mut found).expect("in memory");
        assert_eq!(found, content);
    }
}
