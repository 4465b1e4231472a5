//! The rows of variables and build arguments.

use std::rc::Rc;

use super::change::{Step, of_field};
use super::page::State;
use crate::model::draft::{Draft, Row, next_id};
use crate::model::edit::{RowEdit, edit_row};
use crate::model::history::Change;
use crate::model::secret_names::holds_password;

impl State {
    pub(super) fn add_row(&mut self, path: &'static str) {
        let mut rows = self.form.draft.rows(path).to_vec();
        let step = Step::Done(of_row(path, rows.len(), "name"));
        rows.push(Row::new(next_id(&rows), "", ""));
        self.take_rows(path, rows, step);
    }

    pub(super) fn edit_row(&mut self, path: &'static str, id: u32, edit: RowEdit) {
        let mut rows = self.form.draft.rows(path).to_vec();
        if let Some((at, row)) = rows.iter_mut().enumerate().find(|(_, row)| row.id == id) {
            let step = step_of_row(path, at, &edit);
            let was_secret = row.secret;
            edit_row(path, row, edit);
            let marked = !was_secret && row.secret && !row.decided;
            let name = Rc::clone(&row.name);
            self.take_rows(path, rows, step);
            if marked {
                self.say_marked(&[name]);
            }
        }
    }

    pub(super) fn remove_row(&mut self, path: &'static str, id: u32) {
        let mut rows = self.form.draft.rows(path).to_vec();
        if let Some(at) = rows.iter().position(|row| row.id == id) {
            rows.remove(at);
            self.take_rows(path, rows, Step::Done(of_row(path, at, "name")));
        }
    }

    /// A URL with a password makes its variable a secret once it is typed. Whoever undoes that has decided.
    pub(super) fn mark_value(&mut self, path: &'static str, id: u32) {
        let mut rows = self.form.draft.rows(path).to_vec();
        let found = rows.iter_mut().enumerate().find(|(_, row)| row.id == id);
        let Some((at, row)) = found.filter(|(_, row)| path == "run.env" && !row.decided && !row.secret)
        else {
            return;
        };
        if !holds_password(&row.value) {
            return;
        }
        let mut marked = rows.clone();
        rows[at].decided = true;
        marked[at].secret = true;
        let name = Rc::clone(&marked[at].name);
        self.take_rows(path, rows, Step::Tidied);
        self.take_rows(path, marked, Step::Done(of_row(path, at, "secret")));
        self.say_marked(&[name]);
    }

    pub(super) fn say_marked(&mut self, names: &[Rc<str>]) {
        self.say(format!("Marked secret, so that the value is not written anywhere: {}", names.join(", ")));
    }

    fn take_rows(&mut self, path: &'static str, rows: Vec<Row>, step: Step) {
        let mut draft = Draft::clone(&self.form.draft);
        draft.set_rows(path, rows);
        self.take_draft(draft, step);
    }
}

/// `at` counts from 0.
fn of_row(path: &'static str, at: usize, part: &str) -> Change {
    Change { target: format!("{path}[{at}].{part}").into(), ..of_field(path) }
}

fn step_of_row(path: &'static str, at: usize, edit: &RowEdit) -> Step {
    match edit {
        RowEdit::Name(_) => Step::Typed(of_row(path, at, "name")),
        RowEdit::Value(_) => Step::Typed(of_row(path, at, "value")),
        RowEdit::Secret(_) => Step::Done(of_row(path, at, "secret")),
    }
}
