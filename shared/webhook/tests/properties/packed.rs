//! A corpus as one text file: an input a line, with Rust's escapes, so that it can be read and compared.

/// The inputs of a file, in its order.
pub(crate) fn unpack(text: &str) -> Vec<Vec<u8>> {
    text.lines()
        .map(|line| unescaped(line).unwrap_or_else(|| panic!("{line} is not escaped rightly")))
        .collect()
}

pub(crate) fn pack(inputs: &[Vec<u8>]) -> String {
    inputs.iter().map(|input| escaped(input) + "\n").collect()
}

/// Quotes stay as they are: JSON is full of them.
pub(crate) fn escaped(input: &[u8]) -> String {
    let escape = |byte: &u8| match byte {
        b'"' | b'\'' => char::from(*byte).to_string(),
        other => other.escape_ascii().to_string(),
    };
    input.iter().map(escape).collect()
}

fn unescaped(line: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(line.len());
    let mut rest = line.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'x' => {
                    let digits = [rest.next()?, rest.next()?];
                    u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
                }
                other => other,
            },
            other => other,
        });
    }
    Some(bytes)
}

#[test]
fn what_is_packed_comes_back() {
    let all: Vec<u8> = (0..=255).collect();
    let inputs = [all, Vec::new(), b"\\x41 'a' \"b\"\r\n".to_vec(), "🚀".into()];
    let text = pack(&inputs);
    assert!(text.is_ascii());
    assert_eq!(text.lines().count(), inputs.len());
    assert_eq!(unpack(&text), inputs);
}
