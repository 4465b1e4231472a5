//! JSON read without complaint: a field of an unexpected type counts as missing. Only what is no JSON at all is an error.
//!
//! Most of a delivery interests nobody, so this reader is made for skipping: `serde_json` took nearly as long to skip a push
//! as its signature takes to check. Strings are borrowed from the body wherever they hold no escapes, and nothing is followed
//! deeper than [`DEPTH_LIMIT`], so that no body can exhaust the stack. What is within skipped strings and numbers is not
//! looked at; escapes, and the words for what is broken, are left to `serde_json`.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use wide::u8x16;

/// As `serde_json`'s. No provider comes near.
const DEPTH_LIMIT: u32 = 128;

/// A struct filled from an object's fields.
pub(super) trait Fields<'a>: Default {
    /// Reads the value, or skips it. The key is as it was written: nobody escapes the letters of which ours are made.
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<(), Broken>;
}

/// This is no JSON from here on.
#[derive(Debug)]
pub(super) struct Broken;

/// A whole body, which has to be an object. The error says what was found.
pub(super) fn read<'a, T: Fields<'a>>(body: &'a str) -> Result<T, String> {
    // Some tools put a byte order mark in front; JSON parsers need not accept one (RFC 8259).
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    let mut json = Json::new(body);
    match json.object().and_then(|object| json.end().map(|()| object)) {
        Ok(Some(object)) => Ok(object),
        Ok(None) => Err("found JSON that is not an object".into()),
        Err(Broken) if body.trim().is_empty() => Err("found an empty body".into()),
        Err(Broken) => Err(match serde_json::from_str::<IgnoredAny>(body) {
            Err(e) => format!("found something else: {e}; it may have been cut off or changed on the way"),
            Ok(_) => {
                format!("found JSON nested more than {DEPTH_LIMIT} levels deep, which no git provider sends")
            }
        }),
    }
}

/// An object that was kept as text until somebody needs it.
pub(super) fn read_part<'a, T: Fields<'a>>(part: &'a str) -> Option<T> {
    Json::new(part).object().ok()?
}

/// An array of objects, likewise; see [`Json::objects`].
pub(super) fn read_list<'a, T: Fields<'a>>(part: &'a str) -> Option<Vec<T>> {
    Json::new(part).objects().ok()?
}

/// Calls `each` for the texts of an array, likewise. False where it is no array.
pub(super) fn each_text<'a>(part: &'a str, mut each: impl FnMut(Text<'a>)) -> bool {
    let is_list = Json::new(part).list(|json| {
        each(json.text()?);
        Ok(())
    });
    matches!(is_list, Ok(true))
}

/// A string.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Text<'a> {
    /// Not there, or of another type.
    #[default]
    Missing,
    Null,
    /// As it is in the body, with its escapes: most texts are never asked for.
    Is(&'a str),
}

impl<'a> Text<'a> {
    /// An empty string says nothing, nor does one with an escape that means no character.
    pub(super) fn get(&self) -> Option<Cow<'a, str>> {
        match self {
            Text::Is(text) if !text.is_empty() => unescaped(text),
            _ => None,
        }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.get().as_deref() == Some(text)
    }

    pub(super) fn owned(&self) -> Option<String> {
        self.get().map(Cow::into_owned)
    }
}

/// A place in a JSON text. Each method reads one value and stops behind it.
pub(super) struct Json<'a> {
    text: &'a str,
    /// Bytes read.
    at: usize,
    depth: u32,
}

impl<'a> Json<'a> {
    fn new(text: &'a str) -> Json<'a> {
        Json { text, at: 0, depth: 0 }
    }

    /// Nothing where the value is no object.
    pub(super) fn object<T: Fields<'a>>(&mut self) -> Result<Option<T>, Broken> {
        let mut object = T::default();
        let is_object = self.fields(|json, key| object.field(key, json))?;
        Ok(is_object.then_some(object))
    }

