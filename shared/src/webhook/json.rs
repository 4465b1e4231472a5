//! JSON read without complaint: a field of an unexpected type counts as missing. Only what is no JSON at all is an error.
//!
//! Strings are borrowed from the body wherever they hold no escapes. Values that nobody asked for are skipped without
//! recursion, and whatever is read into memory is at most 128 levels deep, so no body can exhaust the stack.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Deeper than any provider nests, by a factor of fifty.
const DEPTH_LIMIT: usize = 500;

/// A whole body. It has to be an object; the error says what was found.
pub(super) fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, String> {
    // Some tools put a byte order mark in front; JSON parsers need not accept one (RFC 8259).
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    if may_be_deep(body) && depth(body) > DEPTH_LIMIT {
        return Err(format!(
            "found JSON nested more than {DEPTH_LIMIT} levels deep, which no git provider sends"
        ));
    }
    match serde_json::from_str(body) {
        Ok(Opt(Some(object))) => Ok(object),
        Ok(Opt(None)) => Err("found JSON that is not an object".into()),
        Err(_) if body.trim().is_empty() => Err("found an empty body".into()),
        Err(e) => Err(format!("found something else: {e}; it may have been cut off or changed on the way")),
    }
}

/// A part of a body that was kept as text until somebody needs it.
pub(super) fn read_list<'a, T: Deserialize<'a>>(part: Option<&'a RawValue>) -> Option<Vec<T>> {
    serde_json::from_str::<List<T>>(part?.get()).ok()?.0
}

/// Counts opening brackets, those within strings too: fast, and never below the true depth.
fn may_be_deep(body: &str) -> bool {
    let mut opening = 0_usize;
    // Counts of up to 255 fit in a byte, which lets the compiler count many at once.
    for chunk in body.as_bytes().chunks(255) {
        opening += usize::from(chunk.iter().map(|byte| u8::from(byte | 0x20 == b'{')).sum::<u8>());
    }
    opening > DEPTH_LIMIT
}

fn depth(body: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in body.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
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

/// `true` or `false`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flag(pub(super) Option<bool>);

/// A whole number that is not negative.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count(pub(super) Option<u64>);

/// An object.
#[derive(Clone, Debug)]
pub(super) struct Opt<T>(pub(super) Option<T>);

/// An array.
#[derive(Clone, Debug)]
pub(super) struct List<T>(pub(super) Option<Vec<T>>);

impl<T> Default for Opt<T> {
    fn default() -> Opt<T> {
        Opt(None)
    }
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List(None)
    }
}

/// What becomes of each type of JSON value; the default is to count as missing.
trait Tolerant<'de>: Default {
    fn null() -> Self {
        Self::default()
    }

    fn text(_: Cow<'de, str>) -> Self {
        Self::default()
    }

    fn flag(_: bool) -> Self {
        Self::default()
    }

    fn number(_: u64) -> Self {
        Self::default()
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

impl<'de: 'a, 'a> Tolerant<'de> for Text<'a> {
    fn null() -> Self {
        Text::Null
    }

    fn text(text: Cow<'de, str>) -> Self {
        Text::Is(text)
    }
}

impl Tolerant<'_> for Flag {
    fn flag(flag: bool) -> Self {
        Flag(Some(flag))
    }
}

impl Tolerant<'_> for Count {
    fn number(number: u64) -> Self {
        Count(Some(number))
    }
}

impl<'de, T: Deserialize<'de>> Tolerant<'de> for Opt<T> {
    fn object<A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(|object| Opt(Some(object)))
    }
}

impl<'de, T: Deserialize<'de>> Tolerant<'de> for List<T> {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(List(Some(elements)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Opt<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything(PhantomData))
    }
}

/// Takes whatever comes.
struct Anything<T>(PhantomData<T>);

impl<'de, T: Tolerant<'de>> Visitor<'de> for Anything<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<T, E> {
        Ok(T::text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::text(Cow::Owned(text.to_string())))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<T, E> {
        Ok(T::flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Ok(T::number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::null())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        T::object(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Body<'a> {
        #[serde(borrow)]
        text: Text<'a>,
        flag: Flag,
        count: Count,
        #[serde(borrow)]
        inner: Opt<Inner<'a>>,
        #[serde(borrow)]
        list: List<Text<'a>>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Inner<'a> {
        #[serde(borrow)]
        a: Text<'a>,
    }

    #[track_caller]
    fn check(body: &str, expect: &Expect) {
        expect.assert_eq(&match read::<Body<'_>>(body) {
            Ok(body) => format!("{body:?}"),
            Err(message) => message,
        });
    }

    #[test]
    fn every_type_is_accepted_in_every_place() {
        for value in
            ["null", "true", "7", "-7", "1.5", "\"x\"", "\"\\n\"", "[]", "[1,[2]]", "{}", r#"{"a":{"b":[]}}"#]
        {
            for field in ["text", "flag", "count", "inner", "list", "other"] {
                read::<Body<'_>>(&format!("{{\"{field}\":{value}}}")).unwrap();
            }
        }
    }

    #[test]
    fn wrong_types_count_as_missing() {
        check(
            r#"{"text":"a","flag":true,"count":3,"inner":{"a":"b"},"list":["c",4]}"#,
            &expect![[
                r#"Body { text: Is("a"), flag: Flag(Some(true)), count: Count(Some(3)), inner: Opt(Some(Inner { a: Is("b") })), list: List(Some([Is("c"), Missing])) }"#
            ]],
        );
        check(
            r#"{"text":null,"flag":"true","count":-1,"inner":["b"],"list":{"c":4}}"#,
            &expect![
                "Body { text: Null, flag: Flag(None), count: Count(None), inner: Opt(None), list: List(None) }"
            ],
        );
    }

    #[test]
    fn strings_are_borrowed() {
        let body: Body<'_> = read(r#"{"text":"a","list":["a\nb"]}"#).unwrap();
        assert!(matches!(body.text, Text::Is(Cow::Borrowed("a"))));
    }

    #[test]
    fn what_is_no_object_says_what_it_is() {
        check("", &expect!["found an empty body"]);
        check("[]", &expect!["found JSON that is not an object"]);
        check("null", &expect!["found JSON that is not an object"]);
        check(
            "{\"text\":",
            &expect![
                "found something else: EOF while parsing a value at line 1 column 8; it may have been cut off or changed on the way"
            ],
        );
        check(
            "payload=1",
            &expect![
                "found something else: expected value at line 1 column 1; it may have been cut off or changed on the way"
            ],
        );
        check(
            "{} {}",
            &expect![
                "found something else: trailing characters at line 1 column 4; it may have been cut off or changed on the way"
            ],
        );
        check(
            "\u{feff}{}",
            &expect![
                "Body { text: Missing, flag: Flag(None), count: Count(None), inner: Opt(None), list: List(None) }"
            ],
        );
    }

    #[test]
    fn deep_nesting_is_an_error_wherever_it_is() {
        let deep = |field: &str, n: usize| format!("{{\"{field}\":{}{}}}", "[".repeat(n), "]".repeat(n));
        for field in ["text", "inner", "other"] {
            assert!(read::<Body<'_>>(&deep(field, 10_000)).is_err(), "{field}");
            assert!(
                read::<Body<'_>>(&format!("{{\"{field}\":{}", "{\"inner\":".repeat(10_000))).is_err(),
                "{field}"
            );
        }
        let wide = format!("{{\"other\":[{}[]],\"text\":\"{}\"}}", "[],".repeat(10_000), "[".repeat(10_000));
        assert!(read::<Body<'_>>(&wide).is_ok());
    }
}
