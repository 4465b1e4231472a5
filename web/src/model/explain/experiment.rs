//! Which fields a line of an output follows from, found out by trying: the output is made once more with another value of each
//! field, and what then reads otherwise, or is not there, follows from it. Nobody writes that down, so it cannot be out of date.

use std::collections::BTreeMap;

use pushbox_shared::config::{Config, FIELDS};

use super::alter::{marked, marks, others};
use super::compare::{Whole, comparable};
use crate::model::diff::Change;

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
pub(super) fn causes(config: &Config, render: impl Fn(Config) -> String) -> Vec<Vec<Cause>> {
    let text = render(config.clone());
    let whole = Whole::of(&text);
    let mut effects: Vec<Effect> = Vec::new();
    for field in FIELDS {
        let marked = marked(field, config).map(&render);
        if let Some(text) = &marked {
            let effect = |(entry, lines)| Effect { field: field.path, entry: Some(entry), lines };
            effects.extend(entries(&whole.lines, &comparable(text)).into_iter().map(effect));
        }
        let mut all = BTreeMap::new();
        for text in others(field, config).into_iter().map(&render).chain(marked) {
            for Change { old, new } in whole.changes(&text) {
                let fate = if new.is_empty() && old.len() > 1 { Fate::Gone } else { Fate::Other };
                for at in old {
                    let known = all.entry(at).or_insert(fate);
                    *known = fate.max(*known);
                }
            }
        }
        effects.push(Effect { field: field.path, entry: None, lines: all });
    }
    // Stable, so that an entry comes before its field.
    effects.sort_by_key(|effect| effect.lines.len());
    by_line(whole.lines.len(), &effects)
}

fn by_line(count: usize, effects: &[Effect]) -> Vec<Vec<Cause>> {
    let mut lines: Vec<Vec<Cause>> = vec![Vec::new(); count];
    for Effect { field, entry, lines: its_own } in effects {
        let path = entry.map_or_else(|| (*field).into(), |entry| format!("{field}[{entry}]"));
        let start = format!("{field}[");
        for (at, fate) in its_own {
            let Some(causes) = lines.get_mut(*at) else { continue };
            // What is said of an entry says more than what is said of its list.
            if entry.is_some() || !causes.iter().any(|cause| cause.path.starts_with(&start)) {
                causes.push(Cause { path: path.clone(), fate: *fate });
            }
        }
    }
    lines
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

#[cfg(test)]
mod tests {
    use pushbox_shared::checked::load;

    use super::*;

    fn config(more: &str) -> Config {
        let text = format!(r#"{{"app": "foo", "repo": {{"url": "https://github.com/usil/foo"}}{more}}}"#);
        load(text.as_bytes()).unwrap()
    }

    /// An output of a line each, and what each of them follows from.
    #[track_caller]
    fn check(more: &str, render: fn(Config) -> String, expected: &[&str]) {
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
        let render: fn(Config) -> String =
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
        let render: fn(Config) -> String = |c| {
            let names: Vec<&str> = c.run.env.iter().map(|var| var.name.as_str()).collect();
            format!("[\n{}\n]\nALL={}\n", names.join(",\n"), names.join(" "))
        };
        check(more, render, &["", "run.env[0]", "run.env[1]", "", "run.env[0] run.env[1]"]);
    }

    #[test]
    fn a_comma_is_no_change() {
        let render: fn(Config) -> String = |c| {
            let more = if c.run.port == 3000 { String::new() } else { format!(",\n{}", c.run.port) };
            format!("always{more}\n")
        };
        check("", render, &[""]);
        check(r#", "run": {"port": 80}"#, render, &["", "run.port"]);
    }
}
