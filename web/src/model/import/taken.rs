//! What a text says, and what of it could not be used.

use pushbox_shared::config::{self, field};

use crate::model::draft::{Draft, Row, next_id};
use crate::model::env_paste::{self, Remark};
use crate::model::secret_names::is_secret_name;

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// Holds only the fields that the text says something of. Which variables are secret is decided in the form, unless the text
    /// gives them no value.
    pub draft: Draft,
    /// What could not be used.
    pub left: Vec<Remark>,
    /// What was taken, but perhaps not as it was meant.
    pub notes: Vec<Remark>,
    /// Where a text describes several apps, their names. The first of them that pushbox could build is taken unless a person says.
    pub choices: Vec<String>,
    /// That which was taken of them.
    pub chosen: String,
}

/// More variables, or lines of a list, than any script has room for.
pub(super) const MOST: usize = 1000;

impl Taken {
    /// Takes a text for a field, if the field takes it.
    pub(super) fn text(&mut self, line: usize, path: &'static str, text: &str) {
        if self.fits(line, path, text) {
            self.draft.set_text(path, text);
        }
    }

    /// Takes one more line of a list.
    pub(super) fn list(&mut self, line: usize, path: &'static str, text: &str) {
        let is_fine = self.fits(line, path, text);
        let old = self.draft.text(path);
        if is_fine && old.lines().count() == MOST {
            self.leave(line, text, "is one more than a script has room for");
        } else if is_fine && !old.lines().any(|old| old == text) {
            let joined = if old.is_empty() { text.into() } else { format!("{old}\n{text}") };
            self.draft.set_text(path, &joined);
        }
    }

    /// In the words of the config's own check.
    fn fits(&mut self, line: usize, path: &'static str, text: &str) -> bool {
        let checked = field(path).map_or(Ok(()), |field| (field.check)(text));
        checked.map_err(|why| self.leave(line, text, why.to_string())).is_ok()
    }

    /// Takes a variable or a build argument; of several of a name the last.
    pub(super) fn pair(&mut self, line: usize, path: &'static str, name: &str, value: &str) {
        if let Err(why) = env_paste::check_name(name) {
            return self.leave(line, name, why);
        }
        if expands(value) {
            self.note(line, name, "is kept as written: nothing is put in the place of its $");
        }
        self.row(line, path, Row::new(0, name, value));
    }

    /// Takes a variable without a value, which only a secret can be.
    pub(super) fn secret(&mut self, line: usize, name: &str) {
        self.row(line, "run.env", Row { secret: true, ..Row::new(0, name, "") });
    }

    fn row(&mut self, line: usize, path: &'static str, row: Row) {
        let rows = self.draft.rows(path);
        if rows.len() == MOST && !rows.iter().any(|other| other.name == row.name) {
            return self.leave(line, &row.name, "is one more than a script has room for");
        }
        let mut rows: Vec<Row> = rows.iter().filter(|other| other.name != row.name).cloned().collect();
        rows.push(Row { id: next_id(&rows), ..row });
        self.draft.set_rows(path, rows);
    }

    /// A variable as `NAME=value`, or as `NAME` alone, whose value is somewhere else.
    pub(super) fn variable(&mut self, line: usize, text: &str) {
        match text.split_once('=') {
            Some((name, value)) => self.pair(line, "run.env", name, value),
            None if is_secret_name(text) => self.secret(line, text),
            None => self.leave(line, text, "has no value here; docker would take it from your shell"),
        }
    }

    pub(super) fn leave(&mut self, line: usize, what: &str, why: impl Into<String>) {
        self.left.push(Remark { line, what: shown(what), why: why.into() });
    }

    pub(super) fn note(&mut self, line: usize, what: &str, why: impl Into<String>) {
        self.notes.push(Remark { line, what: shown(what), why: why.into() });
    }
}

/// Without its quotes: whoever shows it marks it in another way.
pub(super) fn shown(what: &str) -> String {
    let quoted = config::quoted(what);
    quoted.get(1..quoted.len() - 1).unwrap_or(&quoted).to_string()
}

/// Whether a shell, docker or compose would put something in the place of a part of it.
fn expands(text: &str) -> bool {
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "_{(".contains(c));
    text.split('$').skip(1).any(begins)
}
