//! gzip (RFC 1952), made small rather than fast, because the page carries it too. The same bytes give the same bytes.

mod bits;
mod block;
mod huffman;
mod pieces;

#[cfg(test)]
mod tests;

/// Deflate, without flags, time or a word of the effort, from an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// A gzip file of one member, which says neither when nor where it was made.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    // The format has four bytes for the size, and means it modulo that.
    let size = bytes.len() as u32;
    let mut file = HEADER.to_vec();
    file.extend(block::deflate(bytes));
    file.extend(crc32(bytes).to_le_bytes());
    file.extend(size.to_le_bytes());
    file
}

/// Without a table: a script has some ten thousand bytes.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shift))
}
