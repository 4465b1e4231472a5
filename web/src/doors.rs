//! The parts of the annex that lie in the shell until somebody opens them: the cost, steps and tryout, folded, and the dialog of
//! the import. They are apps of their own outside of this one, because two apps of yew must not lie in each other.

use std::rc::Rc;

use js_sys::Function;
use yew::prelude::*;

use crate::annex;
use crate::browser::{self, Listener};
use crate::components::waiting::waiting;
use crate::dispatch::Dispatch;
use crate::model::door::{Behind, Door};
use crate::model::pasted::Import;
use crate::state::{Access, Action, State};

pub struct Doors {
    dispatch: Dispatch,
    take: Function,
    use_repository: Function,
    say: Function,
    _listeners: Vec<Listener>,
}

impl Doors {
    pub fn new(dispatch: &Dispatch) -> Doors {
        let listen = |door: Door| {
            let dispatch = dispatch.clone();
            browser::on_unfold(door.id(), move || dispatch.dispatch(Action::Open(door)))
        };
        let (url, text, import) = (dispatch.clone(), dispatch.clone(), dispatch.clone());
        Doors {
            dispatch: dispatch.clone(),
            take: browser::function(move |taken| take(&import, &taken)),
            use_repository: browser::function(move |found| url.dispatch(Action::Type("repo.url", found))),
            say: browser::function(move |said| text.dispatch(Action::Say(said))),
            _listeners: Door::ALL.into_iter().filter_map(listen).collect(),
        }
    }

    /// What is behind the open doors follows the state; `old` is what it shows now.
    pub fn follow(&self, old: Option<&State>, state: &State) {
        let Some(annex) = annex::opened().filter(|_| state.annex.access == Access::Open) else { return };
        if let (true, Some(place)) = (state.annex.wants_import, browser::element("import-place")) {
            annex.open_import(&place, &self.take);
            self.dispatch.dispatch(Action::ImportOpened);
        }
        let sheet = &state.preview.sheet;
        for door in state.annex.opened.iter() {
            let is_shown = old.is_some_and(|old| {
                old.annex.access == state.annex.access
                    && old.annex.opened.contains(door)
                    && old.form.function_url == state.form.function_url
                    && Rc::ptr_eq(&old.preview.sheet, sheet)
            });
            let place = browser::element(&format!("{}-place", door.id()));
            if let Some(place) = place.filter(|_| !is_shown) {
                let behind = Behind {
                    door: *door,
                    config: &sheet.json,
                    problems: sheet.problems.len(),
                    function_url: &state.form.function_url,
                };
                if let Err(why) = annex.show(&behind, &place, &self.use_repository, &self.say) {
                    self.dispatch.dispatch(Action::Shut(*door, why));
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

/// What stands behind an open door until the annex is there, or where the annex cannot show it.
pub fn waiting_rooms(state: &State, again: &Callback<MouseEvent>) -> Html {
    let room = |door: &Door| {
        let place = browser::element(&format!("{}-wait", door.id()))?;
        let shut = state.annex.shut.as_ref().filter(|(shut, _)| shut == door);
        let room = match shut {
            Some((_, why)) => html! { <p class="note fault">{ &**why }</p> },
            None => waiting(door.id(), &state.annex.access, again.clone()),
        };
        Some(create_portal(room, place))
    };
    state.annex.opened.iter().filter_map(room).collect()
}
