//! The words of shell commands, as a person pastes them: quotes and line breaks undone, nothing expanded. A `$` stays a `$`.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

/// A word, or one of `\n`, `;`, `|`, `&` and `&&`, which end a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// Where it begins, from 1.
    pub line: usize,
}

/// A quote that opens and never closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfinished {
    pub quote: char,
    /// Where it opens, from 1.
    pub line: usize,
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: opens a quote {} that never closes; close it", self.line, self.quote)
    }
}

/// The words of all commands in a text. `#` at the beginning of a word is a comment up to the end of the line. The line
/// breaks of Windows are read as any others.
pub fn words(input: &str) -> Result<Vec<Word>, Unfinished> {
    let input = input.replace("\r\n", "\n");
    let mut reader = Reader { chars: input.chars().peekable(), line: 1, words: Vec::new(), open: None };
    while let Some(c) = reader.next() {
        reader.take(c)?;
    }
    reader.close();
    Ok(reader.words)
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
    words: Vec<Word>,
    /// The word that is being read.
    open: Option<Word>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn take(&mut self, c: char) -> Result<(), Unfinished> {
        match c {
            '\n' | ';' | '|' => self.end(c.into()),
            '&' if self.chars.next_if_eq(&'&').is_some() => self.end("&&".into()),
            '&' => self.end("&".into()),
            c if c.is_whitespace() => self.close(),
            '#' if self.open.is_none() => while self.chars.next_if(|c| *c != '\n').is_some() {},
            '\\' => self.escaped(),
            '\'' => self.quoted('\'', |_| None)?,
            '"' => self.quoted('"', |reader| reader.chars.next_if(|c| "$`\"\\\n".contains(*c)))?,
            '$' if self.chars.next_if_eq(&'\'').is_some() => self.ansi()?,
            c => self.push(c),
        }
        Ok(())
    }

    fn push(&mut self, c: char) {
        self.word().push(c);
    }

    /// What is written into, which makes a word of it even where it stays empty.
    fn word(&mut self) -> &mut String {
        let line = self.line;
        &mut self.open.get_or_insert_with(|| Word { text: String::new(), line }).text
    }

    fn close(&mut self) {
        self.words.extend(self.open.take());
    }

    fn end(&mut self, text: String) {
        self.close();
        let line = self.line - usize::from(text == "\n");
        self.words.push(Word { text, line });
    }

    /// What is behind a `\` outside of quotes; a line goes on behind it.
    fn escaped(&mut self) {
        match self.next() {
            Some('\n') | None => {}
            Some(c) => self.push(c),
        }
    }

    /// Up to that quote. `escape` gives what a `\` makes of the next character, or nothing where it stays a `\`.
    fn quoted(&mut self, quote: char, escape: fn(&mut Self) -> Option<char>) -> Result<(), Unfinished> {
        let unfinished = Unfinished { quote, line: self.line };
        self.word();
        loop {
            match self.next().ok_or(unfinished)? {
                c if c == quote => return Ok(()),
                '\\' => match escape(self) {
                    Some('\n') => self.line += 1,
                    Some(c) => self.push(c),
                    None => self.push('\\'),
                },
                c => self.push(c),
            }
        }
    }

    /// Bash's `$'…'`. Bytes that are no UTF-8 become `�`.
    fn ansi(&mut self) -> Result<(), Unfinished> {
        let unfinished = Unfinished { quote: '\'', line: self.line };
        let mut bytes = Vec::new();
        self.word();
        loop {
            match self.next().ok_or(unfinished)? {
                '\'' => break,
                '\\' => {
                    let escaped = self.next().ok_or(unfinished)?;
                    self.ansi_escape(escaped, &mut bytes);
                }
                c => push_utf8(&mut bytes, c),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.word().push_str(&text);
        Ok(())
    }

    fn ansi_escape(&mut self, escaped: char, bytes: &mut Vec<u8>) {
        let c = match escaped {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'e' | 'E' => '\u{1b}',
            '\\' | '\'' | '"' | '?' => escaped,
            'u' => char::from_u32(self.number(0, 16, 4)).unwrap_or('�'),
            'U' => char::from_u32(self.number(0, 16, 8)).unwrap_or('�'),
            'x' => return bytes.push(self.number(0, 16, 2) as u8),
            // Three digits may be more than a byte, of which bash keeps the lower bits.
            _ => match escaped.to_digit(8) {
                Some(first) => return bytes.push(self.number(first, 8, 2) as u8),
                None => {
                    bytes.push(b'\\');
                    escaped
                }
            },
        };
        push_utf8(bytes, c);
    }

    /// A number that begins with `first`, and with at most so many more digits, of which there is room for eight.
    fn number(&mut self, first: u32, radix: u32, most: u32) -> u32 {
        let mut number = first;
        for _ in 0..most {
            let Some(digit) = self.chars.peek().and_then(|c| c.to_digit(radix)) else { break };
            self.chars.next();
            number = number.wrapping_mul(radix).wrapping_add(digit);
        }
        number
    }
}

fn push_utf8(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use pushbox_shared::user_data::quote;

    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &Expect) {
        let shown = match words(input) {
            Ok(words) => words.iter().map(|Word { text, line }| format!("{line} {text:?}\n")).collect(),
            Err(unfinished) => unfinished.to_string(),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn quotes_are_undone() {
        check(
            r#"a 'b $c "d"' "e \"f\" \$g \h" i\ j k'l'"m" $'n\t\'\x41\101\u00e9' '' "#,
            &expect![[r#"
                1 "a"
                1 "b $c \"d\""
                1 "e \"f\" $g \\h"
                1 "i j"
                1 "klm"
                1 "n\t'AAé"
                1 ""
            "#]],
        );
    }

    #[test]
    fn lines_go_on_behind_a_backslash_also_with_the_line_breaks_of_windows() {
        check(
            "a \\\r\n  b\\\nc 'd\r\ne' f\r\ng",
            &expect![[r#"
            1 "a"
            2 "bc"
            3 "d\ne"
            4 "f"
            4 "\n"
            5 "g"
        "#]],
        );
    }

    #[test]
    fn what_ends_a_command_is_a_word_of_its_own() {
        check(
            "a;b|c&d&&e # f; g\nh#i ';'",
            &expect![[r#"
            1 "a"
            1 ";"
            1 "b"
            1 "|"
            1 "c"
            1 "&"
            1 "d"
            1 "&&"
            1 "e"
            1 "\n"
            2 "h#i"
            2 ";"
        "#]],
        );
    }

    #[test]
    fn a_quote_that_never_closes() {
        check("a\n'b\nc", &expect!["line 2: opens a quote ' that never closes; close it"]);
        check("a \"", &expect![[r#"line 1: opens a quote " that never closes; close it"#]]);
        check("$'a\\'", &expect!["line 1: opens a quote ' that never closes; close it"]);
    }

    /// The words that bash makes of them.
    fn of_bash(line: &str) -> Vec<String> {
        let script = format!("printf '%s\\0' {line}");
        let output = Command::new("bash").env("LC_ALL", "C.UTF-8").args(["-c", &script]).output();
        let output = output.expect("bash runs").stdout;
        let text = String::from_utf8(output).expect("the words are UTF-8");
        text.split_terminator('\0').map(String::from).collect()
    }

    /// A word as one of three people would write it.
    fn written(text: &str, way: usize) -> String {
        match way {
            0 => quote(text),
            1 => {
                let escaped = |c: char| if "$`\"\\".contains(c) { format!("\\{c}") } else { c.to_string() };
                format!("\"{}\"", text.chars().map(escaped).collect::<String>())
            }
            _ => {
                let escaped = |c: char| if c == '\n' { "'\n'".into() } else { format!("\\{c}") };
                let escaped: String = text.chars().map(escaped).collect();
                if escaped.is_empty() { "''".into() } else { escaped }
            }
        }
    }

    proptest! {
        #[test]
        fn bash_reads_the_same_words(
            texts in proptest::collection::vec(("[ -~é🙂\n\t]{0,12}", 0..3_usize), 1..8),
            gaps in proptest::collection::vec(prop_oneof![Just(" "), Just("  \\\n "), Just("\t")], 8),
        ) {
            let pairs = texts.iter().zip(&gaps);
            let line: String = pairs.map(|((text, way), gap)| written(text, *way) + gap).collect();
            let read: Vec<String> = words(&line).unwrap().into_iter().map(|word| word.text).collect();
            prop_assert_eq!(&read, &of_bash(&line), "{}", line);
            prop_assert!(read.iter().eq(texts.iter().map(|(text, _)| text)));
        }

        #[test]
        fn no_text_makes_it_panic(text in "(.|\n|['\"\\\\$#\r&])*") {
            let _ = words(&text);
        }
    }
}
