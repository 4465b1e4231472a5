//! The parts of the annex that lie in the shell until somebody opens them: steps and tryout, folded, and the dialog of the
//! import. They are apps of their own outside of this one, because two apps of yew must not lie in each other.

use std::rc::Rc;

use js_sys::Function;
use yew::prelude::*;

use crate::annex::{Access, waiting};
use crate::browser::{self, Listener};
use crate::model::pasted::Import;
use crate::state::{Action, Dispatch, State};

/// A part, whose place in the shell is called after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    Steps,
    Tryout,
}

impl Part {
    const ALL: [Part; 2] = [Part::Steps, Part::Tryout];

    fn id(self) -> &'static str {
        match self {
            Part::Steps => "steps",
            Part::Tryout => "tryout",
        }
    }
}

pub struct Doors {
    dispatch: Dispatch,
    take: Function,
    use_repository: Function,
    say: Function,
    _listeners: Vec<Listener>,
}

impl Doors {
    pub fn new(dispatch: &Dispatch) -> Doors {
        let listen = |part: Part| {
            let dispatch = dispatch.clone();
            browser::on_unfold(part.id(), move || dispatch.dispatch(Action::Open(part)))
        };
        let (url, text, import) = (dispatch.clone(), dispatch.clone(), dispatch.clone());
        Doors {
            dispatch: dispatch.clone(),
            take: browser::function(move |taken| take(&import, &taken)),
            use_repository: browser::function(move |found| url.dispatch(Action::Type("repo.url", found))),
            say: browser::function(move |said| text.dispatch(Action::Say(said))),
            _listeners: Part::ALL.into_iter().filter_map(listen).collect(),
        }
    }

    /// What is behind the open doors follows the state; `old` is what it shows now.
    pub fn follow(&self, old: Option<&State>, state: &State) {
        let Access::Open(annex) = &state.annex else { return };
        if let (true, Some(place)) = (state.wants_import, browser::element("import-place")) {
            annex.open_import(&place, &self.take);
            self.dispatch.dispatch(Action::ImportOpened);
        }
        let (json, problems) = (&state.sheet.json, state.sheet.problems.len());
        for part in state.opened.iter() {
            let is_shown = old.is_some_and(|old| {
                old.annex == state.annex
                    && old.opened.contains(part)
                    && old.function_url == state.function_url
                    && Rc::ptr_eq(&old.sheet, &state.sheet)
            });
            let Some(place) = browser::element(&format!("{}-place", part.id())).filter(|_| !is_shown) else {
                continue;
            };
            match part {
                Part::Steps => annex.show_steps(&place, json, problems, &state.function_url, &self.say),
                Part::Tryout => {
                    annex.show_tryout(&place, json, problems, &self.use_repository, &self.say);
                }
            }
        }
    }
}

/// The dialog of the import says what could not be used.
fn take(dispatch: &Dispatch, taken: &str) {
    if let Some(Import { goes, said, draft }) = Import::from_text(taken) {
        // Which variables are secret now is said after this.
        dispatch.dispatch(Action::Say(said));
        dispatch.dispatch(Action::Import(goes, draft));
    }
}

/// What stands behind an open door until the annex is there.
pub fn waiting_rooms(state: &State, again: &Callback<MouseEvent>) -> Html {
    let room = |part: &Part| {
        let place = browser::element(&format!("{}-wait", part.id()))?;
        Some(create_portal(waiting(part.id(), &state.annex, again.clone()), place))
    };
    state.opened.iter().filter_map(room).collect()
}
