//! A string as it is in the body, whose escapes are undone when somebody asks for it.

use std::borrow::Cow;

/// A string.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Text<'a> {
    /// Not there, or of another type.
    #[default]
    Missing,
    Null,
    /// As it is in the body, with its escapes: most texts are never asked for.
    Is(&'a str),
}

impl<'a> Text<'a> {
    /// An empty string says nothing, nor does one with an escape that means no character.
    pub(crate) fn get(&self) -> Option<Cow<'a, str>> {
        match self {
            Text::Is(text) if !text.is_empty() => unescaped(text),
            _ => None,
        }
    }

    pub(crate) fn is(&self, text: &str) -> bool {
        self.get().as_deref() == Some(text)
    }

    pub(crate) fn owned(&self) -> Option<String> {
        self.get().map(Cow::into_owned)
    }
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
mod tests {
    use super::Text;

    /// Each escape, and the first and the last of every kind of `\u`.
    #[test]
    fn what_an_escape_means_serde_json_decides() {
        for text in [
            r#"a\"\\\/\b\f\n\r\tz"#,
            r"\u0041\u00e9\uABCD\u0000",
            r"\ud7ff\ue000\uffff",
            r"\ud800\udc00\ud83d\ude80\udbff\udfff",
            r"\ud800",
            r"\udbffx",
            r"\udc00",
            r"\udfff",
            r"\ud800\ud800",
            r"\ud800\udbff",
            r"\ud800\ue000",
            r"\ud800\u0041",
            r"\ud800\n",
            r"\u123",
            r"\u12g4",
            r"\x",
        ] {
            let theirs = serde_json::from_str::<String>(&format!("\"{text}\"")).ok();
            assert_eq!(Text::Is(text).owned(), theirs, "{text}");
        }
    }

    #[test]
    fn an_empty_one_says_nothing() {
        assert_eq!(Text::Is("").get(), None);
        assert!(!Text::Is("").is(""));
    }
}
