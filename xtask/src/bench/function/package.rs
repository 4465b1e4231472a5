//! The zip that Lambda is given, and what it weighs.

use anyhow::{Context, Result};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// In bytes.
pub(super) struct Weight {
    pub(super) program: usize,
    pub(super) zip: usize,
}

/// Writes the zip of a program, as `bootstrap`.
pub(super) fn write(program: &Path, zip: &Path) -> Result<Weight> {
    let content = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let packed = packed(&content)?;
    fs::write(zip, &packed).with_context(|| format!("cannot write {}", zip.display()))?;
    Ok(Weight { program: content.len(), zip: packed.len() })
}

/// The same content always gives the same bytes: no time is in there.
fn packed(content: &[u8]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        // Lambda runs it, as whoever it likes.
        .unix_permissions(0o755);
    zip.start_file("bootstrap", options)?;
    zip.write_all(content)?;
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
