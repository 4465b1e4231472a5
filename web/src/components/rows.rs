//! Environment variables or build arguments, row by row.

use pushbox_shared::config;
use yew::prelude::*;

use super::fault::Fault;
use super::import_button::import_button;
use super::row::RowEditor;
use crate::browser;
use crate::dispatch::Dispatch;
use crate::model::draft::Row;
use crate::state::Action;

/// More would make typing slow, and no script has room for their values.
const SHOWN: usize = 1000;

/// `path` is `run.env` or `build.args`.
pub fn rows(path: &'static str, rows: &[Row], faults: &[Fault], dispatch: &Dispatch) -> Html {
    let Some(field) = config::field(path) else { return Html::default() };
    let is_env = path == "run.env";
    let add = {
        let (dispatch, next) = (dispatch.clone(), rows.len());
        Callback::from(move |_| {
            dispatch.dispatch(Action::AddRow(path));
            browser::focus_soon(format!("{path}[{next}].name"));
        })
    };
    let of_row = |at: usize| -> Vec<String> {
        let own = faults.iter().filter(|fault| fault.entry == Some(at));
        own.map(|fault| fault.message.clone()).collect()
    };
    let others: Vec<_> = faults.iter().filter(|fault| fault.entry.is_none()).collect();
    html! {
        <fieldset class="field wide rows" id={path} tabindex="-1">
            <legend>{ field.label }</legend>
            <p class="help">{ field.help }</p>
            if !others.is_empty() {
                <ul class="faults">
                    for fault in others {
                        <li>{ &fault.message }</li>
                    }
                </ul>
            }
            <div class="row-list">
                for (at, row) in rows.iter().enumerate().take(SHOWN) {
                    <RowEditor
                        key={row.id}
                        {path}
                        {at}
                        row={row.clone()}
                        faults={of_row(at)}
                        dispatch={dispatch.clone()}
                    />
                }
            </div>
            if rows.len() > SHOWN {
                <p class="hint">{ format!("and {} more, which are not shown", rows.len() - SHOWN) }</p>
            }
            <div class="actions">
                <button type="button" class="quiet add" id={format!("{path}-add")} onclick={add}>
                    { if is_env { "Add a variable" } else { "Add an argument" } }
                </button>
                if is_env {
                    { import_button("paste-variables", "Paste variables…", dispatch) }
                }
            </div>
        </fieldset>
    }
}
