//! What is shown until the annex is there.

use yew::prelude::*;

use crate::state::Access;

/// What stands where something of the annex will be. The ids begin with that word.
pub fn waiting(id: &str, access: &Access, again: Callback<MouseEvent>) -> Html {
    match access {
        Access::NotAsked | Access::Fetching => html! { <p class="note">{ "Loading…" }</p> },
        Access::Failed(why) => html! {
            <div class="note" id={format!("{id}-failed")}>
                <p class="fault">{ &**why }</p>
                <button type="button" id={format!("{id}-again")} onclick={again}>{ "Try again" }</button>
            </div>
        },
        Access::Open => Html::default(),
    }
}
