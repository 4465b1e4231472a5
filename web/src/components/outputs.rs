//! The files that the draft makes, one tab each.

use std::rc::Rc;

use pushbox_shared::user_data::LIMIT;
use yew::prelude::*;

use super::code::Code;
use super::copy_button::CopyButton;
use crate::browser;
use crate::model::amount::grouped;
use crate::model::highlight::Language;
use crate::model::sheet::Sheet;
use crate::state::{Action, Dispatch, Output};

#[derive(Properties, PartialEq)]
pub struct OutputsProps {
    pub sheet: Rc<Sheet>,
    pub output: Output,
    pub dispatch: Dispatch,
}

#[component]
pub fn Outputs(props: &OutputsProps) -> Html {
    html! {
        <>
            <div class="tabs" role="tablist" aria-label="What the form makes">
                for output in Output::ALL {
                    { tab(props, output) }
                }
            </div>
            for output in Output::ALL {
                <div
                    class="tab-panel"
                    role="tabpanel"
                    id={format!("{}-panel", output.id())}
                    aria-labelledby={format!("{}-tab", output.id())}
                    hidden={output != props.output}
                >
                    { panel(props, output) }
                </div>
            }
        </>
    }
}

fn tab(props: &OutputsProps, output: Output) -> Html {
    let selected = output == props.output;
    let onclick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Show(output)))
    };
    let onkeydown = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = neighbour(output, &event.key()) {
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
            id={format!("{}-tab", output.id())}
            aria-selected={selected.to_string()}
            aria-controls={format!("{}-panel", output.id())}
            tabindex={if selected { "0" } else { "-1" }}
            {onclick}
            {onkeydown}
        >
            { output.label() }
        </button>
    }
}

/// Where an arrow key leads from a tab.
fn neighbour(output: Output, key: &str) -> Option<Output> {
    let all = Output::ALL;
    let at = all.iter().position(|other| *other == output)?;
    let next = match key {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at + all.len() - 1,
        "Home" => 0,
        "End" => all.len() - 1,
        _ => return None,
    };
    all.get(next % all.len()).copied()
}

fn panel(props: &OutputsProps, output: Output) -> Html {
    let (text, language, copy, label) = match output {
        Output::Script => (&props.sheet.script, Language::Bash, "copy-script", "Copy script"),
        Output::Config => (&props.sheet.json, Language::Json, "copy-json", "Copy pushbox.json"),
    };
    let text = AttrValue::from(text.clone());
    html! {
        <>
            <div class="output-bar">
                { size(output, &props.sheet) }
                <CopyButton id={copy} {label} text={&text} dispatch={props.dispatch.clone()} />
            </div>
            <Code id={output.id()} label={output.label()} {text} {language} />
        </>
    }
}

fn size(output: Output, sheet: &Sheet) -> Html {
    match output {
        Output::Script => {
            let bytes = sheet.user_data_bytes();
            let class = classes!("bytes", (bytes > LIMIT).then_some("over"));
            html! {
                <p {class} id="script-size">
                    <meter min="0" max={LIMIT.to_string()} high="15000" value={bytes.to_string()} aria-label="Size of the user data" />
                    { sheet.size() }
                </p>
            }
        }
        Output::Config => html! { <p class="bytes">{ format!("{} bytes", grouped(sheet.json.len())) }</p> },
    }
}
