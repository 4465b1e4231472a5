//! Which lines of a text an edit has changed.

use std::ops::Range;

/// Lines that others have taken the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// In the old text; empty where lines were only added.
    pub old: Range<usize>,
    /// In the new text; empty where lines were only removed.
    pub new: Range<usize>,
}

/// Old lines times new lines that are compared with each other. An edit changes few; where a whole text is replaced, nobody
/// would find the rest of the old one in it anyway.
const MOST_PAIRS: usize = 250_000;

/// From the first to the last. What lies between two changes is the same in both texts, and as long.
pub fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(same..).unwrap_or_default(), new.get(same..).unwrap_or_default());
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let old = old.get(..old.len() - behind).unwrap_or_default();
    let new = new.get(..new.len() - behind).unwrap_or_default();

    let mut changes: Vec<Change> = Vec::new();
    let mut at = (0, 0);
    for pair in common(old, new).into_iter().chain([(old.len(), new.len())]) {
        if pair != at {
            changes.push(Change { old: same + at.0..same + pair.0, new: same + at.1..same + pair.1 });
        }
        at = (pair.0 + 1, pair.1 + 1);
    }
    changes
}

/// How many lines a person would say were changed: a line with another in its place counts once.
pub fn count(old: &str, new: &str) -> usize {
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(old).collect(), lines(new).collect());
    changes(&old, &new).iter().map(|change| change.old.len().max(change.new.len())).sum()
}

/// With their newlines, so that they join to the text.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
}

/// The longest common subsequence, as pairs of places.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if old.is_empty() || new.is_empty() || old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return Vec::new();
    }
    // Of what begins at each pair of places, how much the two have in common.
    let mut lengths = vec![0_u16; (old.len() + 1) * width];
    for (i, line) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            let at = i * width + j;
            lengths[at] = if line == other {
                lengths[at + width + 1] + 1
            } else {
                lengths[at + width].max(lengths[at + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        let at = i * width + j;
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[at + width] >= lengths[at + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Both texts are given letter by letter, each a line.
    #[track_caller]
    fn check(old: &str, new: &str, expected: &[(Range<usize>, Range<usize>)]) {
        let letters =
            |text: &'static str| -> Vec<&str> { text.split("").filter(|l| !l.is_empty()).collect() };
        let (old, new) = (letters(String::leak(old.into())), letters(String::leak(new.into())));
        let found: Vec<_> = changes(&old, &new).into_iter().map(|change| (change.old, change.new)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn only_what_an_edit_touched_is_changed() {
        check("abc", "abc", &[]);
        check("abc", "axc", &[(1..2, 1..2)]);
        check("abc", "abxc", &[(2..2, 2..3)]);
        check("abc", "ac", &[(1..2, 1..1)]);
        check("abcdef", "xbcdeyz", &[(0..1, 0..1), (5..6, 5..7)]);
        check("", "ab", &[(0..0, 0..2)]);
        check("ab", "", &[(0..2, 0..0)]);
        check("aa", "aaa", &[(2..2, 2..3)]);
    }

    #[test]
    fn a_line_with_another_in_its_place_counts_once() {
        assert_eq!(count("a\nb\nc\n", "a\nx\nc\ny\n"), 2);
        assert_eq!(count("a\nb\n", "a\n"), 1);
        assert_eq!(count("a\n", "a\n"), 0);
    }

    #[test]
    fn two_large_texts_without_anything_in_common_are_one_change() {
        let text = |word: &str| (0..2_000).map(|at| format!("{word} {at}\n")).collect::<String>();
        assert_eq!(count(&text("old"), &text("new")), 2_000);
    }

    proptest! {
        #[test]
        fn the_changes_make_the_new_text_of_the_old_one(old in "[abc\n]{0,60}", new in "[abc\n]{0,60}") {
            let (old, new): (Vec<&str>, Vec<&str>) = (lines(&old).collect(), lines(&new).collect());
            let mut made: Vec<&str> = Vec::new();
            let mut at = 0;
            for change in changes(&old, &new) {
                prop_assert!(!change.old.is_empty() || !change.new.is_empty());
                made.extend(&old[at..change.old.start]);
                prop_assert_eq!(made.len(), change.new.start);
                made.extend(&new[change.new.clone()]);
                at = change.old.end;
            }
            made.extend(&old[at..]);
            prop_assert_eq!(made, new);
        }
    }
}
