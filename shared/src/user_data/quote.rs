//! The one way by which a value that came from a person reaches bash.

/// One bash word that stands for exactly this text, whatever the text is.
///
/// Words that mean nothing to bash anywhere stay bare. Everything else goes into `'…'`, where bash knows only the closing
/// quote; so line breaks and emoji stay what they are. Other control characters are spelled out in `$'…'`, because a
/// console or an editor may change them unseen (a text field turns `\r\n` into `\n`).
///
/// No word of bash can hold a NUL, and the config check refuses it. Should one get here nevertheless, it becomes `␀`, so
/// that it is seen and not lost.
pub fn quote(text: &str) -> String {
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else if text.chars().any(is_invisible) {
        format!("$'{}'", text.chars().map(spelled_out).collect::<String>())
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Not `~`, which is a home folder after `=` and `:`; not `=`, which makes a word an assignment.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-./:@%+,".contains(&byte)
}

fn is_invisible(c: char) -> bool {
    c.is_control() && c != '\n'
}

fn spelled_out(c: char) -> String {
    match c {
        '\0' => "␀".into(),
        '\'' | '\\' => format!("\\{c}"),
        '\t' => r"\t".into(),
        '\r' => r"\r".into(),
        // Bytes in octal, which bash reads in three digits at most and in any locale.
        _ if is_invisible(c) => {
            c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\{byte:03o}")).collect()
        }
        _ => c.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_bare() {
        for word in
            ["main", "refs/heads/main", "https://github.com/usil/foo.git", "git@host:a/b", "50%", "-x"]
        {
            assert_eq!(quote(word), word);
        }
    }

    #[test]
    fn everything_else_is_quoted() {
        for (text, word) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("~/x", "'~/x'"),
            ("a=~", "'a=~'"),
            ("*", "'*'"),
            ("$(id)", "'$(id)'"),
            ("it's", r"'it'\''s'"),
            ("two\nlines", "'two\nlines'"),
            ("🚀", "'🚀'"),
            (r"\", r"'\'"),
            ("a\r\n'b'\\", "$'a\\r\n\\'b\\'\\\\'"),
            ("\t\x1b1\u{85}2", r"$'\t\0331\302\2052'"),
            ("a\0b", "$'a␀b'"),
        ] {
            assert_eq!(quote(text), word, "{text:?}");
        }
    }
}
