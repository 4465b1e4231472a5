//! A button that opens the import.

use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::state::Action;

/// Opens the dialog that takes over anything a person has at hand.
pub fn import_button(id: &'static str, label: &'static str, dispatch: &Dispatch) -> Html {
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::OpenImport));
    html! { <button type="button" {id} class="quiet" {onclick}>{ label }</button> }
}
