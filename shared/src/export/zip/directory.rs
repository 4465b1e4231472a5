//! What a zip says of itself at its end. Nothing of it is believed before it fits the rest.
//!
//! Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory) and 4.3.16 (end).

use super::error::ZipError;
use super::size::four_bytes;

pub(super) const LOCAL: &[u8] = b"PK\x03\x04";
pub(super) const RECORD: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const ZIP64_LOCATOR: &[u8] = b"PK\x06\x07";

const LOCAL_LENGTH: usize = 30;
const ZIP64_LOCATOR_LENGTH: usize = 20;
const END_LENGTH: usize = 22;
/// Of the comment after the end.
const LONGEST_COMMENT: usize = 0xffff;

/// Encrypted content, strong encryption, a directory that is encrypted.
const ENCRYPTED: usize = 1 | 1 << 6 | 1 << 13;
const UNIX: usize = 3;

/// Where the members of a record are.
pub(super) mod fields {
    pub(super) const MADE_BY: usize = 4;
    pub(super) const FLAGS: usize = 8;
    pub(super) const COMPRESSED: usize = 20;
    pub(super) const SIZE: usize = 24;
    pub(super) const NAME: usize = 28;
    pub(super) const EXTRA: usize = 30;
    pub(super) const COMMENT: usize = 32;
    pub(super) const DISK: usize = 34;
    pub(super) const ATTRIBUTES: usize = 38;
    pub(in super::super) const PLACE: usize = 42;
    /// Name, extra and comment follow.
    pub(in super::super) const END: usize = 46;
}

pub(super) struct Directory<'a> {
    /// What comes before the first file.
    pub(super) before: &'a [u8],
    /// In the order in which they lie.
    pub(super) entries: Vec<Entry<'a>>,
    pub(super) comment: &'a [u8],
}

pub(super) struct Entry<'a> {
    pub(super) name: &'a [u8],
    /// In the directory.
    pub(super) record: &'a [u8],
    /// Its local header, its content, and all up to the next file.
    pub(super) local: &'a [u8],
}

impl<'a> Directory<'a> {
    pub(super) fn read(zip: &'a [u8]) -> Result<Directory<'a>, ZipError> {
        let end = find_end(zip).ok_or(ZipError::NotAZip)?;
        let start = start(zip, end)?;
        let records = records(&zip[..end], start)?;
        if short(zip, end + 10) != Some(records.len()) {
            return Err(ZipError::Damaged { at: end, expected: "the number of files in the directory" });
        }
        let mut places: Vec<(usize, &[u8])> = Vec::new();
        for record in records {
            places.push((place(record)?, record));
        }
        places.sort_unstable_by_key(|(at, _)| *at);
        let ends: Vec<usize> = places.iter().skip(1).map(|(at, _)| *at).chain([start]).collect();
        let first = places.first().map_or(start, |(at, _)| *at);
        let before = zip.get(..first.min(start)).unwrap_or_default();
        let pairs = places.into_iter().zip(ends);
        let entries =
            pairs.map(|((at, record), end)| entry(zip, record, at, end)).collect::<Result<_, _>>()?;
        Ok(Directory { before, entries, comment: &zip[end + END_LENGTH..] })
    }
}

impl Entry<'_> {
    /// Kind of file and permissions, where it was made by a Unix.
    pub(super) fn mode(&self) -> Option<u32> {
        let made_by = short(self.record, fields::MADE_BY)?;
        let mode = short(self.record, fields::ATTRIBUTES + 2)?;
        (made_by >> 8 == UNIX).then_some(u32::try_from(mode).ok()?)
    }
}

/// The end of a zip with so many files, whose directory has so many bytes and starts there.
pub(super) fn end(count: usize, length: usize, start: usize, comment: &[u8]) -> Option<Vec<u8>> {
    let count = u16::try_from(count).ok().filter(|count| *count < u16::MAX)?.to_le_bytes();
    let comment_length = u16::try_from(comment.len()).ok()?.to_le_bytes();
    let only_disk = [0; 4];
    Some(
        [
            END,
            &only_disk,
            &count,
            &count,
            &four_bytes(length)?,
            &four_bytes(start)?,
            &comment_length,
            comment,
        ]
        .concat(),
    )
}

