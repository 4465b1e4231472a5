//! The one place where changes are said to people who cannot see them: politely, and not at every keystroke. What just
//! happened and what became of the script are two regions, so that neither drives the other out before it is heard.

use yew::prelude::*;

use crate::state::State;

pub fn status(state: &State) -> Html {
    html! {
        <>
            <p id="status" class="sr" role="status" aria-live="polite">{ &*state.view.said }</p>
            <p id="script-status" class="sr" role="status" aria-live="polite">{ &*state.preview.settled.said }</p>
        </>
    }
}
