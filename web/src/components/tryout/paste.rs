//! Where a delivery is pasted: a `curl` command, what a git host's page shows, or a file that was kept.

use std::rc::Rc;

use yew::prelude::*;

use super::dispatch::Dispatch;
use crate::browser;
use crate::state::tryout::{Edit, Refused};

#[derive(Properties, PartialEq)]
pub struct PasteProps {
    /// What should be known of what was pasted last.
    pub remarks: Rc<[String]>,
    pub refused: Option<Refused>,
    pub dispatch: Dispatch,
}

#[component]
pub fn Paste(props: &PasteProps) -> Html {
    let text = use_state(String::new);
    let typed = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(browser::value(&event)))
    };
    let take_text = {
        let (text, dispatch) = (text.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| take(&dispatch, text.to_string()))
    };
    let sign = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Edit::Sign(browser::now().as_secs()));
            // The button goes with the remarks.
            browser::focus_soon("tryout-sign".into());
        })
    };
    let choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            let dispatch = dispatch.clone();
            browser::chosen_file(&event, move |_, bytes| {
                take(&dispatch, String::from_utf8_lossy(&bytes).into_owned());
            });
        })
    };
    html! {
        <>
            <details id="tryout-paste-place" class="paste">
                <summary>{ "Paste a curl command or a delivery" }</summary>
                <label for="tryout-paste">{ "A curl command, or a delivery copied from the git host’s page: its headers and its payload" }</label>
                <textarea
                    id="tryout-paste"
                    rows="6"
                    value={text.to_string()}
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    oninput={typed}
                />
                <div class="buttons">
                    <button type="button" id="tryout-take" onclick={take_text}>{ "Take over and try" }</button>
                    <label for="tryout-kept" class="help">{ "or open a kept delivery.json" }</label>
                    <input id="tryout-kept" type="file" accept=".json,application/json" onchange={choose} />
                </div>
            </details>
            if let Some(Refused::Paste(why)) = &props.refused {
                <p class="fault" id="tryout-refused" role="alert">{ &**why }</p>
            }
            if !props.remarks.is_empty() {
                <div id="tryout-remarks" class="remarks" role="status">
                    <ul>
                        for remark in props.remarks.iter() {
                            <li>{ remark }</li>
                        }
                    </ul>
                    <button type="button" id="tryout-sign-anew" class="quiet" onclick={sign}>{ "Sign it anew" }</button>
                </div>
            }
        </>
    }
}

fn take(dispatch: &Dispatch, text: String) {
    dispatch.dispatch(Edit::Paste(text, browser::now().as_secs()));
}
