//! What a person fills in, and how a change of it is remembered.

use std::rc::Rc;

use pushbox_shared::config;

use super::State;
use crate::model::draft::{Draft, Entry};
use crate::model::edit::{with_page, with_text};
use crate::model::history::{Change, Turn};
use crate::model::suggest;

/// What can be undone: all that a person fills in.
#[derive(Clone, PartialEq)]
pub struct Form {
    pub draft: Rc<Draft>,
    /// As typed.
    pub function_url: Rc<str>,
    /// The chosen kind of app.
    pub preset: &'static str,
}

/// How a change of the form is remembered.
pub(super) enum Step {
    /// A keystroke.
    Typed(Change),
    Done(Change),
    /// Not at all: only the way of writing changes.
    Tidied,
}

impl State {
    pub fn form(&self) -> Form {
        Form {
            draft: Rc::clone(&self.draft),
            function_url: Rc::clone(&self.function_url),
            preset: self.preset,
        }
    }

    /// Whether nobody filled in anything else. It does not look at what is the same draft.
    pub fn is_same_form(&self, other: &State) -> bool {
        Rc::ptr_eq(&self.draft, &other.draft)
            && self.function_url == other.function_url
            && self.preset == other.preset
    }

    /// Takes over what differs, and remembers it.
    pub(super) fn take(&mut self, form: Form, step: Step) {
        let before = self.form();
        if form == before {
            return;
        }
        self.show(form);
        let history = Rc::make_mut(&mut self.history);
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
        self.draft = form.draft;
        self.function_url = form.function_url;
        self.preset = form.preset;
        self.derive();
    }

    pub(super) fn take_draft(&mut self, draft: Draft, step: Step) {
        self.take(Form { draft: Rc::new(draft), ..self.form() }, step);
    }

    pub(super) fn turn(&mut self, turn: Turn) {
        let present = self.form();
        let history = Rc::make_mut(&mut self.history);
        let (turned, done) = match turn {
            Turn::Undo => (history.undo(present), "Undone"),
            Turn::Redo => (history.redo(present), "Done again"),
        };
        match turned {
            Some((change, form)) => {
                self.say(format!("{done}: {}", change.what));
                self.turned = (self.turned.0.wrapping_add(1), Some(change));
                self.show(form);
                self.commit();
            }
            None => self.say("There is nothing more".into()),
        }
    }

    pub(super) fn leave(&mut self, path: &'static str) {
        if !self.visited.contains(&path) {
            Rc::make_mut(&mut self.visited).push(path);
        }
        if let Some(Entry::Text(text)) = self.draft.entry(path) {
            let text = suggest::tidy(path, text);
            let page = (path == "repo.url").then(|| with_page(&self.draft, &text)).flatten();
            let draft = match page {
                Some((draft, said)) => {
                    self.taken = said.as_str().into();
                    self.say(said);
                    draft
                }
                None => with_text(&self.draft, path, &text),
            };
            self.take_draft(draft, Step::Tidied);
        }
        self.pause();
        self.commit();
    }

    pub(super) fn pause(&mut self) {
        Rc::make_mut(&mut self.history).pause();
    }
}

pub(super) fn of_field(path: &'static str) -> Change {
    Change { what: config::field(path).map_or(path, |field| field.label), target: path.into() }
}