    /// The objects of an array; what is none is an empty one. Nothing where the value is no array.
    pub(super) fn objects<T: Fields<'a>>(&mut self) -> Result<Option<Vec<T>>, Broken> {
        let mut objects = Vec::new();
        let is_list = self.list(|json| {
            objects.push(json.object()?.unwrap_or_default());
            Ok(())
        })?;
        Ok(is_list.then_some(objects))
    }

    pub(super) fn text(&mut self) -> Result<Text<'a>, Broken> {
        match self.peek() {
            Some(b'"') => self.string().map(Text::Is),
            Some(b'n') => self.word("null").map(|()| Text::Null),
            _ => self.skip().map(|()| Text::Missing),
        }
    }

    pub(super) fn flag(&mut self) -> Result<Option<bool>, Broken> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| Some(true)),
            Some(b'f') => self.word("false").map(|()| Some(false)),
            _ => self.skip().map(|()| None),
        }
    }

    /// A whole number that is not negative.
    pub(super) fn count(&mut self) -> Result<Option<u64>, Broken> {
        self.raw().map(|number| number.parse().ok())
    }

    /// The value's text, to be read later.
    pub(super) fn raw(&mut self) -> Result<&'a str, Broken> {
        self.peek();
        let start = self.at;
        self.skip()?;
        self.text.get(start..self.at).ok_or(Broken)
    }

    #[inline]
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        self.at = behind_value(self.text.as_bytes(), self.at, self.depth)?;
        Ok(())
    }

    /// Calls `field` for each field of an object; it has to read the value. Anything but an object is skipped: false.
    fn fields(
        &mut self,
        mut field: impl FnMut(&mut Json<'a>, &str) -> Result<(), Broken>,
    ) -> Result<bool, Broken> {
        if self.peek() != Some(b'{') {
            return self.skip().map(|()| false);
        }
        self.each(b'}', |json| {
            let bytes = json.text.as_bytes();
            let start = behind(bytes, json.at, b'"')?;
            let end = behind_string(bytes, start)?;
            json.at = behind(bytes, end, b':')?;
            field(json, json.text.get(start..end - 1).ok_or(Broken)?)
        })
    }

    fn list(&mut self, element: impl FnMut(&mut Json<'a>) -> Result<(), Broken>) -> Result<bool, Broken> {
        if self.peek() != Some(b'[') {
            return self.skip().map(|()| false);
        }
        self.each(b']', element)
    }

    /// What is between an opening bracket, which is next, and the closing one.
    fn each(
        &mut self,
        close: u8,
        mut element: impl FnMut(&mut Json<'a>) -> Result<(), Broken>,
    ) -> Result<bool, Broken> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(Broken);
        }
        if self.peek() != Some(close) {
            loop {
                element(self)?;
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(byte) if byte == close => break,
                    _ => return Err(Broken),
                }
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(true)
    }

    /// What is between two quotes, with its escapes.
    #[inline]
    fn string(&mut self) -> Result<&'a str, Broken> {
        let start = behind(self.text.as_bytes(), self.at, b'"')?;
        self.at = behind_string(self.text.as_bytes(), start)?;
        self.text.get(start..self.at - 1).ok_or(Broken)
    }

    fn word(&mut self, word: &str) -> Result<(), Broken> {
        self.at = behind_word(self.text.as_bytes(), self.at, word)?;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Broken> {
        if self.peek().is_none() { Ok(()) } else { Err(Broken) }
    }

    /// The next byte that is no white space, which is where it then stands.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        self.at = behind_space(self.text.as_bytes(), self.at);
        self.text.as_bytes().get(self.at).copied()
    }
}

/// Where the value that comes next ends. It keeps its place in variables rather than in a [`Json`], and follows what is
/// nested without calling itself, so that the place stays in a register: that alone makes it twice as fast.
fn behind_value(bytes: &[u8], mut at: usize, depth: u32) -> Result<usize, Broken> {
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
fn behind_string(bytes: &[u8], start: usize) -> Result<usize, Broken> {
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

fn behind_word(bytes: &[u8], at: usize, word: &str) -> Result<usize, Broken> {
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.starts_with(word.as_bytes()) { Ok(at + word.len()) } else { Err(Broken) }
}

fn behind_number(bytes: &[u8], at: usize) -> usize {
    let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    at + bytes.get(at..).unwrap_or_default().iter().take_while(is_part).count()
}

/// Where the byte that has to come next ends.
#[inline]
fn behind(bytes: &[u8], at: usize, byte: u8) -> Result<usize, Broken> {
    let at = behind_space(bytes, at);
    if bytes.get(at) == Some(&byte) { Ok(at + 1) } else { Err(Broken) }
}

#[inline]
fn behind_space(bytes: &[u8], mut at: usize) -> usize {
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

/// Nothing where an escape means no character.
fn unescaped(string: &str) -> Option<Cow<'_, str>> {
    // All bytes are looked at, so that the compiler can look at many at once.
    if !string.bytes().fold(false, |found, byte| found | (byte == b'\\')) {
        return Some(Cow::Borrowed(string));
    }
    let mut text = String::with_capacity(string.len());
    let mut rest = string;
    while let Some((plain, after)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut escape = after.chars();
        let character = match escape.next()? {
            same @ ('"' | '\\' | '/') => same,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (character, after) = code_point(escape.as_str())?;
                escape = after.chars();
                character
            }
            _ => return None,
        };
        text.push(character);
        rest = escape.as_str();
    }
    text.push_str(rest);
    Some(Cow::Owned(text))
}

/// The character of the digits behind `\u`, and what comes after. Above U+FFFF it takes two halves (RFC 8259, section 7).
fn code_point(digits: &str) -> Option<(char, &str)> {
    let (first, after) = utf16_unit(digits)?;
    if let 0xd800..0xdc00 = first {
        let (second, after) = utf16_unit(after.strip_prefix("\\u")?)?;
        let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        return Some((char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low)?, after));
    }
    Some((char::from_u32(first)?, after))
}

fn utf16_unit(text: &str) -> Option<(u32, &str)> {
    let (digits, after) = text.split_at_checked(4)?;
    let unit = digits.chars().try_fold(0, |unit, digit| Some(unit << 4 | digit.to_digit(16)?))?;
    Some((unit, after))
}

#[cfg(test)]
mod tests;
