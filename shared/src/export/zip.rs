//! `function.zip` from the zip of a release: one more file in it, and all others as they were, to the byte.

mod directory;
mod error;
mod size;

#[cfg(test)]
mod tests;

use self::directory::{Directory, Entry, LOCAL, RECORD, fields};
pub use self::error::ZipError;
pub use self::size::LARGEST;
use self::size::four_bytes;
use crate::config::{self, Config};
use crate::gzip::crc32;

/// What it is, in one sentence.
pub const ABOUT: &str = "What Lambda is given: the zip with the function's program, and the config in it.";

/// The program that Lambda starts.
const BOOTSTRAP: &str = "bootstrap";

/// Made by Unix, by version 2.0 of the format: so there is a mode.
const MADE_BY: u16 = 0x0314;
/// A file that all may read.
const MODE: u32 = 0o100_644;

/// The zip with a file of that name and content, which replaces one that the zip has. The file has mode 644, is from
/// 1980 and not compressed.
pub fn append(base: &[u8], name: &str, content: &[u8]) -> Result<Vec<u8>, ZipError> {
    let Directory { before, mut entries, comment } = Directory::read(base)?;
    entries.retain(|entry| entry.name != name.as_bytes());
    let (local, record) = written(name, content).ok_or(ZipError::TooLarge)?;
    entries.push(Entry { name: name.as_bytes(), record: &record, local: &local });
    joined(before, &entries, comment).ok_or(ZipError::TooLarge)
}

/// A zip of files with these names and contents, each as [`append`] adds it. Nothing where it would be larger than a zip can be.
pub(super) fn stored(files: &[(&str, Vec<u8>)]) -> Option<Vec<u8>> {
    let parts: Vec<_> = files.iter().map(|(name, content)| written(name, content)).collect::<Option<_>>()?;
    let entries: Vec<Entry<'_>> = files
        .iter()
        .zip(&parts)
        .map(|((name, _), (local, record))| Entry { name: name.as_bytes(), record, local })
        .collect();
    joined(&[], &entries, &[])
}

fn joined(before: &[u8], entries: &[Entry<'_>], comment: &[u8]) -> Option<Vec<u8>> {
    let mut zip = before.to_vec();
    let mut records = Vec::new();
    for entry in entries {
        records.extend(&entry.record[..fields::PLACE]);
        records.extend(four_bytes(zip.len())?);
        records.extend(&entry.record[fields::END..]);
        zip.extend(entry.local);
    }
    let end = directory::end(entries.len(), records.len(), zip.len(), comment)?;
    zip.extend(records);
    zip.extend(end);
    Some(zip)
}

/// `function.zip`: the zip with the function's program, and the config beside it.
pub fn function(base: &[u8], config: &Config) -> Result<Vec<u8>, ZipError> {
    let zip = append(base, "pushbox.json", config::to_json(config).as_bytes())?;
    check(&zip)?;
    Ok(zip)
}

/// Whether Lambda takes it and can start it.
pub fn check(zip: &[u8]) -> Result<(), ZipError> {
    let entries = Directory::read(zip)?.entries;
    if zip.len() > LARGEST {
        return Err(ZipError::Heavy(zip.len()));
    }
    if !entries.iter().any(|entry| entry.name == BOOTSTRAP.as_bytes()) {
        return Err(ZipError::NoBootstrap);
    }
    for entry in entries {
        let (wanted, must) = if entry.name == BOOTSTRAP.as_bytes() { (0o755, 0o555) } else { (0o644, 0o444) };
        let found = entry.mode();
        if found.is_none_or(|mode| mode & must != must) {
            let name = String::from_utf8_lossy(entry.name).into_owned();
            return Err(ZipError::Mode { name, wanted, found });
        }
    }
    Ok(())
}

/// The file as it lies in a zip, and its record in the directory, with 0 for its place.
fn written(name: &str, content: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let both = [
        &10_u16.to_le_bytes()[..], // the version that reads it
        &if name.is_ascii() { 0_u16 } else { 0x800 }.to_le_bytes(), // flags: the name is UTF-8
        &[0, 0],                   // stored
        &[0, 0, 0x21, 0],          // midnight, 1 January 1980
        &crc32(content).to_le_bytes(),
        &four_bytes(content.len())?,
        &four_bytes(content.len())?,
        &u16::try_from(name.len()).ok()?.to_le_bytes(),
        &[0, 0], // nothing extra
    ]
    .concat();
    let local = [LOCAL, &both, name.as_bytes(), content].concat();
    let no_comment_first_disk_binary = [0; 6];
    let mode = (MODE << 16).to_le_bytes();
    let place = [0; 4];
    let record = [
        RECORD,
        &MADE_BY.to_le_bytes(),
        &both,
        &no_comment_first_disk_binary,
        &mode,
        &place,
        name.as_bytes(),
    ];
    Some((local, record.concat()))
}
