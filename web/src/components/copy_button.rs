//! A button that copies a text and says so.

use std::time::Duration;

use yew::prelude::*;

use crate::browser;

#[derive(Properties, PartialEq)]
pub struct CopyButtonProps {
    pub id: AttrValue,
    /// `Copy script`
    pub label: AttrValue,
    pub text: AttrValue,
    /// Is given what came of it.
    pub say: Callback<String>,
}

#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let copied = use_state(|| false);
    let onclick = {
        let (copied, text, say) = (copied.clone(), props.text.clone(), props.say.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, say) = (copied.clone(), say.clone());
            browser::copy(text.to_string(), move |done| {
                let said = if done {
                    "Copied"
                } else {
                    "The browser does not allow copying here; select the text instead"
                };
                say.emit(said.into());
                if done {
                    copied.set(true);
                    browser::after(Duration::from_secs(2), move || copied.set(false));
                }
            });
        })
    };
    html! {
        <button type="button" id={&props.id} class={classes!("copy", copied.then_some("done"))} {onclick}>
            { if *copied { "Copied".into() } else { props.label.clone() } }
        </button>
    }
}
