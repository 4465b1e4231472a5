//! The buttons that take a change back and do it again.

use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::model::history::Turn;
use crate::state::Action;

/// `undo` and `redo` are what would be taken back and done again.
pub fn undo_buttons(undo: Option<&'static str>, redo: Option<&'static str>, dispatch: &Dispatch) -> Html {
    let button = |id: &'static str, label: &'static str, keys: &str, what: Option<&str>, turn: Turn| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Turn(turn)));
        let title = what.map(|what| format!("{what} ({keys})"));
        html! {
            <button type="button" class="quiet" {id} {title} disabled={what.is_none()} {onclick}>{ label }</button>
        }
    };
    html! {
        <>
            { button("undo", "Undo", "Ctrl+Z", undo, Turn::Undo) }
            { button("redo", "Redo", "Ctrl+Shift+Z", redo, Turn::Redo) }
        </>
    }
}
