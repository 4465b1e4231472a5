//! Bash, as far as its scripts here go.

use super::scan::{Kind, Scan};

const KEYWORDS: [&str; 24] = [
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in",
    "function", "return", "local", "readonly", "export", "set", "trap", "exec", "exit", "break", "continue",
];

pub(super) fn scan(scan: &mut Scan<'_>) {
    // Here-documents that begin behind the end of this line.
    let mut documents: Vec<(String, bool)> = Vec::new();
    while let Some(c) = scan.rest().chars().next() {
        match c {
            '\n' => {
                scan.take(Kind::Plain, 1);
                for (end, indented) in documents.drain(..) {
                    document(scan, &end, if indented { &['\t'] } else { &[] });
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
pub(super) fn here(rest: &str) -> Option<(usize, String, bool)> {
    let behind = rest.strip_prefix("<<")?;
    let (word, indented) = behind.strip_prefix('-').map_or((behind, false), |word| (word, true));
    let bare = word.trim_start_matches(['\'', '"', '\\']);
    let len = bare.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(bare.len());
    let end = bare.get(..len).filter(|end| !end.is_empty())?;
    let quotes = word.len() - bare.len();
    let closing = bare.get(len..).is_some_and(|rest| rest.starts_with(['\'', '"']));
    Some((rest.len() - word.len() + quotes + len + usize::from(closing), end.to_string(), indented))
}

/// Up to the line with the word that ends it, before which those blanks may stand.
pub(super) fn document(scan: &mut Scan<'_>, end: &str, blanks: &[char]) {
    while !scan.rest().is_empty() {
        let line = scan.rest().split_inclusive('\n').next().unwrap_or_default();
        if line.trim_end_matches('\n').trim_start_matches(blanks) == end {
            return scan.take(Kind::Keyword, line.trim_end_matches('\n').len());
        }
        scan.take(Kind::Text, line.len());
    }
}
