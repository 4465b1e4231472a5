//! JSON read without complaint: a field of an unexpected type counts as missing. Only what is no JSON at all is an error.
//!
//! Most of a delivery interests nobody, so this reader is made for skipping: `serde_json` took nearly as long to skip a push
//! as its signature takes to check. Strings are borrowed from the body wherever they hold no escapes, and nothing is followed
//! deeper than [`DEPTH_LIMIT`], so that no body can exhaust the stack. What is within skipped strings and numbers is not
//! looked at; escapes, and the words for what is broken, are left to `serde_json`.

use std::borrow::Cow;

use serde::de::IgnoredAny;

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

/// The objects of an array that was kept as text until somebody needs it; what is no object is an empty one. Nothing where
/// it is no array.
pub(super) fn read_list<'a, T: Fields<'a>>(part: &'a str) -> Option<Vec<T>> {
    elements(part, |json| json.object().map(Option::unwrap_or_default))
}

/// The strings of an array, likewise.
pub(super) fn read_texts(part: &str) -> Option<Vec<Text<'_>>> {
    elements(part, Json::text)
}

fn elements<'a, T>(
    part: &'a str,
    mut read: impl FnMut(&mut Json<'a>) -> Result<T, Broken>,
) -> Option<Vec<T>> {
    let mut elements = Vec::new();
    let is_list = Json::new(part).list(|json| {
        elements.push(read(json)?);
        Ok(())
    });
    matches!(is_list, Ok(true)).then_some(elements)
}

/// A string.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Text<'a> {
    /// Not there, or of another type.
    #[default]
    Missing,
    Null,
    Is(Cow<'a, str>),
}

impl Text<'_> {
    /// An empty string says nothing.
    pub(super) fn get(&self) -> Option<&str> {
        match self {
            Text::Is(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    pub(super) fn owned(&self) -> Option<String> {
        self.get().map(String::from)
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

    /// Objects within an array, likewise.
    pub(super) fn objects<T: Fields<'a>>(&mut self) -> Result<Vec<T>, Broken> {
        let mut objects = Vec::new();
        self.list(|json| {
            objects.extend(json.object()?);
            Ok(())
        })?;
        Ok(objects)
    }

    pub(super) fn text(&mut self) -> Result<Text<'a>, Broken> {
        match self.peek() {
            Some(b'"') => {
                let string = self.string()?;
                Ok(unescaped(string).map_or(Text::Missing, Text::Is))
            }
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

    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'{') => self.skip_fields(),
            Some(b'[') => self.list(Json::skip).map(|_| ()),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'-' | b'0'..=b'9') => {
                let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                self.at += self.rest().iter().take_while(|byte| is_part(byte)).count();
                Ok(())
            }
            _ => Err(Broken),
        }
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
            if json.peek() != Some(b'"') {
                return Err(Broken);
            }
            let key = json.string()?;
            json.take(b':')?;
            field(json, key)
        })
    }

    /// As [`Json::fields`] of an object, with nobody to tell.
    fn skip_fields(&mut self) -> Result<(), Broken> {
        self.each(b'}', |json| {
            if json.peek() != Some(b'"') {
                return Err(Broken);
            }
            json.skip_string()?;
            json.take(b':')?;
            json.skip()
        })
        .map(|_| ())
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

    /// What is between two quotes, the first of which is next, with its escapes.
    #[inline]
    fn string(&mut self) -> Result<&'a str, Broken> {
        let start = self.at + 1;
        self.skip_string()?;
        self.text.get(start..self.at - 1).ok_or(Broken)
    }

    #[inline]
    fn skip_string(&mut self) -> Result<(), Broken> {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        loop {
            end += 1;
            end += quote(bytes.get(end..).ok_or(Broken)?).ok_or(Broken)?;
            // An odd number of backslashes makes the quote a part of the string. The first quote ends the count.
            let mut backslashes = 0;
            while bytes.get(end - 1 - backslashes) == Some(&b'\\') {
                backslashes += 1;
            }
            if backslashes % 2 == 0 {
                self.at = end + 1;
                return Ok(());
            }
        }
    }

    fn word(&mut self, word: &str) -> Result<(), Broken> {
        let found = self.rest().starts_with(word.as_bytes());
        self.at += word.len();
        if found { Ok(()) } else { Err(Broken) }
    }

    fn take(&mut self, byte: u8) -> Result<(), Broken> {
        let found = self.peek();
        self.at += 1;
        if found == Some(byte) { Ok(()) } else { Err(Broken) }
    }

    fn end(&mut self) -> Result<(), Broken> {
        if self.peek().is_none() { Ok(()) } else { Err(Broken) }
    }

    /// The next byte that is no white space, which is where it then stands.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                // Most are no white space at all, so that is asked first.
                Some(byte) if *byte > b' ' => return Some(*byte),
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}

/// Where the first quote is, eight bytes at a time (Hacker's Delight, "Find First 0-Byte").
#[inline]
fn quote(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut place = 0;
    for word in words {
        let word = u64::from_le_bytes(*word) ^ (ONES * u64::from(b'"'));
        // The lowest of the bits that are set, and only that one, surely marks a byte that is zero.
        let zeros = word.wrapping_sub(ONES) & !word & (ONES << 7);
        if zeros != 0 {
            return Some(place + zeros.trailing_zeros() as usize / 8);
        }
        place += 8;
    }
    rest.iter().position(|byte| *byte == b'"').map(|at| place + at)
}

/// Nothing where an escape means no character.
fn unescaped(string: &str) -> Option<Cow<'_, str>> {
    // All bytes are looked at, so that the compiler can look at many at once.
    if !string.bytes().fold(false, |found, byte| found | (byte == b'\\')) {
        return Some(Cow::Borrowed(string));
    }
    serde_json::from_str(&format!("\"{string}\"")).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests;
