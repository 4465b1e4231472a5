//! One environment variable or build argument.

use yew::prelude::*;

use crate::browser;
use crate::dispatch::Dispatch;
use crate::model::draft::Row;
use crate::model::secret_names::looks_secret;
use crate::state::{Action, RowEdit};

#[derive(Properties, PartialEq)]
pub struct RowProps {
    pub path: &'static str,
    /// From 0, as in the ids of its widgets.
    pub at: usize,
    pub row: Row,
    pub faults: Vec<String>,
    pub dispatch: Dispatch,
}

pub struct RowEditor;

impl Component for RowEditor {
    type Message = ();
    type Properties = RowProps;

    fn create(_: &Context<RowEditor>) -> RowEditor {
        RowEditor
    }

    fn view(&self, context: &Context<RowEditor>) -> Html {
        row(context.props())
    }
}

fn row(props: &RowProps) -> Html {
    let RowProps { path, at, row, faults, dispatch } = props;
    let (path, row_id) = (*path, row.id);
    let id = |part: &str| format!("{path}[{at}].{part}");
    let edit = |edit: fn(String) -> RowEdit| {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            dispatch.dispatch(Action::EditRow(path, row_id, edit(browser::value(&event))));
        })
    };
    let leave = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: FocusEvent| {
            let dispatch = dispatch.clone();
            browser::once_released(move || dispatch.dispatch(Action::LeaveRow(path, row_id)));
        })
    };
    let secret = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let secret = RowEdit::Secret(browser::checked(&event));
            dispatch.dispatch(Action::EditRow(path, row_id, secret));
        })
    };
    let remove = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::RemoveRow(path, row_id));
            browser::focus_soon(format!("{path}-add"));
        })
    };
    let is_env = path == "run.env";
    let what = if is_env { "variable" } else { "argument" };
    let hint = (is_env && !row.decided && looks_secret(&row.name, &row.value)).then(|| hint(row));
    let invalid = (!faults.is_empty()).then_some("true");
    let described_by = (!faults.is_empty() || hint.is_some()).then(|| id("note"));
    let rows = row.value.split('\n').count().clamp(1, 12).to_string();
    html! {
        <div class="row" role="group" aria-label={format!("{what} {}", at + 1)}>
            <label class="sr" for={id("name")}>{ format!("Name of {what} {}", at + 1) }</label>
            <input
                id={id("name")}
                class="name"
                type="text"
                value={row.name.to_string()}
                placeholder="NAME"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid={invalid}
                aria-describedby={described_by.clone()}
                oninput={edit(RowEdit::Name)}
                onblur={&leave}
            />
            if row.secret {
                <p class="kept-secret">{ "in Parameter Store" }</p>
            } else {
                <label class="sr" for={id("value")}>{ format!("Value of {what} {}", at + 1) }</label>
                <textarea
                    id={id("value")}
                    class="value"
                    {rows}
                    value={row.value.to_string()}
                    placeholder="value"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-describedby={described_by}
                    oninput={edit(RowEdit::Value)}
                    onblur={leave}
                />
            }
            if is_env {
                <label class="secret" for={id("secret")}>
                    <input id={id("secret")} type="checkbox" checked={row.secret} onchange={secret} />
                    { "secret" }
                </label>
            }
            <button
                type="button"
                class="remove"
                id={id("remove")}
                aria-label={format!("Remove {what} {} {}", at + 1, row.name)}
                title={format!("Remove this {what}")}
                onclick={remove}
            >
                <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg>
            </button>
            if !faults.is_empty() || hint.is_some() {
                <div class="row-note" id={id("note")}>
                    for fault in faults {
                        <p class="fault">{ fault }</p>
                    }
                    if let Some(hint) = hint {
                        <p class="hint">{ hint }</p>
                    }
                </div>
            }
        </div>
    }
}

fn hint(row: &Row) -> &'static str {
    match (row.secret, row.value.is_empty()) {
        (false, _) => "Looks like a secret: tick secret to keep its value out of config, script and link.",
        (true, true) => {
            "Looks like a secret, so its value is not written anywhere: the installer asks for it. Untick secret if it is none."
        }
        (true, false) => {
            "Looks like a secret, so the value that you typed is not written anywhere: the installer asks for it. Untick secret if it is none, and the value is back."
        }
    }
}
