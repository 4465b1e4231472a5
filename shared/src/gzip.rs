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

/// Of each four bits, what they do to the rest.
const CRC: [u32; 16] = {
    let mut table = [0; 16];
    let mut at = 0;
    while at < 16 {
        let mut crc = at as u32;
        let mut bit = 0;
        while bit < 4 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
            bit += 1;
        }
        table[at] = crc;
        at += 1;
    }
    table
};

pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let half = |crc: u32| (crc >> 4) ^ CRC[(crc & 15) as usize];
    !bytes.iter().fold(!0, |crc, byte| half(half(crc ^ u32::from(*byte))))
}
