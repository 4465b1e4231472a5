//! The choice to keep the draft in this browser, and the draft that was kept when a link took its place.

use yew::prelude::*;

use crate::browser;
use crate::dispatch::Dispatch;
use crate::state::Action;

pub fn keep_draft(keeps: bool, dispatch: &Dispatch) -> Html {
    let dispatch = dispatch.clone();
    let onchange =
        Callback::from(move |event: Event| dispatch.dispatch(Action::Keep(browser::checked(&event))));
    html! {
        <div class="field flag keep">
            <input id="keep-draft" type="checkbox" checked={keeps} aria-describedby="keep-draft-help" {onchange} />
            <label for="keep-draft">{ "Keep this draft in this browser" }</label>
            <p class="help" id="keep-draft-help">{ "As the link has it, so without secrets. Untick it and nothing is kept." }</p>
        </div>
    }
}

/// The page was opened with a link although a draft was kept.
pub fn offer(dispatch: &Dispatch) -> Html {
    let button = |id: &'static str, label: &'static str, take: bool| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::Offer(take));
            browser::focus_soon("repo.url".into());
        });
        html! { <button type="button" {id} {onclick}>{ label }</button> }
    };
    html! {
        <section id="kept" class="notice" aria-label="Your draft">
            <p>{ "The form shows the link that you opened. Your own draft is still kept in this browser." }</p>
            <div class="actions">
                { button("take-kept", "Get my draft back", true) }
                { button("drop-kept", "Keep this one instead", false) }
            </div>
        </section>
    }
}
