//! How shells and `.env` files quote: from a statement's text to the words or the value that it means.

/// One word of a shell statement, quotes undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// A shell would put something in the place of a `$…` in it.
    pub expands: bool,
}

/// A quote that opens and never closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed(pub char);

/// The words up to the end of the statement: a newline that is neither quoted nor behind a `\`.
/// A `;` or `&&` between commands is a word of its own. Also says how many bytes were read, the newline included.
pub fn words(text: &str) -> Result<(Vec<Word>, usize), Unclosed> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut chars = Cursor::new(text);
    while let Some(c) = chars.next() {
        match c {
            '\n' => break,
            c if c.is_whitespace() => words.extend(word.take()),
            ';' => {
                words.extend(word.take());
                words.push(Word { text: ";".into(), expands: false });
            }
            '#' if word.is_none() => {
                chars.skip_line();
                break;
            }
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().text.push(escaped),
            },
            '\'' => raw(&mut chars, &mut word.get_or_insert_default().text)?,
            '"' => double(&mut chars, word.get_or_insert_default(), shell_escape)?,
            '$' if chars.peek() == Some('\'') => {
                chars.next();
                ansi(&mut chars, &mut word.get_or_insert_default().text)?;
            }
            c => {
                let word = word.get_or_insert_default();
                word.expands |= c == '$' && chars.peek().is_some_and(begins_expansion);
                word.text.push(c);
            }
        }
    }
    words.extend(word);
    Ok((words, chars.at))
}

/// The value behind the `=` of a `.env` line. Also says how many bytes were read, the newline included.
pub fn env_value(text: &str) -> Result<(Word, usize), Unclosed> {
    let mut word = Word::default();
    let mut chars = Cursor::new(text);
    chars.skip_spaces();
    let quoted = match chars.peek() {
        Some('\'') => {
            chars.next();
            raw(&mut chars, &mut word.text)?;
            true
        }
        Some('"') => {
            chars.next();
            double(&mut chars, &mut word, env_escape)?;
            true
        }
        _ => false,
    };
    let behind = chars.skip_line();
    if !quoted {
        word.text = unquoted(behind).to_string();
        word.expands = expands(&word.text);
        return Ok((word, chars.at));
    }
    match behind.trim_start_matches([' ', '\t']).trim_start_matches(';').trim() {
        "" => Ok((word, chars.at)),
        comment if comment.starts_with('#') => Ok((word, chars.at)),
        // `'a'"b"` and the like: as a shell would read it.
        _ => {
            let (words, used) = words(text)?;
            let joined = Word {
                text: words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "),
                expands: words.iter().any(|word| word.expands),
            };
            Ok((joined, used))
        }
    }
}

/// Without a comment, a `;` or a `\` at its end.
fn unquoted(line: &str) -> &str {
    let comment = line.char_indices().find(|(at, c)| {
        *c == '#' && (*at == 0 || line.get(..*at).is_some_and(|before| before.ends_with([' ', '\t'])))
    });
    let line = comment.and_then(|(at, _)| line.get(..at)).unwrap_or(line).trim();
    let line = line.strip_suffix(" \\").unwrap_or(line).trim_end();
    line.strip_suffix(';').unwrap_or(line).trim_end()
}

fn expands(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        c == '$' && text.get(at + 1..).and_then(|rest| rest.chars().next()).is_some_and(begins_expansion)
    })
}

fn begins_expansion(next: char) -> bool {
    next.is_ascii_alphabetic() || "_{(".contains(next)
}

fn raw(chars: &mut Cursor<'_>, into: &mut String) -> Result<(), Unclosed> {
    loop {
        match chars.next().ok_or(Unclosed('\''))? {
            '\'' => return Ok(()),
            c => into.push(c),
        }
    }
}

fn double(chars: &mut Cursor<'_>, word: &mut Word, escape: fn(char, &mut String)) -> Result<(), Unclosed> {
    loop {
        match chars.next().ok_or(Unclosed('"'))? {
            '"' => return Ok(()),
            '\\' => escape(chars.next().ok_or(Unclosed('"'))?, &mut word.text),
            c => {
                word.expands |= c == '$' && chars.peek().is_some_and(begins_expansion);
                word.text.push(c);
            }
        }
    }
}

