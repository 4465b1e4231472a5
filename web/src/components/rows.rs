//! Environment variables or build arguments, row by row, and for variables the box to paste them into.

use pushbox_shared::config;
use yew::prelude::*;

use super::env_paste::EnvPaste;
use super::field::Fault;
use super::row::RowEditor;
use crate::browser;
use crate::model::draft::Row;
use crate::state::{Action, Dispatch};

/// More would make typing slow, and no script has room for their values.
const SHOWN: usize = 1000;

#[derive(Properties, PartialEq)]
pub struct RowsProps {
    /// `run.env` or `build.args`
    pub path: &'static str,
    pub rows: Vec<Row>,
    pub faults: Vec<Fault>,
    pub dispatch: Dispatch,
}

#[component]
pub fn Rows(props: &RowsProps) -> Html {
    let Some(field) = config::field(props.path) else { return Html::default() };
    let is_env = props.path == "run.env";
    let add = {
        let (path, dispatch, next) = (props.path, props.dispatch.clone(), props.rows.len());
        Callback::from(move |_| {
            dispatch.dispatch(Action::AddRow(path));
            browser::focus_soon(format!("{path}[{next}].name"));
        })
    };
    let of_row = |at: usize| -> Vec<String> {
        let own = props.faults.iter().filter(|fault| fault.entry == Some(at));
        own.map(|fault| fault.message.clone()).collect()
    };
    let others: Vec<_> = props.faults.iter().filter(|fault| fault.entry.is_none()).collect();
    html! {
        <fieldset class="field wide rows" id={props.path} tabindex="-1">
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
                for (at, row) in props.rows.iter().enumerate().take(SHOWN) {
                    <RowEditor
                        key={row.id}
                        path={props.path}
                        {at}
                        row={row.clone()}
                        faults={of_row(at)}
                        dispatch={props.dispatch.clone()}
                    />
                }
            </div>
            if props.rows.len() > SHOWN {
                <p class="hint">{ format!("and {} more, which are not shown", props.rows.len() - SHOWN) }</p>
            }
            <button type="button" class="quiet add" id={format!("{}-add", props.path)} onclick={add}>
                { if is_env { "Add a variable" } else { "Add an argument" } }
            </button>
            if is_env {
                <EnvPaste rows={props.rows.clone()} dispatch={props.dispatch.clone()} />
            }
        </fieldset>
    }
}
