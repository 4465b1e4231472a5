//! The box to paste variables into. It says what it would take over, what not, and why, before anything is taken over.

use yew::prelude::*;

use crate::annex::{Access, use_annex, waiting};
use crate::browser;
use crate::model::draft::Row;
use crate::model::env_paste::{Pasted, Remark, merge};
use crate::state::{Action, Dispatch};

/// A longer list helps nobody.
const SHOWN: usize = 50;

/// No script has room for more.
const MOST: usize = 1000;

#[derive(Properties, PartialEq)]
pub struct EnvPasteProps {
    pub rows: Vec<Row>,
    pub dispatch: Dispatch,
}

#[component]
pub fn EnvPaste(props: &EnvPasteProps) -> Html {
    let text = use_state(String::new);
    let unfolded = use_state_eq(|| false);
    let (annex, again) = use_annex(*unfolded, &props.dispatch);
    let pasted = use_memo((text.clone(), annex.clone()), |(text, annex)| match annex {
        Access::Open(annex) if !text.is_empty() => Pasted::from_text(&annex.read_variables(text)),
        _ => Pasted::default(),
    });
    let ontoggle = Callback::from(move |_: Event| unfolded.set(true));
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(browser::value(&event)))
    };
    let take = {
        let (text, pasted, rows, dispatch) =
            (text.clone(), pasted.clone(), props.rows.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            // Which of them are secret now is said after this.
            dispatch.dispatch(Action::Say(format!("{} taken over", variables(pasted.vars.len()))));
            dispatch
                .dispatch(Action::SetRows("run.env", merge(&rows, pasted.vars.iter().map(|var| var.row(0)))));
            dispatch.dispatch(Action::Leave("run.env"));
            text.set(String::new());
            browser::focus_soon("env-paste".into());
        })
    };
    html! {
        <details class="paste" {ontoggle}>
            <summary>{ "Paste variables" }</summary>
            <label for="env-paste">{ "A .env file, export lines, or a docker run command" }</label>
            <textarea
                id="env-paste"
                rows="5"
                value={text.to_string()}
                placeholder={"# .env\nLOG_LEVEL=info\nexport GREETING=\"hello world\"\ndocker run -e CACHE=on …"}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby="env-paste-result"
                {oninput}
            />
            <div id="env-paste-result" class="paste-result">
                if matches!(annex, Access::Failed(_)) || !(text.is_empty() || matches!(annex, Access::Open(_))) {
                    { waiting("env-paste", &annex, again) }
                } else if !text.is_empty() {
                    { found(&pasted) }
                    if pasted.vars.len() > MOST {
                        <p class="fault">{ format!("expected at most {MOST} variables, which is more than a script has room for; paste fewer") }</p>
                    }
                    { remarks("Not taken over", "env-ignored", &pasted.ignored) }
                    { remarks("Worth a look", "env-notes", &pasted.notes) }
                }
            </div>
            <button type="button" id="env-paste-add" onclick={take} disabled={pasted.vars.is_empty() || pasted.vars.len() > MOST}>
                { if pasted.vars.is_empty() { "Take over".into() } else { format!("Take over {}", variables(pasted.vars.len())) } }
            </button>
        </details>
    }
}

fn found(pasted: &Pasted) -> Html {
    let names: Vec<&str> = pasted.vars.iter().take(SHOWN).map(|var| var.name.as_str()).collect();
    let more = if pasted.vars.len() > SHOWN { ", …" } else { "" };
    html! {
        <p id="env-found">
            <strong>{ variables(pasted.vars.len()) }</strong>
            if !names.is_empty() {
                { ": " }<code>{ names.join(", ") }</code>{ more }
            }
        </p>
    }
}

/// Each with its line.
pub(super) fn remarks(title: &'static str, id: &'static str, remarks: &[Remark]) -> Html {
    if remarks.is_empty() {
        return Html::default();
    }
    html! {
        <div class="remarks" {id}>
            <p>{ format!("{title} ({})", remarks.len()) }</p>
            <ul>
                for Remark { line, what, why } in remarks.iter().take(SHOWN) {
                    <li>{ format!("Line {line}: ") }<code>{ what }</code>{ format!(" {why}") }</li>
                }
                if remarks.len() > SHOWN {
                    <li>{ format!("and {} more", remarks.len() - SHOWN) }</li>
                }
            </ul>
        </div>
    }
}

fn variables(count: usize) -> String {
    match count {
        0 => "No variable".into(),
        1 => "1 variable".into(),
        count => format!("{count} variables"),
    }
}
