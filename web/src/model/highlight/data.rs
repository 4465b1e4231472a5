//! What holds data: JSON, YAML and HCL.

use super::bash::{document, here};
use super::scan::{Kind, Scan};

pub(super) fn json(scan: &mut Scan<'_>) {
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

/// As CloudFormation has it.
pub(super) fn yaml(scan: &mut Scan<'_>) {
    while let Some(c) = scan.rest().chars().next() {
        match c {
            '#' if scan.begins_word() => scan.take_while(Kind::Comment, |c| c != '\n'),
            '"' => scan.take(Kind::Text, json_string(scan.rest())),
            '\'' if scan.begins_word() => scan.take(Kind::Text, single(scan.rest())),
            '!' => scan.take_while(Kind::Keyword, |c| !c.is_whitespace()),
            c if is_name(c) => {
                let (word, behind) = word(scan.rest());
                let is_key = behind
                    .strip_prefix(':')
                    .is_some_and(|value| value.is_empty() || value.starts_with([' ', '\n']));
                let kind = if is_key { Kind::Variable } else { kind_of(word) };
                scan.take(kind, word.len());
            }
            c => scan.take(Kind::Plain, c.len_utf8()),
        }
    }
}

/// As Terraform has it.
pub(super) fn hcl(scan: &mut Scan<'_>) {
    // A here-document that begins behind the end of this line.
    let mut behind: Option<(String, bool)> = None;
    while let Some(c) = scan.rest().chars().next() {
        match c {
            '\n' => {
                scan.take(Kind::Plain, 1);
                if let Some((end, indented)) = behind.take() {
                    document(scan, &end, if indented { &['\t', ' '] } else { &[] });
                }
            }
            '#' => scan.take_while(Kind::Comment, |c| c != '\n'),
            '/' if scan.rest().starts_with("//") => scan.take_while(Kind::Comment, |c| c != '\n'),
            '"' => scan.take(Kind::Text, json_string(scan.rest())),
            '<' => match here(scan.rest()) {
                Some((len, end, indented)) => {
                    scan.take(Kind::Keyword, len);
                    behind = Some((end, indented));
                }
                None => scan.take(Kind::Plain, 1),
            },
            c if is_name(c) => {
                let (word, rest) = word(scan.rest());
                let rest = rest.trim_start_matches(' ');
                let kind = match rest.chars().next() {
                    Some('=') if !rest.starts_with("==") => Kind::Variable,
                    Some('"' | '{') => Kind::Keyword,
                    _ => kind_of(word),
                };
                scan.take(kind, word.len());
            }
            c => scan.take(Kind::Plain, c.len_utf8()),
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.".contains(c)
}

/// A name, and what follows it.
fn word(rest: &str) -> (&str, &str) {
    rest.split_at(rest.find(|c| !is_name(c)).unwrap_or(rest.len()))
}

fn kind_of(word: &str) -> Kind {
    match word {
        "true" | "false" | "null" => Kind::Keyword,
        _ if word.bytes().all(|byte| byte.is_ascii_digit()) => Kind::Number,
        _ => Kind::Plain,
    }
}

/// A YAML string between single quotes, in which two are one.
fn single(rest: &str) -> usize {
    let mut end = 1;
    while let Some(at) = rest.get(end..).and_then(|inner| inner.find('\'')) {
        end += at + 1;
        if !rest.get(end..).is_some_and(|behind| behind.starts_with('\'')) {
            return end;
        }
        end += 1;
    }
    rest.len()
}
