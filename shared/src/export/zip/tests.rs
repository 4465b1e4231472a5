//! What is appended is read by somebody else's reader, and what was there is there still.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use expect_test::{Expect, expect};
use proptest::prelude::*;
use zip::write::{FullFileOptions, SimpleFileOptions};
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{LARGEST, ZipError, append, check};

/// Name, content, mode, and whether it is compressed.
type File<'a> = (&'a str, &'a [u8], u32, CompressionMethod);

/// By somebody else.
fn made(files: &[File<'_>], comment: &str) -> Vec<u8> {
    write(ZipWriter::new(Cursor::new(Vec::new())), files, comment).into_inner()
}

/// By somebody else, for a pipe: the sizes of a file follow it.
fn streamed(files: &[File<'_>], comment: &str) -> Vec<u8> {
    write(ZipWriter::new_stream(Vec::new()), files, comment).into_inner()
}

fn write<W: std::io::Write + std::io::Seek>(mut zip: ZipWriter<W>, files: &[File<'_>], comment: &str) -> W {
    for (name, content, mode, method) in files {
        let mut options = FullFileOptions::default().unix_permissions(*mode).compression_method(*method);
        options.add_extra_field(0xbeef, vec![1, 2, 3], false).unwrap();
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    if !comment.is_empty() {
        zip.set_comment(comment).unwrap();
    }
    zip.finish().unwrap()
}

fn program() -> Vec<u8> {
    b"\x7fELF and much more of it ".repeat(100)
}

/// As a release has it.
fn base() -> Vec<u8> {
    made(&[("bootstrap", &program(), 0o755, CompressionMethod::Deflated)], "")
}

/// Where the directory of a small zip without a comment starts.
fn directory(zip: &[u8]) -> usize {
    let end = zip.len() - 22;
    u16::from_le_bytes([zip[end + 16], zip[end + 17]]).into()
}

fn open(zip: &[u8]) -> ZipArchive<Cursor<&[u8]>> {
    ZipArchive::new(Cursor::new(zip)).unwrap()
}

fn content(zip: &[u8], name: &str) -> Vec<u8> {
    let mut content = Vec::new();
    // To its end, where the checksum is compared.
    open(zip).by_name(name).unwrap().read_to_end(&mut content).unwrap();
    content
}

/// Name, mode, bytes in the zip, bytes and time of each file.
#[track_caller]
fn check_list(zip: &[u8], expected: &Expect) {
    let mut archive = open(zip);
    let mut lines = String::new();
    for at in 0..archive.len() {
        let file = archive.by_index(at).unwrap();
        let mode = file.unix_mode().unwrap();
        let time = file.last_modified().unwrap();
        lines +=
            &format!("{} {mode:o} {} {} {time}\n", file.name().unwrap(), file.compressed_size(), file.size());
    }
    expected.assert_eq(&lines);
}

#[track_caller]
fn check_refused(result: Result<impl std::fmt::Debug, ZipError>, expected: &Expect) {
    expected.assert_eq(&result.unwrap_err().to_string());
}

#[test]
fn a_file_more() {
    let zip = append(&base(), "pushbox.json", b"{}\n").unwrap();
    check_list(
        &zip,
        &expect![[r#"
        bootstrap 100755 50 2500 1980-01-01 00:00:00
        pushbox.json 100644 3 3 1980-01-01 00:00:00
    "#]],
    );
    assert_eq!(content(&zip, "bootstrap"), program());
    assert_eq!(content(&zip, "pushbox.json"), b"{}\n");
    assert_eq!(check(&zip), Ok(()));
}

#[test]
fn another_config_replaces_the_first() {
    let first = append(&base(), "pushbox.json", &b"the first".repeat(50)).unwrap();
    let second = append(&first, "pushbox.json", b"the second").unwrap();
    assert_eq!(second, append(&base(), "pushbox.json", b"the second").unwrap());
}

#[test]
fn what_stands_in_the_middle_is_taken_out() {
    let stored = CompressionMethod::Stored;
    let base = made(
        &[("a", b"first", 0o644, stored), ("b", b"second", 0o600, stored), ("c", b"third", 0o755, stored)],
        "a comment",
    );
    let zip = append(&base, "b", b"the new one").unwrap();
    check_list(
        &zip,
        &expect![[r#"
        a 100644 5 5 1980-01-01 00:00:00
        c 100755 5 5 1980-01-01 00:00:00
        b 100644 11 11 1980-01-01 00:00:00
    "#]],
    );
    assert!(!zip.windows(6).any(|bytes| bytes == b"second"), "nothing of the old one is left");
    assert_eq!(open(&zip).comment(), b"a comment");
    assert_eq!(content(&zip, "c"), b"third");
}

#[test]
fn a_zip_without_files() {
    let zip = append(&made(&[], ""), "größe/ß.txt", b"").unwrap();
    check_list(
        &zip,
        &expect![[r#"
        größe/ß.txt 100644 0 0 1980-01-01 00:00:00
    "#]],
    );
}

#[test]
fn what_is_refused() {
    let good = base();
    check_refused(append(b"", "f", b""), &expect!["is not a zip, or its end is missing"]);
    check_refused(
        append(b"<html>Not found</html>, which is what many a server says", "f", b""),
        &expect!["is not a zip, or its end is missing"],
    );
    check_refused(append(&good[..good.len() - 1], "f", b""), &expect!["is not a zip, or its end is missing"]);
    check_refused(
        append(&good[1..], "f", b""),
        &expect!["is damaged: expected the end of the directory at byte 157"],
    );
    let mut twice = good.clone();
    twice.extend(&good);
    check_refused(
        append(&twice, "f", b""),
        &expect!["is damaged: expected the end of the directory at byte 338"],
    );

    let mut zip64 = ZipWriter::new(Cursor::new(Vec::new()));
    zip64.set_raw_zip64_extensible_data_sector(Box::new([7; 20]));
    zip64.start_file("bootstrap", SimpleFileOptions::default()).unwrap();
    check_refused(
        append(&zip64.finish().unwrap().into_inner(), "f", b""),
        &expect!["is a zip64; expected one without its records"],
    );

    let (end, record) = (good.len() - 22, directory(&good));
    let with = |places: &[usize], byte: u8| {
        let mut changed = good.clone();
        places.iter().for_each(|at| changed[*at] = byte);
        append(&changed, "f", b"")
    };
    check_refused(with(&[record + 8], 1), &expect!["is encrypted; expected one that Lambda can read"]);
    check_refused(with(&[end + 4], 1), &expect!["is one of the parts of a zip; expected it in one"]);
    check_refused(with(&[record + 34], 1), &expect!["is one of the parts of a zip; expected it in one"]);
    check_refused(
        with(&[record + 46], b'B'),
        &expect!["is damaged: expected a file as the directory says at byte 0"],
    );
    check_refused(with(&[record], 0), &expect!["is damaged: expected a file's record at byte 96"]);
    check_refused(
        with(&[end + 8, end + 10], 2),
        &expect!["is damaged: expected the number of files in the directory at byte 158"],
    );
    check_refused(with(&[end + 10], 2), &expect!["is one of the parts of a zip; expected it in one"]);
}

#[test]
fn more_files_than_a_zip_has() {
    let stored = CompressionMethod::Stored;
    let names: Vec<String> = (0..65_534).map(|at| at.to_string()).collect();
    let files: Vec<File<'_>> = names.iter().map(|name| (name.as_str(), &b""[..], 0o644, stored)).collect();
    let full = made(&files, "");
    assert_eq!(content(&append(&full, "7", b"instead").unwrap(), "7"), b"instead");
    check_refused(append(&full, "one more", b""), &expect!["would be larger than a zip can be"]);
    check_refused(append(&base(), &"x".repeat(65_536), b""), &expect!["would be larger than a zip can be"]);
}

#[test]
fn what_lambda_does_not_start() {
    let stored = CompressionMethod::Stored;
    check_refused(
        check(&made(&[("pushbox/bootstrap", b"", 0o755, stored)], "")),
        &expect!["has no file `bootstrap`, which Lambda starts"],
    );
    check_refused(
        check(&made(&[("bootstrap", b"", 0o644, stored)], "")),
        &expect!["has bootstrap with mode 644; expected 755"],
    );
    check_refused(
        check(&made(&[("bootstrap", b"", 0o700, stored)], "")),
        &expect!["has bootstrap with mode 700; expected 755"],
    );
    let private = [("bootstrap", &b""[..], 0o755, stored), ("pushbox.json", b"{}", 0o600, stored)];
    check_refused(check(&made(&private, "")), &expect!["has pushbox.json with mode 600; expected 644"]);
    let mut of_dos = base();
    let record = directory(&of_dos);
    of_dos[record + 5] = 0;
    check_refused(check(&of_dos), &expect!["has bootstrap with mode none; expected 755"]);
    check_refused(
        check(&made(&[("bootstrap", &vec![0; LARGEST], 0o755, stored)], "")),
        &expect!["has 50000130 bytes, and Lambda takes 50000000"],
    );
}

/// Zips of all kinds, and the names and contents of their files.
fn zips() -> impl Strategy<Value = (BTreeMap<String, Vec<u8>>, Vec<u8>)> {
    let files = prop::collection::btree_map("[a-zä/]{1,3}", prop::collection::vec(any::<u8>(), 0..200), 0..6);
    let methods = prop::sample::select(vec![CompressionMethod::Deflated, CompressionMethod::Stored]);
    (files, methods, "[a-z]{0,9}", any::<bool>()).prop_map(|(files, method, comment, piped)| {
        let list: Vec<File<'_>> =
            files.iter().map(|(name, content)| (name.as_str(), &content[..], 0o644, method)).collect();
        let zip = if piped { streamed(&list, &comment) } else { made(&list, &comment) };
        (files, zip)
    })
}

proptest! {
    #[test]
    fn every_other_file_stays((files, base) in zips(), name in "[a-c]{1,2}", new in prop::collection::vec(any::<u8>(), 0..99)) {
        let zip = append(&base, &name, &new).unwrap();
        prop_assert_eq!(&content(&zip, &name), &new);
        for (other, old) in files.iter().filter(|(other, _)| **other != name) {
            prop_assert_eq!(&content(&zip, other), old);
        }
        let others = files.iter().filter(|(other, _)| **other != name).count();
        prop_assert_eq!(open(&zip).len(), others + 1);
        prop_assert!(open(&zip).comment() == open(&base).comment());
        prop_assert!(zip.len() <= base.len() + 76 + 2 * name.len() + new.len(), "only that was added");
    }

    #[test]
    fn any_bytes_are_taken_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = (append(&bytes, "f", b"content"), check(&bytes));
    }

    /// What is taken of a damaged zip makes one that is taken again.
    #[test]
    fn any_change_is_taken_or_refused(
        (_, mut zip) in zips(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        end in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        for (at, byte) in changes {
            let at = at.index(zip.len());
            zip[at] = byte;
        }
        if cut {
            zip.truncate(end.index(zip.len()));
        }
        let _ = check(&zip);
        if let Ok(more) = append(&zip, "f", b"content") {
            prop_assert_eq!(append(&more, "f", b"content"), Ok(more.clone()));
        }
    }
}
