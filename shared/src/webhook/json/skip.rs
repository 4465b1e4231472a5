//! Where something ends that starts at some place of a JSON text: all that is asked of most of a delivery. What is within
//! strings and numbers is not looked at.

use wide::u8x16;

use super::{Broken, DEPTH_LIMIT};

/// Where the value that comes next ends. It keeps its place in variables rather than in a [`Json`], and follows what is
/// nested without calling itself, so that the place stays in a register: that alone makes it twice as fast.
pub(super) fn behind_value(bytes: &[u8], mut at: usize, depth: u32) -> Result<usize, Broken> {
    // A bit for each bracket that is open, the innermost lowest: set where it is an object's.
    let mut objects = 0u128;
    let mut open = 0;
    loop {
        at = behind_space(bytes, at);
        let first = bytes.get(at).copied();
        at = match first {
            Some(b'"') => behind_string(bytes, at + 1)?,
            Some(b'{' | b'[') => {
                open += 1;
                if open + depth > DEPTH_LIMIT {
                    return Err(Broken);
                }
                let is_object = first == Some(b'{');
                objects = objects << 1 | u128::from(is_object);
                at = behind_space(bytes, at + 1);
                match bytes.get(at) {
                    // Closed below.
                    Some(b'}') if is_object => at,
                    Some(b']') if !is_object => at,
                    _ if is_object => {
                        at = behind_key(bytes, at)?;
                        continue;
                    }
                    _ => continue,
                }
            }
            Some(b't') => behind_word(bytes, at, "true")?,
            Some(b'f') => behind_word(bytes, at, "false")?,
            Some(b'n') => behind_word(bytes, at, "null")?,
            Some(b'-' | b'0'..=b'9') => behind_number(bytes, at),
            _ => return Err(Broken),
        };
        // Out of everything that ends here, then to the next value.
        loop {
            if open == 0 {
                return Ok(at);
            }
            at = behind_space(bytes, at) + 1;
            let is_object = objects & 1 == 1;
            match bytes.get(at - 1) {
                Some(b',') if is_object => {
                    at = behind_key(bytes, at)?;
                    break;
                }
                Some(b',') => break,
                Some(b'}') if is_object => {}
                Some(b']') if !is_object => {}
                _ => return Err(Broken),
            }
            open -= 1;
            objects >>= 1;
        }
    }
}

fn behind_key(bytes: &[u8], at: usize) -> Result<usize, Broken> {
    let at = behind_string(bytes, behind(bytes, at, b'"')?)?;
    behind(bytes, at, b':')
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
    let quote = u8x16::splat(b'"');
    let (chunks, rest) = bytes.as_chunks();
    let mut place = 0;
    for chunk in chunks {
        let bits = u8x16::new(*chunk).simd_eq(quote).to_bitmask();
        if bits != 0 {
            return Some(place + bits.trailing_zeros() as usize);
        }
        place += 16;
    }
    rest.iter().position(|byte| *byte == b'"').map(|at| place + at)
}
