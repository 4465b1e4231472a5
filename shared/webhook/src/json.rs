//! JSON read without complaint: a field of an unexpected type counts as missing. Only what is no JSON at all is an error.
//!
//! Most of a delivery interests nobody, so this reader is made for skipping: `serde_json` took nearly as long to skip a push
//! as its signature takes to check. Strings are borrowed from the body wherever they hold no escapes, and nothing is followed
//! deeper than [`DEPTH_LIMIT`], so that no body can exhaust the stack. The words for what is broken are left to `serde_json`.

mod chunk;
mod skip;
mod text;

use serde::de::IgnoredAny;
use skip::{behind, behind_space, behind_string, behind_value, behind_word};
pub(crate) use text::Text;

/// As `serde_json`'s. No provider comes near.
const DEPTH_LIMIT: u32 = 128;

/// A struct filled from an object's fields.
pub(crate) trait Fields<'a>: Default {
    /// Reads the value, or says that nobody wants it: false. The key is as it was written, because nobody escapes the letters
    /// of which ours are made.
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken>;
}

/// This is no JSON from here on.
#[derive(Debug)]
pub(crate) struct Broken;

/// A whole body, which has to be an object. The error says what was found.
pub(crate) fn read<'a, T: Fields<'a>>(body: &'a str) -> Result<T, String> {
    // Some tools put a byte order mark in front; JSON parsers need not accept one (RFC 8259).
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    let (mut json, mut object) = (Json::new(body), T::default());
    let is_object = json.fields(&mut |key, json| object.field(key, json));
    match is_object.and_then(|is_object| json.end().map(|()| is_object)) {
        Ok(true) => Ok(object),
        Ok(false) => Err("found JSON that is not an object".into()),
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
pub(crate) fn read_part<'a, T: Fields<'a>>(part: &'a str) -> Option<T> {
    Json::new(part).object().ok()?
}

/// An array of objects, likewise; see [`Json::objects`].
pub(crate) fn read_list<'a, T: Fields<'a>>(part: &'a str) -> Option<Vec<T>> {
    Json::new(part).objects().ok()?
}

/// Calls `each` for the texts of an array, likewise. False where it is no array.
pub(crate) fn each_text<'a>(part: &'a str, mut each: impl FnMut(Text<'a>)) -> bool {
    let is_list = Json::new(part).list(|json| {
        each(json.text()?);
        Ok(())
    });
    matches!(is_list, Ok(true))
}

/// A place in a JSON text. Each method reads one value and stops behind it.
pub(crate) struct Json<'a> {
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
    pub(crate) fn object<T: Fields<'a>>(&mut self) -> Result<Option<T>, Broken> {
        let mut object = T::default();
        let is_object = self.fields(&mut |key, json| object.field(key, json))?;
        Ok(is_object.then_some(object))
    }

    /// The objects of an array; what is none is an empty one. Nothing where the value is no array.
    pub(crate) fn objects<T: Fields<'a>>(&mut self) -> Result<Option<Vec<T>>, Broken> {
        let mut objects = Vec::new();
        let is_list = self.list(|json| {
            objects.push(json.object()?.unwrap_or_default());
            Ok(())
        })?;
        Ok(is_list.then_some(objects))
    }

    pub(crate) fn text(&mut self) -> Result<Text<'a>, Broken> {
        match self.peek() {
            Some(b'"') => self.string().map(Text::Is),
            Some(b'n') => self.word("null").map(|()| Text::Null),
            _ => self.skip().map(|()| Text::Missing),
        }
    }

    pub(crate) fn flag(&mut self) -> Result<Option<bool>, Broken> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| Some(true)),
            Some(b'f') => self.word("false").map(|()| Some(false)),
            _ => self.skip().map(|()| None),
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&mut self) -> Result<Option<u64>, Broken> {
        self.raw().map(|number| number.parse().ok())
    }

    /// The value's text, to be read later.
    pub(crate) fn raw(&mut self) -> Result<&'a str, Broken> {
        self.peek();
        let start = self.at;
        self.skip()?;
        self.text.get(start..self.at).ok_or(Broken)
    }

    #[inline]
    pub(crate) fn skip(&mut self) -> Result<(), Broken> {
        self.at = behind_value(self.text.as_bytes(), self.at, self.depth)?;
        Ok(())
    }

    /// Calls `field` for each field of an object. Anything but an object is skipped: false.
    fn fields(
        &mut self,
        field: &mut dyn FnMut(&str, &mut Json<'a>) -> Result<bool, Broken>,
    ) -> Result<bool, Broken> {
        if self.peek() != Some(b'{') {
            return self.skip().map(|()| false);
        }
        let bytes = self.text.as_bytes();
        if self.open(b'}')? {
            // The place stays in a variable, which the processor has sooner than what is behind a reference.
            let mut at = self.at;
            loop {
                let start = behind(bytes, at, b'"')?;
                let end = behind_string(bytes, start)?;
                self.at = behind(bytes, end, b':')?;
                at = self.at;
                let is_wanted = field(self.text.get(start..end - 1).ok_or(Broken)?, self)?;
                at = match bytes.get(at) {
                    _ if is_wanted => self.at,
                    // As most are.
                    Some(b'"') => behind_string(bytes, at + 1)?,
                    _ => behind_value(bytes, at, self.depth)?,
                };
                at = behind_space(bytes, at) + 1;
                match bytes.get(at - 1) {
                    Some(b',') => {}
                    Some(b'}') => break,
                    _ => return Err(Broken),
                }
            }
            self.at = at;
        }
        self.depth -= 1;
        Ok(true)
    }

    fn list(&mut self, mut element: impl FnMut(&mut Json<'a>) -> Result<(), Broken>) -> Result<bool, Broken> {
        if self.peek() != Some(b'[') {
            return self.skip().map(|()| false);
        }
        if self.open(b']')? {
            loop {
                element(self)?;
                let next = self.peek();
                self.at += 1;
                match next {
                    Some(b',') => {}
                    Some(b']') => break,
                    _ => return Err(Broken),
                }
            }
        }
        self.depth -= 1;
        Ok(true)
    }

    /// Goes behind the opening bracket, which is next. Where the closing one follows, it goes behind that too: false.
    fn open(&mut self, close: u8) -> Result<bool, Broken> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(Broken);
        }
        let is_empty = self.peek() == Some(close);
        self.at += usize::from(is_empty);
        Ok(!is_empty)
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

#[cfg(test)]
mod tests;
