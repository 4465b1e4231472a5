//! The files that the form makes, one tab each.

use std::rc::Rc;

use pushbox_shared::user_data::packed;
use yew::prelude::*;

use super::copy_button::copy_button;
use super::listing::ListingView;
use super::made_download::{FUNCTION_ZIP, Made};
use super::meter::meter;
use super::waiting::waiting;
use crate::annex;
use crate::browser;
use crate::dispatch::{Dispatch, say};
use crate::model::amount::grouped;
use crate::model::tabs::Tab;
use crate::state::{Access, Action, State};

pub fn outputs(state: &State, dispatch: &Dispatch) -> Html {
    html! {
        <>
            <div class="tabs" role="tablist" aria-label="What the form makes">
                for tab in Tab::all() {
                    { handle(tab, tab == state.preview.tab, dispatch) }
                }
            </div>
            for tab in Tab::all() {
                <div
                    class="tab-panel"
                    role="tabpanel"
                    id={format!("{}-panel", tab.id())}
                    aria-labelledby={format!("{}-tab", tab.id())}
                    hidden={tab != state.preview.tab}
                >
                    // The others cost time at every keystroke.
                    if tab == state.preview.tab || matches!(tab, Tab::Script | Tab::Config) {
                        <p class="about">{ tab.about() }</p>
                        { panel(tab, state, dispatch) }
                    }
                </div>
            }
        </>
    }
}

/// What a person takes hold of to see the file.
fn handle(tab: Tab, selected: bool, dispatch: &Dispatch) -> Html {
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Show(tab)))
    };
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = tab.neighbour(&event.key()) {
                event.prevent_default();
                dispatch.dispatch(Action::Show(next));
                browser::focus(&format!("{}-tab", next.id()));
            }
        })
    };
    html! {
        <button
            type="button"
            role="tab"
            id={format!("{}-tab", tab.id())}
            aria-selected={selected.to_string()}
            aria-controls={format!("{}-panel", tab.id())}
            tabindex={if selected { "0" } else { "-1" }}
            {onclick}
            {onkeydown}
        >
            { tab.label() }
        </button>
    }
}

fn panel(tab: Tab, state: &State, dispatch: &Dispatch) -> Html {
    let sheet = &state.preview.sheet;
    let text = match (tab, &state.annex.access) {
        (Tab::FunctionZip, _) => {
            let button = made_button(FUNCTION_ZIP, "download-function-zip", state, dispatch);
            return html! { <div class="output-bar">{ button }</div> };
        }
        (Tab::Export(_), _) if !sheet.problems.is_empty() => None,
        (Tab::Export(_), Access::Open) => {
            annex::opened().and_then(|annex| annex.render(tab.id(), &sheet.json)).map(Rc::from)
        }
        (Tab::Export(_), access) => return waiting("outputs", access, again(dispatch)),
        (Tab::Script | Tab::Config, _) => tab.text(sheet),
    };
    let Some(text) = text else {
        return html! { <p class="note">{ "It is made when the form has no problem any more." }</p> };
    };
    let download = {
        let text = Rc::clone(&text);
        Callback::from(move |_: MouseEvent| browser::download(tab.file(), &bytes(tab, &text)))
    };
    let copy = format!("Copy {}", if tab == Tab::Script { "script" } else { tab.file() });
    html! {
        <>
            <div class="output-bar">
                if tab == Tab::Script {
                    { meter(state.preview.settled.size_of(sheet)) }
                } else {
                    <p class="bytes">{ format!("{} bytes", grouped(text.len())) }</p>
                }
                <div class="actions">
                    { copy_button(format!("copy-{}", tab.id()), copy, Rc::clone(&text), say(dispatch)) }
                    <button type="button" id={format!("download-{}", tab.id())} onclick={download}>{ "Download" }</button>
                </div>
            </div>
            <ListingView
                {tab}
                {text}
                shown={tab == state.preview.tab}
                {sheet}
                rows={state.form.draft.rows("run.env")}
                dispatch={dispatch.clone()}
            />
        </>
    }
}

/// Asks for the annex.
pub fn again(dispatch: &Dispatch) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.dispatch(Action::NeedAnnex))
}

/// The bytes of the file, as the command line writes them.
fn bytes(tab: Tab, text: &str) -> Vec<u8> {
    if tab == Tab::Script { packed(text).into_bytes() } else { text.as_bytes().to_vec() }
}

/// A button that has the annex make a file.
pub fn made_button(made: Made, id: &'static str, state: &State, dispatch: &Dispatch) -> Html {
    let said = state.annex.made.as_ref().filter(|(of, _)| *of == made.id).map_or("", |(_, said)| said);
    let (sheet, dispatch) = (Rc::clone(&state.preview.sheet), dispatch.clone());
    let onclick = Callback::from(move |_| {
        let (sheet, dispatch) = (Rc::clone(&sheet), dispatch.clone());
        dispatch.dispatch(Action::Made(made.id, "Loading…".into()));
        browser::spawn(async move {
            let bytes = annex::make(made.id, &sheet.json, sheet.function_url.as_deref()).await;
            dispatch.dispatch(Action::Made(made.id, made.save(bytes)));
        });
    });
    made.button(id, state.preview.sheet.problems.len(), said, onclick)
}
