//! The files that the form makes, one tab each.

use std::rc::Rc;

use pushbox_shared::user_data::packed;
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::listing::ListingView;
use super::made_download::{Made, MadeDownload};
use super::meter::Meter;
use crate::annex::{Access, use_annex, waiting};
use crate::browser;
use crate::model::amount::grouped;
use crate::model::draft::Row;
use crate::model::sheet::Sheet;
use crate::model::tabs::Tab;
use crate::state::{Action, Dispatch, say};

#[derive(Properties, PartialEq)]
pub struct OutputsProps {
    pub sheet: Rc<Sheet>,
    /// The rows of `run.env`.
    pub rows: Rc<[Row]>,
    pub tab: Tab,
    pub dispatch: Dispatch,
}

#[component]
pub fn Outputs(props: &OutputsProps) -> Html {
    let (annex, again) = use_annex(matches!(props.tab, Tab::Export(_)), &props.dispatch);
    html! {
        <>
            <div class="tabs" role="tablist" aria-label="What the form makes">
                for tab in Tab::all() {
                    { handle(props, tab) }
                }
            </div>
            for tab in Tab::all() {
                <div
                    class="tab-panel"
                    role="tabpanel"
                    id={format!("{}-panel", tab.id())}
                    aria-labelledby={format!("{}-tab", tab.id())}
                    hidden={tab != props.tab}
                >
                    // The others cost time at every keystroke.
                    if tab == props.tab || matches!(tab, Tab::Script | Tab::Config) {
                        { panel(props, tab, &annex, &again) }
                    }
                </div>
            }
        </>
    }
}

/// What a person takes hold of to see the file.
fn handle(props: &OutputsProps, tab: Tab) -> Html {
    let selected = tab == props.tab;
    let onclick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Show(tab)))
    };
    let onkeydown = {
        let dispatch = props.dispatch.clone();
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

fn panel(props: &OutputsProps, tab: Tab, annex: &Access, again: &Callback<MouseEvent>) -> Html {
    let text = match (tab, annex) {
        (Tab::FunctionZip, _) => {
            let button = html! { <MadeDownload id="download-function-zip" made={Made::Tab(tab)} sheet={&props.sheet} /> };
            return with_about(tab, html! { <div class="output-bar">{ button }</div> });
        }
        (Tab::Export(_), _) if !props.sheet.problems.is_empty() => None,
        (Tab::Export(_), Access::Open(annex)) => annex.render(tab.id(), &props.sheet.json).map(Rc::from),
        (Tab::Export(_), annex) => return with_about(tab, waiting("outputs", annex, again.clone())),
        (Tab::Script | Tab::Config, _) => tab.text(&props.sheet),
    };
    let Some(text) = text else {
        return with_about(
            tab,
            html! { <p class="note">{ "It is made when the form has no problem any more." }</p> },
        );
    };
    let download = {
        let text = Rc::clone(&text);
        Callback::from(move |_: MouseEvent| browser::download(tab.file(), &bytes(tab, &text)))
    };
    let content = html! {
        <>
            <div class="output-bar">
                { size(tab, &text, &props.sheet) }
                <div class="actions">
                    <CopyButton
                        id={format!("copy-{}", tab.id())}
                        label={format!("Copy {}", if tab == Tab::Script { "script" } else { tab.file() })}
                        text={Rc::clone(&text)}
                        say={say(&props.dispatch)}
                    />
                    <button type="button" id={format!("download-{}", tab.id())} onclick={download}>{ "Download" }</button>
                </div>
            </div>
            <ListingView
                {tab}
                {text}
                shown={tab == props.tab}
                sheet={&props.sheet}
                rows={&props.rows}
                dispatch={props.dispatch.clone()}
            />
        </>
    };
    with_about(tab, content)
}

fn with_about(tab: Tab, content: Html) -> Html {
    html! {
        <>
            <p class="about">{ tab.about() }</p>
            { content }
        </>
    }
}

/// The bytes of the file, as the command line writes them.
fn bytes(tab: Tab, text: &str) -> Vec<u8> {
    if tab == Tab::Script { packed(text).into_bytes() } else { text.as_bytes().to_vec() }
}

fn size(tab: Tab, text: &str, sheet: &Rc<Sheet>) -> Html {
    if tab == Tab::Script {
        return html! { <Meter {sheet} /> };
    }
    html! { <p class="bytes">{ format!("{} bytes", grouped(text.len())) }</p> }
}
