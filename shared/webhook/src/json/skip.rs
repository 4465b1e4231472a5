//! Where something ends that starts at some place of a JSON text: all that is asked of most of a delivery. What is within
//! strings and numbers is not looked at, nor what is between the brackets and strings of an object or array.

use wide::u8x16;

use super::chunk::Chunk;
use super::{Broken, DEPTH_LIMIT};

/// Where the value that comes next ends.
pub(super) fn behind_value(bytes: &[u8], at: usize, depth: u32) -> Result<usize, Broken> {
    let at = behind_space(bytes, at);
    match bytes.get(at) {
        Some(b'"') => behind_string(bytes, at + 1),
        Some(b'{' | b'[') => behind_nested(bytes, at, depth),
        Some(b't') => behind_word(bytes, at, "true"),
        Some(b'f') => behind_word(bytes, at, "false"),
        Some(b'n') => behind_word(bytes, at, "null"),
        Some(b'-' | b'0'..=b'9') => Ok(behind_number(bytes, at)),
        _ => Err(Broken),
    }
}

/// Where the object or array ends that starts here. One that is skipped is mostly strings, so quotes and brackets are sought
/// 32 bytes at a time, and nothing else is looked at.
fn behind_nested(bytes: &[u8], start: usize, depth: u32) -> Result<usize, Broken> {
    let mut nested = Nested { most: DEPTH_LIMIT.saturating_sub(depth), ..Nested::default() };
    let mut rest = bytes.get(start..).unwrap_or_default();
    while !rest.is_empty() {
        let chunk = rest.first_chunk().copied().unwrap_or_else(|| padded(rest));
        if let Some(end) = nested.end(chunk)? {
            return Ok(bytes.len() - rest.len() + end);
        }
        rest = rest.get(32..).unwrap_or_default();
    }
    Err(Broken)
}

/// The last bytes, and spaces behind them.
#[cold]
fn padded(rest: &[u8]) -> [u8; 32] {
    let mut chunk = [b' '; 32];
    chunk.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    chunk
}

/// What the bytes so far leave for the next 32. Of bits for bytes, the lowest is for the first.
#[derive(Default)]
struct Nested {
    /// A bit for each bracket that is open, the innermost lowest: set where it is an object's.
    objects: u128,
    open: u32,
    /// So many may be open.
    most: u32,
    /// All bits set within a string, none outside.
    in_string: u64,
    /// The lowest bit is set where the first byte is escaped.
    escaped: u64,
}

impl Nested {
    /// Where the outermost bracket is closed, if it is here.
    #[inline]
    fn end(&mut self, bytes: [u8; 32]) -> Result<Option<usize>, Broken> {
        let chunk = Chunk::new(bytes);
        let within = self.within(chunk.are(b'"'), chunk.are(b'\\'));
        let mut brackets = chunk.are_brackets() & !within;
        while brackets != 0 {
            let at = brackets.trailing_zeros() as usize;
            if self.closes_all(*bytes.get(at).ok_or(Broken)?)? {
                return Ok(Some(at + 1));
            }
            brackets &= brackets - 1;
        }
        Ok(None)
    }

    /// Whether this bracket closes the outermost one.
    fn closes_all(&mut self, bracket: u8) -> Result<bool, Broken> {
        let is_object = matches!(bracket, b'{' | b'}');
        if matches!(bracket, b'{' | b'[') {
            self.open += 1;
            self.objects = self.objects << 1 | u128::from(is_object);
            return if self.open > self.most { Err(Broken) } else { Ok(false) };
        }
        if (self.objects & 1 == 1) != is_object {
            return Err(Broken);
        }
        self.open -= 1;
        self.objects >>= 1;
        Ok(self.open == 0)
    }

    /// Which bytes are within a string; its first quote is, its last is not.
    #[inline]
    fn within(&mut self, quotes: u64, mut backslashes: u64) -> u64 {
        let mut escaped = self.escaped;
        backslashes &= !escaped;
        while backslashes != 0 {
            let next = (backslashes & backslashes.wrapping_neg()) << 1;
            escaped |= next;
            backslashes &= (backslashes - 1) & !next;
        }
        self.escaped = escaped >> 32;
        // Each quote turns everything behind it around.
        let mut within = quotes & !escaped;
        for distance in [1, 2, 4, 8, 16] {
            within ^= within << distance;
        }
        within ^= self.in_string;
        self.in_string = if within >> 31 & 1 == 1 { u64::MAX } else { 0 };
        within
    }
}

/// Where a string ends that starts here, behind its first quote.
#[inline]
pub(super) fn behind_string(bytes: &[u8], start: usize) -> Result<usize, Broken> {
    let mut end = start;
    loop {
        end += quote(bytes.get(end..).ok_or(Broken)?).ok_or(Broken)?;
        // An odd number of backslashes makes the quote a part of the string. The first quote ends the count.
        let backslashes = || bytes.iter().take(end).rev().take_while(|byte| **byte == b'\\').count();
        if bytes.get(end - 1) != Some(&b'\\') || backslashes() % 2 == 0 {
            return Ok(end + 1);
        }
        end += 1;
    }
}

pub(super) fn behind_word(bytes: &[u8], at: usize, word: &str) -> Result<usize, Broken> {
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.starts_with(word.as_bytes()) { Ok(at + word.len()) } else { Err(Broken) }
}

fn behind_number(bytes: &[u8], at: usize) -> usize {
    let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    at + bytes.get(at..).unwrap_or_default().iter().take_while(is_part).count()
}

/// Where the byte that has to come next ends.
#[inline]
pub(super) fn behind(bytes: &[u8], at: usize, byte: u8) -> Result<usize, Broken> {
    let at = behind_space(bytes, at);
    if bytes.get(at) == Some(&byte) { Ok(at + 1) } else { Err(Broken) }
}

#[inline]
pub(super) fn behind_space(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            // Most are no white space at all, so that is asked first.
            Some(byte) if *byte > b' ' => return at,
            Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
}

/// Where the first quote is, 16 bytes at a time: most strings are about as long, and more at once is slower for those.
#[inline]
fn quote(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let bits = u8x16::new(*chunk).simd_eq(u8x16::splat(b'"')).to_bitmask();
        if bits != 0 {
            return Some(bytes.len() - rest.len() + bits.trailing_zeros() as usize);
        }
        rest = after;
    }
    rest.iter().position(|byte| *byte == b'"').map(|at| bytes.len() - rest.len() + at)
}
