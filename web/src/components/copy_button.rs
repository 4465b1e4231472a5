//! A button that copies a text and says so.

use std::time::Duration;

use yew::prelude::*;

use crate::browser;

/// How long it is seen.
const SEEN: Duration = Duration::from_secs(2);

/// `label` is such as `Copy script`; `say` is given what came of it.
pub fn copy_button(
    id: impl Into<AttrValue>,
    label: impl Into<AttrValue>,
    text: impl Into<AttrValue>,
    say: Callback<String>,
) -> Html {
    let text = text.into();
    let onclick = Callback::from(move |event: MouseEvent| {
        let say = say.clone();
        browser::copy(text.to_string(), move |done| {
            let said = if done {
                browser::mark_for(&event, "data-done", SEEN);
                "Copied"
            } else {
                "The browser does not allow copying here; select the text instead"
            };
            say.emit(said.into());
        });
    });
    html! {
        <button type="button" id={id.into()} class="copy" {onclick}><span>{ label.into() }</span></button>
    }
}