/// Bash's `$'…'`, as `export -p` prints values with newlines.
fn ansi(chars: &mut Cursor<'_>, into: &mut String) -> Result<(), Unclosed> {
    loop {
        match chars.next().ok_or(Unclosed('\''))? {
            '\'' => return Ok(()),
            '\\' => match chars.next().ok_or(Unclosed('\''))? {
                '\'' => into.push('\''),
                c => env_escape(c, into),
            },
            c => into.push(c),
        }
    }
}

fn shell_escape(c: char, into: &mut String) {
    if c == '\n' {
        return;
    }
    if !"\"\\$`".contains(c) {
        into.push('\\');
    }
    into.push(c);
}

fn env_escape(c: char, into: &mut String) {
    match c {
        'n' => into.push('\n'),
        'r' => into.push('\r'),
        't' => into.push('\t'),
        '"' | '\\' | '$' | '`' => into.push(c),
        other => into.extend(['\\', other]),
    }
}

struct Cursor<'a> {
    text: &'a str,
    /// Bytes read.
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    /// To behind the next newline; what was skipped, without it.
    fn skip_line(&mut self) -> &'a str {
        let rest = self.rest();
        let (line, used) =
            rest.split_once('\n').map_or((rest, rest.len()), |(line, _)| (line, line.len() + 1));
        self.at += used;
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_words(text: &str, expected: &[&str]) {
        let (words, used) = words(text).unwrap();
        assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), expected);
        assert!(used <= text.len());
    }

    #[track_caller]
    fn check_value(text: &str, expected: &str) {
        assert_eq!(env_value(text).unwrap().0.text, expected);
    }

    #[test]
    fn words_as_a_shell_reads_them() {
        check_words("-e A=b \\\n  -e C=d image\nnext", &["-e", "A=b", "-e", "C=d", "image"]);
        check_words(
            r#"A='x y' B="x \"$y\" \n" C=x\ y D=$'a\nb' # comment"#,
            &["A=x y", "B=x \"$y\" \\n", "C=x y", "D=a\nb"],
        );
        check_words("A=1; B=2", &["A=1", ";", "B=2"]);
        check_words("A='x\ny' B=''", &["A=x\ny", "B="]);
        check_words("", &[]);
        assert_eq!(words("A='x"), Err(Unclosed('\'')));
        assert_eq!(words("A=\"x\\"), Err(Unclosed('"')));
    }

    #[test]
    fn values_as_dotenv_reads_them() {
        check_value(" plain text # comment\nB=1", "plain text");
        check_value("a#b", "a#b");
        check_value(r#""x \"y\" \n \$z \d" # comment"#, "x \"y\" \n $z \\d");
        check_value(r"'x \n'", r"x \n");
        check_value("\"two\nlines\";\n", "two\nlines");
        check_value("x;", "x");
        check_value("x \\", "x");
        check_value(r"C:\dir\", r"C:\dir\");
        check_value("'a'\"b\"", "ab");
        check_value("", "");
    }

    #[test]
    fn what_a_shell_would_expand_is_noticed() {
        for (text, expected) in [
            ("$HOME/x", true),
            ("'$HOME'", false),
            ("\"$HOME\"", true),
            ("\"\\$HOME\"", false),
            ("a$5", false),
            ("${A}", true),
        ] {
            assert_eq!(env_value(text).unwrap().0.expands, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_value_in_single_quotes_is_itself(value in "[^']*") {
            proptest::prop_assert_eq!(&words(&format!("'{value}'")).unwrap().0[0].text, &value);
            proptest::prop_assert_eq!(env_value(&format!("'{value}'")).unwrap().0.text, value);
        }

        #[test]
        fn never_reads_past_the_end(text in "[ a-z='\"\\\\$#;\n🙂]*") {
            for used in [words(&text).map(|read| read.1), env_value(&text).map(|read| read.1)].into_iter().flatten() {
                proptest::prop_assert!(text.get(..used).is_some());
            }
        }
    }
}
