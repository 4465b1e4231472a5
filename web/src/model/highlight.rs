//! Which parts of a script or a JSON text are comments, strings and the like. The parts join to the text they came from.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Bash,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Comment,
    Text,
    Keyword,
    Variable,
    Number,
}

/// Lines of parts; each line ends with its newline.
pub fn lines(text: &str, language: Language) -> Vec<Vec<(Kind, String)>> {
    let mut lines = vec![Vec::new()];
    for (kind, part) in parts(text, language) {
        for piece in part.split_inclusive('\n') {
            if let Some(line) = lines.last_mut() {
                line.push((kind, piece.to_string()));
            }
            if piece.ends_with('\n') {
                lines.push(Vec::new());
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

pub fn parts(text: &str, language: Language) -> Vec<(Kind, &str)> {
    let mut scan = Scan { text, at: 0, parts: Vec::new() };
    match language {
        Language::Bash => bash(&mut scan),
        Language::Json => json(&mut scan),
    }
    scan.parts
}

struct Scan<'a> {
    text: &'a str,
    /// Bytes that have a part.
    at: usize,
    parts: Vec<(Kind, &'a str)>,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next `len` bytes, which must end between characters, are of that kind.
    fn take(&mut self, kind: Kind, len: usize) {
        let Some(part) = self.rest().get(..len).filter(|part| !part.is_empty()) else { return };
        self.at += len;
        let end = self.at;
        match self.parts.last_mut() {
            Some((last, joined)) if *last == kind => {
                *joined = self.text.get(end - joined.len() - len..end).unwrap_or(part);
            }
            _ => self.parts.push((kind, part)),
        }
    }

    /// Everything up to what `ends` finds.
    fn take_while(&mut self, kind: Kind, goes_on: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.take(kind, rest.find(|c| !goes_on(c)).unwrap_or(rest.len()));
    }

    fn begins_word(&self) -> bool {
        let before = self.text.get(..self.at).and_then(|text| text.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || ";&|(){}`".contains(c))
    }
}

const KEYWORDS: [&str; 24] = [
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in",
    "function", "return", "local", "readonly", "export", "set", "trap", "exec", "exit", "break", "continue",
];

fn bash(scan: &mut Scan<'_>) {
    // Here-documents that begin behind the end of this line.
    let mut documents: Vec<(String, bool)> = Vec::new();
    while let Some(c) = scan.rest().chars().next() {
        match c {
            '\n' => {
                scan.take(Kind::Plain, 1);
                for (end, indented) in documents.drain(..) {
                    document(scan, &end, indented);
                }
            }
            '#' if scan.begins_word() => scan.take_while(Kind::Comment, |c| c != '\n'),
            '\'' => scan.take(Kind::Text, quoted(scan.rest(), '\'')),
            '"' => double(scan),
            '\\' => {
                let escaped = scan.rest().chars().nth(1).filter(|c| *c != '\n').map_or(0, char::len_utf8);
                scan.take(Kind::Plain, 1 + escaped);
            }
            '$' => variable(scan),
            '<' => match here(scan.rest()) {
                Some((len, end, indented)) => {
                    scan.take(Kind::Keyword, len);
                    documents.push((end, indented));
                }
                // A here-string is no here-document.
                None => scan.take_while(Kind::Plain, |c| c == '<'),
            },
            c if c.is_ascii_alphabetic() => {
                let begins = scan.begins_word();
                let rest = scan.rest();
                let len = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                let word = rest.get(..len).unwrap_or_default();
                let is_keyword = begins && KEYWORDS.contains(&word);
                scan.take(if is_keyword { Kind::Keyword } else { Kind::Plain }, len);
            }
            c => scan.take(Kind::Plain, c.len_utf8()),
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Bytes up to and with the closing quote, or all.
fn quoted(rest: &str, quote: char) -> usize {
    rest.get(1..).and_then(|inner| inner.find(quote)).map_or(rest.len(), |at| at + 2)
}

fn double(scan: &mut Scan<'_>) {
    scan.take(Kind::Text, 1);
    while let Some(c) = scan.rest().chars().next() {
        match c {
            '"' => return scan.take(Kind::Text, 1),
            '\\' => {
                let escaped = scan.rest().chars().nth(1).map_or(0, char::len_utf8);
                scan.take(Kind::Text, 1 + escaped);
            }
            '$' => variable(scan),
            c => scan.take(Kind::Text, c.len_utf8()),
        }
    }
}

/// `$name`, `${…}`, `$1`; a lone `$` or a `$(` is plain.
fn variable(scan: &mut Scan<'_>) {
    let rest = scan.rest();
    let len = match rest.chars().nth(1) {
        Some('{') => rest.find('}').map_or(rest.len(), |at| at + 1),
        Some(c) if c.is_ascii_alphabetic() || c == '_' => {
            1 + rest
                .get(1..)
                .and_then(|name| name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
                .unwrap_or(rest.len() - 1)
        }
        Some(c) if c.is_ascii_digit() || "@*#?!$".contains(c) => 2,
        _ => return scan.take(Kind::Plain, 1),
    };
    scan.take(Kind::Variable, len);
}

/// `<<EOF`, `<<-'EOF'`: its length, the word that ends it, and whether tabs may stand before that.
fn here(rest: &str) -> Option<(usize, String, bool)> {
    let behind = rest.strip_prefix("<<")?;
    let (word, indented) = behind.strip_prefix('-').map_or((behind, false), |word| (word, true));
    let bare = word.trim_start_matches(['\'', '"', '\\']);
    let len = bare.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(bare.len());
    let end = bare.get(..len).filter(|end| !end.is_empty())?;
    let quotes = word.len() - bare.len();
    let closing = bare.get(len..).is_some_and(|rest| rest.starts_with(['\'', '"']));
    Some((rest.len() - word.len() + quotes + len + usize::from(closing), end.to_string(), indented))
}

fn document(scan: &mut Scan<'_>, end: &str, indented: bool) {
    while !scan.rest().is_empty() {
        let line = scan.rest().split_inclusive('\n').next().unwrap_or_default();
        let bare = line.trim_end_matches('\n');
        let bare = if indented { bare.trim_start_matches('\t') } else { bare };
        if bare == end {
            return scan.take(Kind::Keyword, line.trim_end_matches('\n').len());
        }
        scan.take(Kind::Text, line.len());
    }
}

fn json(scan: &mut Scan<'_>) {
    while let Some(c) = scan.rest().chars().next() {
        match c {
            '"' => {
                let rest = scan.rest();
                let len = json_string(rest);
                let is_key = rest.get(len..).is_some_and(|behind| behind.trim_start().starts_with(':'));
                scan.take(if is_key { Kind::Variable } else { Kind::Text }, len);
            }
            c if c.is_ascii_digit() || c == '-' => {
                scan.take_while(Kind::Number, |c| c.is_ascii_alphanumeric() || "+-.".contains(c));
            }
            c if c.is_ascii_alphabetic() => scan.take_while(Kind::Keyword, |c| c.is_ascii_alphabetic()),
            c => scan.take(Kind::Plain, c.len_utf8()),
        }
    }
}

fn json_string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, language: Language, expected: &Expect) {
        let shown: Vec<String> = parts(text, language)
            .into_iter()
            .filter(|(kind, _)| *kind != Kind::Plain)
            .map(|(kind, part)| format!("{kind:?} {part:?}\n"))
            .collect();
        expected.assert_eq(&shown.concat());
    }

    #[test]
    fn a_script() {
        check(
            "#!/bin/bash\nset -e # why\nif [ \"$x\" = 'a b' ]; then echo ${y:-1} a#b done-it; fi\ncat <<'EOF' >f\nit's\nEOF\ndone\n",
            Language::Bash,
            &expect![[r##"
                Comment "#!/bin/bash"
                Keyword "set"
                Comment "# why"
                Keyword "if"
                Text "\""
                Variable "$x"
                Text "\""
                Text "'a b'"
                Keyword "then"
                Variable "${y:-1}"
                Keyword "fi"
                Keyword "<<'EOF'"
                Text "it's\n"
                Keyword "EOF"
                Keyword "done"
            "##]],
        );
    }

    #[test]
    fn a_config() {
        check(
            r#"{"a": "b\"c", "n": -1.5, "f": true}"#,
            Language::Json,
            &expect![[r#"
                Variable "\"a\""
                Text "\"b\\\"c\""
                Variable "\"n\""
                Number "-1.5"
                Variable "\"f\""
                Keyword "true"
            "#]],
        );
    }

    proptest::proptest! {
        #[test]
        fn the_parts_join_to_the_text(text in "[a-z$\"'\\\\#<E{}\n 🙂-]*") {
            for language in [Language::Bash, Language::Json] {
                let joined: String = parts(&text, language).into_iter().map(|(_, part)| part).collect();
                proptest::prop_assert_eq!(&joined, &text);
                let joined: String = lines(&text, language).into_iter().flatten().map(|(_, part)| part).collect();
                proptest::prop_assert_eq!(&joined, &text);
            }
        }
    }
}