/// The last place where an end may be, with its comment up to the last byte.
fn find_end(zip: &[u8]) -> Option<usize> {
    let last = zip.len().checked_sub(END_LENGTH)?;
    let fits = |at: &usize| zip[*at..].starts_with(END) && short(zip, at + 20) == Some(last - at);
    (last.saturating_sub(LONGEST_COMMENT)..=last).rev().find(fits)
}

/// Where the directory starts that ends there.
fn start(zip: &[u8], end: usize) -> Result<usize, ZipError> {
    let number = |at: usize| short(zip, end + at).unwrap_or_default();
    let (length, start) = (long(zip, end + 12), long(zip, end + 16));
    let zip64 = number(10) == 0xffff || [length, start].contains(&Some(0xffff_ffff));
    let whole = start.zip(length).is_some_and(|(start, length)| start.checked_add(length) == Some(end));
    let locator = end.checked_sub(ZIP64_LOCATOR_LENGTH);
    if zip64 || !whole && locator.is_some_and(|at| zip[at..].starts_with(ZIP64_LOCATOR)) {
        return Err(ZipError::Zip64);
    }
    if number(4) != 0 || number(6) != 0 || number(8) != number(10) {
        return Err(ZipError::Split);
    }
    let start = start.filter(|_| whole);
    start.ok_or(ZipError::Damaged { at: end, expected: "the end of the directory" })
}

/// The directory's records, which fill it.
fn records(directory: &[u8], start: usize) -> Result<Vec<&[u8]>, ZipError> {
    let mut records = Vec::new();
    let mut rest = &directory[start..];
    while !rest.is_empty() {
        let Some(record) = first_record(rest) else {
            return Err(ZipError::Damaged { at: directory.len() - rest.len(), expected: "a file's record" });
        };
        rest = &rest[record.len()..];
        records.push(record);
    }
    Ok(records)
}

fn first_record(bytes: &[u8]) -> Option<&[u8]> {
    let lengths = [fields::NAME, fields::EXTRA, fields::COMMENT].map(|at| short(bytes, at));
    let length = lengths.into_iter().try_fold(fields::END, |sum, length| Some(sum + length?))?;
    bytes.get(..length).filter(|record| record.starts_with(RECORD))
}

/// Where the file of a record lies, if it can be handled.
fn place(record: &[u8]) -> Result<usize, ZipError> {
    let [disk, flags] = [fields::DISK, fields::FLAGS].map(|at| short(record, at).unwrap_or_default());
    let [at, size, compressed] =
        [fields::PLACE, fields::SIZE, fields::COMPRESSED].map(|at| long(record, at).unwrap_or_default());
    if [at, size, compressed].contains(&0xffff_ffff) || disk == 0xffff {
        return Err(ZipError::Zip64);
    }
    if disk != 0 {
        return Err(ZipError::Split);
    }
    if flags & ENCRYPTED != 0 {
        return Err(ZipError::Encrypted);
    }
    Ok(at)
}

/// The file that lies there, at most up to that end, as its record says.
fn entry<'a>(zip: &'a [u8], record: &'a [u8], at: usize, end: usize) -> Result<Entry<'a>, ZipError> {
    let local = zip.get(at..end).unwrap_or_default();
    let name_length = short(record, fields::NAME).unwrap_or_default();
    let name = &record[fields::END..][..name_length];
    let whole = || {
        let extra = short(local, 28)?;
        let content = long(record, fields::COMPRESSED)?;
        let length = LOCAL_LENGTH.checked_add(name_length)?.checked_add(extra)?.checked_add(content)?;
        let local_name = local.get(LOCAL_LENGTH..)?.get(..name_length)?;
        let fits = local.starts_with(LOCAL)
            && short(local, 26) == Some(name_length)
            && local_name == name
            && length <= local.len();
        fits.then_some(())
    };
    whole().ok_or(ZipError::Damaged { at, expected: "a file as the directory says" })?;
    Ok(Entry { name, record, local })
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes).into())
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let number = u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    // The page has 32 bits, the function 64.
    usize::try_from(number).ok()
}
