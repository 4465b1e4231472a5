//! How the form and the page's address follow each other, and with what the page begins.

use std::rc::Rc;

use pushbox_shared::config::{self, Problem};

use super::change::Step;
use super::page::{Address, Form, State};
use crate::model::draft::Draft;
use crate::model::history::Change;
use crate::model::link::{self, Link};
use crate::model::tabs::Tab;

impl State {
    /// What the page begins with: the draft that a panic kept, what the link says that it was opened with, or the link of
    /// the draft that a person has kept in this browser.
    pub fn first(panicked: Option<Draft>, fragment: &str, kept: Option<String>) -> State {
        let keeps = kept.is_some();
        let kept = kept.filter(|kept| !kept.is_empty());
        let mut state = match (panicked, kept) {
            (Some(draft), _) => State::new(draft).restored(),
            (None, Some(kept)) if link::is_link(fragment) => {
                let mut state = State::opened(fragment);
                state.kept.offer = (*kept != *state.address.link.text).then(|| kept.into());
                state
            }
            (None, Some(kept)) => State::opened(&kept).restored(),
            (None, None) if link::is_link(fragment) => State::opened(fragment),
            (None, None) => State::default(),
        };
        state.kept.keeps = keeps;
        state
    }

    fn restored(mut self) -> State {
        self.view.said = "Your draft is back".into();
        self.kept.restored = true;
        self
    }

    /// The page opened with a link.
    pub fn opened(fragment: &str) -> State {
        let link::Opened { draft, tab, problems } = link::read(fragment);
        let mut state = State::new(draft);
        state.show_tab(tab.unwrap_or(state.preview.tab));
        state.commit_in_place();
        state.visit_filled();
        state.say(arrived(&problems).into());
        state.view.link_problems = problems.into();
        state
    }

    /// The address follows the form, and Back leads to the one before.
    pub(super) fn commit(&mut self) {
        let link = self.linked();
        if link != self.address.link {
            self.address = Address { link, is_new: true };
        }
    }

    /// The address follows the form, and Back leads to where it led before.
    pub(super) fn commit_in_place(&mut self) {
        let link = self.linked();
        if link != self.address.link {
            self.address = Address { link, is_new: false };
        }
    }

    /// The form's link, by which it can be found again.
    fn linked(&mut self) -> Rc<Link> {
        const MOST: usize = 100;
        let link = Rc::new(link::write(&self.form.draft, self.preview.tab));
        let form = self.form.clone();
        let seen = Rc::make_mut(&mut self.past.seen);
        seen.retain(|(other, _)| other.text != link.text);
        if seen.len() == MOST {
            seen.remove(0);
        }
        seen.push((Rc::clone(&link), form));
        link
    }

    /// The form of a link that came into the address, as it was if the page has shown it, or as the link says.
    pub(super) fn arrive(&mut self, fragment: &str) {
        let fragment = if link::is_link(fragment) { fragment } else { "" };
        let link::Opened { draft, tab, problems } = link::read(fragment);
        let known =
            self.past.seen.iter().find(|(link, _)| link.text == fragment).map(|(_, form)| form.clone());
        let form = known.unwrap_or_else(|| Form { draft: Rc::new(draft), ..self.form.clone() });
        self.show_tab(tab.unwrap_or(Tab::Script));
        self.take(
            form,
            Step::Done(Change { what: "the step through the browser's history", target: "".into() }),
        );
        self.commit_in_place();
        self.address.is_new = false;
        self.visit_filled();
        self.say(arrived(&problems).into());
        self.view.link_problems = problems.into();
    }

    /// Nobody is told of a link that what it does not hold is missing.
    pub(super) fn visit_filled(&mut self) {
        let filled = |path: &&str| self.form.draft.entry(path).is_some() || self.view.visited.contains(path);
        let paths = config::FIELDS.iter().map(|field| field.path);
        self.view.visited = Rc::new(paths.filter(filled).collect());
    }
}

fn arrived(problems: &[Problem]) -> &'static str {
    if problems.is_empty() {
        "The form is as the link says"
    } else {
        "The form is filled in from the link, but not all of it could be read"
    }
}
