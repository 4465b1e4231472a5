//! A text that is taken apart from its beginning, and what a part of it is.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Comment,
    Text,
    Keyword,
    Variable,
    Number,
}

impl Kind {
    /// Of the element that is coloured; plain text needs none.
    pub fn class(self) -> Option<&'static str> {
        match self {
            Kind::Plain => None,
            Kind::Comment => Some("c"),
            Kind::Text => Some("s"),
            Kind::Keyword => Some("k"),
            Kind::Variable => Some("v"),
            Kind::Number => Some("n"),
        }
    }
}

pub(super) struct Scan<'a> {
    text: &'a str,
    /// Bytes that have a part.
    at: usize,
    parts: Vec<(Kind, &'a str)>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Scan<'a> {
        Scan { text, at: 0, parts: Vec::new() }
    }

    /// Those that were taken.
    pub(super) fn into_parts(self) -> Vec<(Kind, &'a str)> {
        self.parts
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next `len` bytes, which must end between characters, are of that kind.
    pub(super) fn take(&mut self, kind: Kind, len: usize) {
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
    pub(super) fn take_while(&mut self, kind: Kind, goes_on: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.take(kind, rest.find(|c| !goes_on(c)).unwrap_or(rest.len()));
    }

    pub(super) fn begins_word(&self) -> bool {
        let before = self.text.get(..self.at).and_then(|text| text.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || ";&|(){}`".contains(c))
    }
}
