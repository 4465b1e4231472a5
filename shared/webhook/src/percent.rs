//! Percent-encoding: of values for EC2 tags and forms, and the way back for form fields.

use std::borrow::Cow;

/// Everything but RFC 3986's unreserved characters (letters, digits, `-._~`) as `%XX` of its UTF-8 bytes.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(encoded_len(text));
    for byte in text.bytes() {
        if is_unreserved(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                encoded.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
    encoded
}

/// How many bytes [`encode`] gives.
pub fn encoded_len(text: &str) -> usize {
    text.bytes().map(|byte| if is_unreserved(byte) { 1 } else { 3 }).sum()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// One name or value of an `application/x-www-form-urlencoded` body: `+` is a space, `%XX` a byte.
pub fn decode_form(text: &str) -> Result<Cow<'_, str>, String> {
    if !text.contains(['+', '%']) {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => match (bytes.next().and_then(hex_digit), bytes.next().and_then(hex_digit)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => {
                    return Err("expected two hex digits after every `%` of the form, found others".into());
                }
            },
            other => other,
        });
    }
    String::from_utf8(decoded)
        .map(Cow::Owned)
        .map_err(|e| format!("expected UTF-8 in the form, found other bytes ({})", e.utf8_error()))
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refs_are_encoded_for_tags() {
        assert_eq!(encode("refs/heads/main"), "refs%2Fheads%2Fmain");
        assert_eq!(encode("v1.0_~-"), "v1.0_~-");
        assert_eq!(encode("🚀 +"), "%F0%9F%9A%80%20%2B");
    }

    #[test]
    fn broken_forms_are_refused() {
        for text in ["%", "%4", "%zz", "%ff", "a%2", "%é"] {
            assert!(decode_form(text).is_err(), "{text}");
        }
        assert_eq!(decode_form("a+b%2Bc%2b").unwrap(), "a b+c+");
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(text in any::<String>()) {
            let encoded = encode(&text);
            prop_assert_eq!(encoded.len(), encoded_len(&text));
            prop_assert_eq!(decode_form(&encoded).unwrap(), text);
        }
    }
}
