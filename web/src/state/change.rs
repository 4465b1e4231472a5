//! How a change of the form is made and remembered.

use std::rc::Rc;

use pushbox_shared::config;

use super::page::{Form, State};
use crate::model::draft::{Draft, Entry};
use crate::model::edit::{with_page, with_text};
use crate::model::history::{Change, Turn};
use crate::model::suggest;

/// How a change of the form is remembered.
pub(super) enum Step {
    /// A keystroke.
    Typed(Change),
    Done(Change),
    /// Not at all: only the way of writing changes.
    Tidied,
}

impl State {
    /// Whether nobody filled in anything else. It does not look at what is the same draft.
    pub fn is_same_form(&self, other: &State) -> bool {
        Rc::ptr_eq(&self.form.draft, &other.form.draft)
            && self.form.function_url == other.form.function_url
            && self.form.preset == other.form.preset
    }

    /// Takes over what differs, and remembers it.
    pub(super) fn take(&mut self, form: Form, step: Step) {
        let before = self.form.clone();
        if form == before {
            return;
        }
        self.show(form);
        let history = Rc::make_mut(&mut self.past.history);
        match step {
            Step::Typed(change) => history.typed(change, before),
            Step::Done(change) => {
                history.done(change, before);
                self.commit();
            }
            Step::Tidied => {}
        }
    }

    fn show(&mut self, form: Form) {
        self.form = form;
        self.derive();
    }

    pub(super) fn take_draft(&mut self, draft: Draft, step: Step) {
        self.take(Form { draft: Rc::new(draft), ..self.form.clone() }, step);
    }

    pub(super) fn turn(&mut self, turn: Turn) {
        let present = self.form.clone();
        let history = Rc::make_mut(&mut self.past.history);
        let (turned, done) = match turn {
            Turn::Undo => (history.undo(present), "Undone"),
            Turn::Redo => (history.redo(present), "Done again"),
        };
        match turned {
            Some((change, form)) => {
                self.say(format!("{done}: {}", change.what));
                self.past.turned = (self.past.turned.0.wrapping_add(1), Some(change));
                self.show(form);
                self.commit();
            }
            None => self.say("There is nothing more".into()),
        }
    }

    pub(super) fn leave(&mut self, path: &'static str) {
        if !self.view.visited.contains(&path) {
            Rc::make_mut(&mut self.view.visited).push(path);
        }
        if let Some(Entry::Text(text)) = self.form.draft.entry(path) {
            let text = suggest::tidy(path, text);
            let page = (path == "repo.url").then(|| with_page(&self.form.draft, &text)).flatten();
            let draft = match page {
                Some((draft, said)) => {
                    self.view.taken = said.as_str().into();
                    self.say(said);
                    draft
                }
                None => with_text(&self.form.draft, path, &text),
            };
            self.take_draft(draft, Step::Tidied);
        }
        self.pause();
        self.commit();
    }

    pub(super) fn pause(&mut self) {
        Rc::make_mut(&mut self.past.history).pause();
    }
}

pub(super) fn of_field(path: &'static str) -> Change {
    Change { what: config::field(path).map_or(path, |field| field.label), target: path.into() }
}
