//! A zip as `cargo xtask dist` makes it, of another program.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// With the program under the name that Lambda wants, and that mode.
pub fn base_zip(mode: u32) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("bootstrap", options.unix_permissions(mode)).expect("in memory");
    zip.write_all(&b"#!/bin/sh\necho started\n".repeat(50)).expect("in memory");
    zip.finish().expect("in memory").into_inner()
}
