//! What two outputs have in common, which is nearly all: they differ by one field.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::diff::{self, Change};

/// The output as it is.
pub(super) struct Whole<'a> {
    text: &'a str,
    /// As [`comparable`] has them.
    pub lines: Vec<&'a str>,
    /// The byte at which each line begins.
    starts: Vec<usize>,
}

impl Whole<'_> {
    pub(super) fn of(text: &str) -> Whole<'_> {
        let ends = text.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        Whole { text, lines: comparable(text), starts: std::iter::once(0).chain(ends).collect() }
    }

    /// What makes another text of it.
    pub(super) fn changes(&self, other: &str) -> Vec<Change> {
        let (head, tail) = in_common(self.text, other);
        let line_at = |byte: usize| self.starts.partition_point(|start| *start < byte).min(self.lines.len());
        let (first, behind) = (line_at(head), line_at(self.text.len() - tail));
        let old = self.lines.get(first..behind).unwrap_or_default();
        let new = other.get(head..other.len() - tail).unwrap_or_default();
        let mut changes = moved(changes(old, &comparable(new)), first, first);
        for change in changes.iter_mut().filter(|change| change.new.is_empty()) {
            change.old = whole_block(&self.lines, change.old.clone());
        }
        changes
    }
}

/// Without the comma that a line of JSON has where another follows.
pub(super) fn comparable(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.strip_suffix(',').unwrap_or(line)).collect()
}

/// The bytes of the lines with which two texts begin and end alike: nearly all, so they are not even taken apart. Eight bytes
/// at a time are one number, where a browser would compare slices byte by byte.
fn in_common(old: &str, new: &str) -> (usize, usize) {
    const PIECE: usize = 8;
    let (old, new) = (old.as_bytes(), new.as_bytes());
    let pieces = old.as_chunks::<PIECE>().0.iter().zip(new.as_chunks::<PIECE>().0);
    let head = PIECE * pieces.take_while(|(old, new)| old == new).count();
    let ((same, old), (_, new)) = (old.split_at(head), new.split_at(head));
    let after_head = same.iter().rev().take_while(|byte| **byte != b'\n').count();
    let pieces = old.as_rchunks::<PIECE>().1.iter().rev().zip(new.as_rchunks::<PIECE>().1.iter().rev());
    let tail = PIECE * pieces.take_while(|(old, new)| old == new).count();
    let (_, same) = old.split_at(old.len() - tail);
    let before_tail = same.iter().position(|byte| *byte == b'\n').map_or(same.len(), |at| at + 1);
    (head - after_head, tail - before_tail)
}

/// Old lines times new lines. More are taken apart, because comparing each with each takes long.
const FEW_PAIRS: usize = 10_000;

fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let ((_, old), (_, new)) = (old.split_at(same), new.split_at(same));
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let ((old, _), (new, _)) = (old.split_at(old.len() - behind), new.split_at(new.len() - behind));
    let is_long = old.len() * new.len() > FEW_PAIRS;
    let Some((old_at, new_at)) = is_long.then(|| landmark(old, new)).flatten() else {
        return moved(diff::changes(old, new), same, same);
    };
    let ((old, old_rest), (new, new_rest)) = (old.split_at(old_at), new.split_at(new_at));
    let mut all = moved(changes(old, new), same, same);
    all.extend(moved(changes(old_rest, new_rest), same + old_at, same + new_at));
    all
}

fn moved(mut changes: Vec<Change>, old: usize, new: usize) -> Vec<Change> {
    for change in &mut changes {
        change.old = change.old.start + old..change.old.end + old;
        change.new = change.new.start + new..change.new.end + new;
    }
    changes
}

/// A line that there is but once in either text, as near to the middle as there is one, so that two short texts are made of one.
fn landmark(old: &[&str], new: &[&str]) -> Option<(usize, usize)> {
    let (old_places, new_places) = (places(old), places(new));
    let both = old_places.iter().filter_map(|(line, old_at)| Some(((*old_at)?, (*new_places.get(line)?)?)));
    both.min_by_key(|(old_at, _)| old_at.abs_diff(old.len() / 2))
}

