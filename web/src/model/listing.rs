//! A text in lines with their colours, as it is kept from one edit to the next: what an edit leaves alone is not drawn again.

use std::rc::Rc;

use pushbox_shared::export::Language;

use super::diff::{self, Change};
use super::highlight::{Kind, parts};

/// Colouring more than this would make typing slow; no script that EC2 takes is as long.
const LIMIT: usize = 65_536;

pub struct Listing {
    text: Rc<str>,
    /// Kinds and the bytes that are of each; none goes over the end of a line.
    parts: Vec<(Kind, usize)>,
    /// Where each line ends: in the text, and in the parts.
    ends: Vec<(usize, usize)>,
}

/// What makes one listing of another.
#[derive(Debug, PartialEq)]
pub struct Edit {
    pub changes: Vec<Change>,
    /// The new places of lines that have the same text in other colours.
    pub recoloured: Vec<usize>,
}

impl Listing {
    pub fn new(text: &Rc<str>, language: Language) -> Listing {
        let mut listing = Listing { text: Rc::clone(text), parts: Vec::new(), ends: Vec::new() };
        let coloured = if text.len() > LIMIT { vec![(Kind::Plain, &**text)] } else { parts(text, language) };
        let mut at = 0;
        for (kind, part) in coloured {
            for piece in diff::lines(part) {
                at += piece.len();
                listing.parts.push((kind, piece.len()));
                if piece.ends_with('\n') || at == text.len() {
                    listing.ends.push((at, listing.parts.len()));
                }
            }
        }
        listing
    }

    pub fn text(&self) -> &Rc<str> {
        &self.text
    }

    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The pieces of a line, the last with its newline.
    pub fn line(&self, at: usize) -> impl Iterator<Item = (Kind, &str)> {
        let mut end = self.start(at).0;
        self.parts_of(at).iter().map(move |(kind, length)| {
            let start = end;
            end += length;
            (*kind, self.text.get(start..end).unwrap_or_default())
        })
    }

    /// All lines as HTML. A browser makes hundreds of elements of it in the time in which a program makes a few.
    pub fn html(&self) -> String {
        let mut html = String::with_capacity(self.text.len() * 2);
        for at in 0..self.count() {
            html.push_str("<span class=line>");
            for (kind, text) in self.line(at) {
                match kind.class() {
                    None => escape(text, &mut html),
                    Some(class) => {
                        html.extend(["<span class=", class, ">"]);
                        escape(text, &mut html);
                        html.push_str("</span>");
                    }
                }
            }
            html.push_str("</span>");
        }
        html
    }

    pub fn since(&self, old: &Listing) -> Edit {
        let changes = diff::changes(&old.texts(), &self.texts());
        let mut recoloured = Vec::new();
        let mut kept = (0, 0);
        let end = Change { old: old.count()..old.count(), new: self.count()..self.count() };
        for Change { old: removed, new: added } in changes.iter().chain([&end]) {
            let pairs = (kept.0..removed.start).zip(kept.1..added.start);
            recoloured
                .extend(pairs.filter(|(was, is)| old.parts_of(*was) != self.parts_of(*is)).map(|(_, is)| is));
            kept = (removed.end, added.end);
        }
        Edit { changes, recoloured }
    }

    fn texts(&self) -> Vec<&str> {
        diff::lines(&self.text).collect()
    }

    /// In the text, and in the parts.
    fn start(&self, at: usize) -> (usize, usize) {
        at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default()
    }

    fn parts_of(&self, at: usize) -> &[(Kind, usize)] {
        let end = self.ends.get(at).copied().unwrap_or_default();
        self.parts.get(self.start(at).1..end.1).unwrap_or_default()
    }
}

/// So that a text stays a text between two tags. A browser reads a bare carriage return as a newline.
fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '\r' => html.push_str("&#13;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bash(text: &str) -> Listing {
        Listing::new(&text.into(), Language::Bash)
    }

    fn shown(listing: &Listing, at: usize) -> Vec<(Kind, String)> {
        listing.line(at).map(|(kind, piece)| (kind, piece.to_string())).collect()
    }

    #[test]
    fn a_line_without_another_text_may_have_other_colours() {
        let edit = bash("a=\"1\nb\nc=2\n").since(&bash("a=1\nb\nc=2\n"));
        assert_eq!(edit, Edit { changes: vec![Change { old: 0..1, new: 0..1 }], recoloured: vec![1, 2] });
    }

    #[test]
    fn as_html_a_text_stays_a_text() {
        let html = bash("# <b>&amp;\r\n</span>\n").html();
        let expected = "<span class=line><span class=c># &lt;b>&amp;amp;&#13;</span>\n</span><span class=line>&lt;/span>\n</span>";
        assert_eq!(html, expected);
    }

    #[test]
    fn the_same_text_is_no_edit() {
        assert_eq!(bash("a\nb").since(&bash("a\nb")), Edit { changes: vec![], recoloured: vec![] });
        assert_eq!(bash("").count(), 0);
    }

    #[test]
    fn what_is_too_long_to_colour_has_lines_all_the_same() {
        let long = bash(&"if # x\n".repeat(10_000));
        assert_eq!(long.count(), 10_000);
        assert_eq!(shown(&long, 9_999), [(Kind::Plain, "if # x\n".to_string())]);
    }

    proptest! {
        #[test]
        fn edits_make_what_is_drawn_anew(old in "[a'\"#\n]{0,40}", new in "[a'\"#\n]{0,40}") {
            let (old, new) = (bash(&old), bash(&new));
            let mut drawn: Vec<_> = (0..old.count()).map(|at| shown(&old, at)).collect();
            let edit = new.since(&old);
            for change in edit.changes.iter().rev() {
                drawn.splice(change.old.clone(), change.new.clone().map(|at| shown(&new, at)));
            }
            for at in edit.recoloured {
                prop_assert!(drawn[at] != shown(&new, at), "it was drawn for nothing");
                drawn[at] = shown(&new, at);
            }
            prop_assert_eq!(&drawn, &(0..new.count()).map(|at| shown(&new, at)).collect::<Vec<_>>());
            let text: String = drawn.into_iter().flatten().map(|(_, piece)| piece).collect();
            prop_assert_eq!(&text, &**new.text());
        }
    }
}
