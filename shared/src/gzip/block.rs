//! Deflate (RFC 1951): all pieces in one block with codes of its own, which suits texts of some ten thousand bytes.

use super::bits::Bits;
use super::huffman::Code;
use super::pieces::{Piece, pieces};

/// Bytes, the end, and the lengths of copies.
const LITERALS: usize = 286;
const END: usize = 256;
const DISTANCES: usize = 30;
/// The lengths of words, and three ways to repeat them.
const LENGTHS: usize = 19;
/// In which the lengths of those words are written.
const ORDER: [usize; LENGTHS] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let pieces = pieces(bytes);
    let (literals, distances) = codes(&pieces);
    let mut bits = Bits::default();
    // The last block, with codes of its own.
    bits.put(1, 1);
    bits.put(2, 2);
    write_codes(&literals, &distances, &mut bits);
    for piece in &pieces {
        match *piece {
            Piece::Literal(byte) => literals.write(byte.into(), &mut bits),
            Piece::Copy { length, distance } => {
                write_number(&of_length(length), &literals, &mut bits);
                write_number(&of_distance(distance), &distances, &mut bits);
            }
        }
    }
    literals.write(END, &mut bits);
    bits.into_bytes()
}

/// A symbol for many numbers, and which of them it is.
struct Number {
    symbol: usize,
    rest: usize,
    /// Of the rest.
    bits: u32,
}

fn of_length(length: usize) -> Number {
    let number = number(length - 3, 2);
    Number { symbol: END + 1 + number.symbol, ..number }
}

fn of_distance(distance: usize) -> Number {
    number(distance - 1, 1)
}

/// Each power of two has as many symbols: two for 1, four for 2.
fn number(value: usize, fineness: u32) -> Number {
    let bits = value.checked_ilog2().unwrap_or(0).saturating_sub(fineness);
    let symbol = ((bits as usize) << fineness) + (value >> bits);
    Number { symbol, rest: value & ((1 << bits) - 1), bits }
}

fn write_number(number: &Number, code: &Code, bits: &mut Bits) {
    code.write(number.symbol, bits);
    bits.put(number.rest, number.bits);
}

fn codes(pieces: &[Piece]) -> (Code, Code) {
    let (mut literals, mut distances) = (vec![0; LITERALS], vec![0; DISTANCES]);
    literals[END] = 1;
    for piece in pieces {
        match *piece {
            Piece::Literal(byte) => literals[usize::from(byte)] += 1,
            Piece::Copy { length, distance } => {
                literals[of_length(length).symbol] += 1;
                distances[of_distance(distance).symbol] += 1;
            }
        }
    }
    (Code::new(literals, 15), Code::new(distances, 15))
}

/// The lengths of their words, which are written in words themselves.
fn write_codes(literals: &Code, distances: &Code, bits: &mut Bits) {
    let runs = runs(&[&literals.lengths[..], &distances.lengths[..]].concat());
    let mut counts = vec![0; LENGTHS];
    runs.iter().for_each(|run| counts[run.symbol] += 1);
    let code = Code::new(counts, 7);
    bits.put(LITERALS - 257, 5);
    bits.put(DISTANCES - 1, 5);
    bits.put(LENGTHS - 4, 4);
    for symbol in ORDER {
        bits.put(code.lengths[symbol].into(), 3);
    }
    for run in &runs {
        write_number(run, &code, bits);
    }
}

/// 16 repeats the length before it 3 to 6 times; 17 is 3 to 10 zeros, 18 is 11 to 138.
fn runs(lengths: &[u8]) -> Vec<Number> {
    let mut runs = Vec::new();
    let mut before = None;
    let mut rest = lengths;
    while let Some(&length) = rest.first() {
        let count = rest.iter().take_while(|next| **next == length).count();
        let (count, run) = match count {
            11.. if length == 0 => {
                (count.min(138), Number { symbol: 18, rest: count.min(138) - 11, bits: 7 })
            }
            3.. if length == 0 => (count, Number { symbol: 17, rest: count - 3, bits: 3 }),
            3.. if before == Some(length) => {
                (count.min(6), Number { symbol: 16, rest: count.min(6) - 3, bits: 2 })
            }
            _ => (1, Number { symbol: length.into(), rest: 0, bits: 0 }),
        };
        runs.push(run);
        before = Some(length);
        rest = &rest[count..];
    }
    runs
}
