//! The parts of the annex that lie in the shell until somebody opens them: the cost, steps and tryout, folded, and the dialog of
//! the import. They are apps of their own outside of this one, because two apps of yew must not lie in each other.

use std::rc::Rc;

use js_sys::Function;
use yew::prelude::*;

use crate::annex::{Access, waiting};
use crate::browser::{self, Listener};
use crate::model::pasted::Import;
use crate::state::{Action, Dispatch, State};

/// What the parts that are folded are called in the shell.
const DOORS: [&str; 3] = ["cost", "steps", "tryout"];

pub struct Doors {
    dispatch: Dispatch,
    take: Function,
    use_repository: Function,
    say: Function,
    _listeners: Vec<Listener>,
}

impl Doors {
    pub fn new(dispatch: &Dispatch) -> Doors {
        let listen = |door| {
            let dispatch = dispatch.clone();
            browser::on_unfold(door, move || dispatch.dispatch(Action::Open(door)))
        };
        let (url, text, import) = (dispatch.clone(), dispatch.clone(), dispatch.clone());
        Doors {
            dispatch: dispatch.clone(),
            take: browser::function(move |taken| take(&import, &taken)),
            use_repository: browser::function(move |found| url.dispatch(Action::Type("repo.url", found))),
            say: browser::function(move |said| text.dispatch(Action::Say(said))),
            _listeners: DOORS.into_iter().filter_map(listen).collect(),
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
        for door in state.opened.iter() {
            let is_shown = old.is_some_and(|old| {
                old.annex == state.annex
                    && old.opened.contains(door)
                    && old.function_url == state.function_url
                    && Rc::ptr_eq(&old.sheet, &state.sheet)
            });
            if let Some(place) = browser::element(&format!("{door}-place")).filter(|_| !is_shown) {
                let (url, say) = (&state.function_url, &self.say);
                annex.show(door, &place, json, problems, url, &self.use_repository, say);
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
    let room = |door: &&'static str| {
        let place = browser::element(&format!("{door}-wait"))?;
        Some(create_portal(waiting(door, &state.annex, again.clone()), place))
    };
    state.opened.iter().filter_map(room).collect()
}