/// Where each line is; nothing where it is in several places.
fn places<'a>(lines: &[&'a str]) -> HashMap<&'a str, Option<usize>> {
    let mut places = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        places.entry(*line).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places
}

/// Of `a { b } { c }` a change to `a { c }` has removed `{ b }`, and not `b } {`: it reads the same, and is none that anybody
/// would write. So lines that went begin where a block does.
fn whole_block(lines: &[&str], gone: Range<usize>) -> Range<usize> {
    let indent = |at: usize| lines.get(at).map_or(usize::MAX, |line| line.len() - line.trim_start().len());
    let begins = |at: usize| {
        lines.get(at).is_some_and(|line| {
            !line.trim_start().is_empty() && !line.trim_start().starts_with(['}', ']', ')'])
        })
    };
    let up = |range: &Range<usize>| {
        let (above, last) = (range.start.checked_sub(1)?, range.end.checked_sub(1)?);
        (lines.get(above) == lines.get(last)).then_some(above..last)
    };
    let down = |range: &Range<usize>| {
        let (first, below) = (range.start, range.end);
        (below < lines.len() && lines.get(first) == lines.get(below)).then_some(first + 1..below + 1)
    };
    let ways = std::iter::successors(Some(gone.clone()), up).chain(std::iter::successors(down(&gone), down));
    ways.min_by_key(|range| (!begins(range.start), indent(range.start))).unwrap_or(gone)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_block_goes_as_a_whole() {
        let lines = ["[", "  {", "    a", "  },", "  {", "    b", "  },", "  {", "    c", "  }", "]"];
        assert_eq!(whole_block(&lines, 5..8), 4..7);
        assert_eq!(whole_block(&lines, 4..7), 4..7);
        assert_eq!(whole_block(&lines, 3..6), 4..7);
        assert_eq!(whole_block(&lines, 2..3), 2..3);
    }

    #[test]
    fn of_long_texts_only_what_differs_has_changed() {
        let old: Vec<String> = (0..5_000).map(|at| format!("{at}")).collect();
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let mut new = old.clone();
        new[1] = "x";
        new[4_998] = "y";
        new.remove(2_000);
        let (old, new) = (old.join("\n"), new.join("\n"));
        let changed: Vec<usize> =
            Whole::of(&old).changes(&new).into_iter().flat_map(|change| change.old).collect();
        assert_eq!(changed, [1, 2_000, 4_998]);
    }

    proptest! {
        #[test]
        fn the_changes_make_the_new_text_of_the_old_one(
            old in prop::collection::vec("[ab,]{0,6}", 0..200),
            new in prop::collection::vec("[ab,]{0,6}", 0..200),
            same in "([ab]{0,9}\n){0,40}",
        ) {
            let text = |lines: &[String]| format!("{same}{}\n{same}", lines.join("\n"));
            let (old, new) = (text(&old), text(&new));
            let (whole, new_lines) = (Whole::of(&old), comparable(&new));
            let mut made: Vec<&str> = Vec::new();
            let (mut at, mut new_at) = (0, 0);
            for change in whole.changes(&new) {
                made.extend(&whole.lines[at..change.old.start]);
                new_at += change.old.start - at;
                made.extend(&new_lines[new_at..new_at + change.new.len()]);
                new_at += change.new.len();
                at = change.old.end;
            }
            made.extend(&whole.lines[at..]);
            prop_assert_eq!(made, new_lines);
        }

        #[test]
        fn a_whole_block_is_one_that_could_have_gone(text in "[ab{}]{1,20}", start: usize, length: usize) {
            let lines: Vec<&str> = text.split("").filter(|line| !line.is_empty()).collect();
            let start = start % lines.len();
            let gone = start..start + length % (lines.len() - start + 1);
            let without = |range: &Range<usize>| [&lines[..range.start], &lines[range.end..]].concat();
            prop_assert_eq!(without(&whole_block(&lines, gone.clone())), without(&gone));
        }
    }
}
