//! Which fields a line of an output follows from, found out by trying: the output is made once more with another value of each
//! field, and what then reads otherwise, or is not there, follows from it. Nobody writes that down, so it cannot be out of date.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pushbox_shared::config::{Config, FIELDS};

use super::alter::{marked, marks, others};
use crate::model::diff::{self, Change};

/// What becomes of a line when its field has another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// It is not there, nor are its neighbours: they have a purpose of their own.
    Gone,
    /// It says something else, or goes alone: it says the field's value, or what was made of it.
    Other,
}

/// A field that a line follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    /// `run.port`, or `run.env[2]` for the third entry.
    pub path: String,
    pub fate: Fate,
}

/// What one field does to the lines of an output.
struct Effect {
    field: &'static str,
    entry: Option<usize>,
    lines: BTreeMap<usize, Fate>,
}

/// For each line the fields that it follows from, those first that have the fewest lines: they say most about it.
pub(super) fn causes(config: &Config, render: impl Fn(&Config) -> String) -> Vec<Vec<Cause>> {
    let text = render(config);
    let lines = comparable(&text);
    let mut effects: Vec<Effect> = Vec::new();
    for field in FIELDS {
        let marked = marked(field, config).map(|config| render(&config));
        if let Some(text) = &marked {
            let effect = |(entry, lines)| Effect { field: field.path, entry: Some(entry), lines };
            effects.extend(entries(&lines, &comparable(text)).into_iter().map(effect));
        }
        let mut all = BTreeMap::new();
        for text in others(field, config).iter().map(&render).chain(marked) {
            for (at, fate) in fates(&lines, &comparable(&text)) {
                let known = all.entry(at).or_insert(fate);
                *known = fate.max(*known);
            }
        }
        effects.push(Effect { field: field.path, entry: None, lines: all });
    }
    // Stable, so that an entry comes before its field.
    effects.sort_by_key(|effect| effect.lines.len());
    (0..lines.len()).map(|at| causes_of(at, &effects)).collect()
}

fn causes_of(at: usize, effects: &[Effect]) -> Vec<Cause> {
    let mut fields: Vec<&str> = Vec::new();
    let mut causes = Vec::new();
    for Effect { field, entry, lines } in effects {
        let Some(fate) = lines.get(&at) else { continue };
        let path = match entry {
            Some(entry) => format!("{field}[{entry}]"),
            // Its entries say it better.
            None if fields.contains(field) => continue,
            None => (*field).to_string(),
        };
        fields.push(field);
        causes.push(Cause { path, fate: *fate });
    }
    causes
}

/// Without the comma that a line of JSON has where another follows.
fn comparable(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.strip_suffix(',').unwrap_or(line)).collect()
}

fn fates(old: &[&str], new: &[&str]) -> Vec<(usize, Fate)> {
    let fate = |change: Change| {
        let is_gone = change.new.is_empty();
        let lines = if is_gone { whole_block(old, change.old) } else { change.old };
        let fate = if is_gone && lines.len() > 1 { Fate::Gone } else { Fate::Other };
        lines.map(move |at| (at, fate))
    };
    changes(old, new).into_iter().flat_map(fate).collect()
}

/// The lines of each entry, which have its mark in the new text.
fn entries(old: &[&str], new: &[&str]) -> BTreeMap<usize, BTreeMap<usize, Fate>> {
    let mut entries: BTreeMap<usize, BTreeMap<usize, Fate>> = BTreeMap::new();
    let same_lines = if old.len() == new.len() { new } else { &[] };
    for (at, (_, line)) in old.iter().zip(same_lines).enumerate().filter(|(_, (old, new))| old != new) {
        for entry in marks(line) {
            entries.entry(entry).or_default().insert(at, Fate::Other);
        }
    }
    entries
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
    use pushbox_shared::config::load;

    use super::*;

    fn config(more: &str) -> Config {
        let text = format!(r#"{{"app": "foo", "repo": {{"url": "https://github.com/usil/foo"}}{more}}}"#);
        load(text.as_bytes()).unwrap()
    }

    /// An output of a line each, and what each of them follows from.
    #[track_caller]
    fn check(more: &str, render: fn(&Config) -> String, expected: &[&str]) {
        let causes = causes(&config(more), render);
        let paths = |causes: &Vec<Cause>| {
            let path = |cause: &Cause| match cause.fate {
                Fate::Gone => format!("-{}", cause.path),
                Fate::Other => cause.path.clone(),
            };
            causes.iter().map(path).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(causes.iter().map(paths).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_line_follows_from_what_changes_it() {
        check("", |c| format!("always\nAPP={}\nPORT={}\n", c.app, c.run.port), &["", "app", "run.port"]);
    }

    #[test]
    fn a_line_follows_from_what_it_is_there_for() {
        let render: fn(&Config) -> String =
            |c| if c.box_.subnet.is_some() { "a\nfind\nsubnet\nb\n".into() } else { "a\nb\n".into() };
        check(r#", "box": {"subnet": "subnet-01234567"}"#, render, &["", "-box.subnet", "-box.subnet", ""]);
        check("", render, &["", ""]);
    }

    #[test]
    fn the_field_of_the_fewest_lines_comes_first() {
        check(
            "",
            |c| format!("{0}\n{0}\n{0} {1}\n", c.app, c.box_.region),
            &["app", "app", "box.region app"],
        );
    }

    #[test]
    fn an_entry_has_its_own_lines() {
        let more = r#", "run": {"env": [{"name": "A", "value": "1"}, {"name": "B", "secret": true}]}"#;
        let render: fn(&Config) -> String = |c| {
            let names: Vec<&str> = c.run.env.iter().map(|var| var.name.as_str()).collect();
            format!("[\n{}\n]\nALL={}\n", names.join(",\n"), names.join(" "))
        };
        check(more, render, &["", "run.env[0]", "run.env[1]", "", "run.env[0] run.env[1]"]);
    }

    #[test]
    fn a_comma_is_no_change() {
        let render: fn(&Config) -> String = |c| {
            let more = if c.run.port == 3000 { String::new() } else { format!(",\n{}", c.run.port) };
            format!("always{more}\n")
        };
        check("", render, &[""]);
        check(r#", "run": {"port": 80}"#, render, &["", "run.port"]);
    }

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
        let changed: Vec<usize> = fates(&old, &new).into_iter().map(|(at, _)| at).collect();
        assert_eq!(changed, [1, 2_000, 4_998]);
    }

    proptest! {
        #[test]
        fn the_changes_make_the_new_text_of_the_old_one(
            old in prop::collection::vec("[ab]{1,6}", 0..200),
            new in prop::collection::vec("[ab]{1,6}", 0..200),
        ) {
            let (old, new): (Vec<&str>, Vec<&str>) =
                (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
            let mut made: Vec<&str> = Vec::new();
            let mut at = 0;
            for change in changes(&old, &new) {
                made.extend(&old[at..change.old.start]);
                made.extend(&new[change.new.clone()]);
                at = change.old.end;
            }
            made.extend(&old[at..]);
            prop_assert_eq!(made, new);
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
