//! The last runs: each to be edited, replayed, or compared with another.

use std::rc::Rc;

use yew::prelude::*;

use super::compare::Compare;
use super::dispatch::Dispatch;
use crate::browser;
use crate::model::tryout::runs::{MOST, Run, Runs};
use crate::state::tryout::Edit;

#[derive(Properties, PartialEq)]
pub struct RunListProps {
    pub runs: Rc<Runs>,
    pub dispatch: Dispatch,
    pub say: Callback<String>,
}

#[component]
pub fn RunList(props: &RunListProps) -> Html {
    let pair = props.runs.pair().map(|(first, second)| (Rc::clone(first), Rc::clone(second)));
    {
        let say = props.say.clone();
        use_effect_with(pair.clone(), move |pair| {
            if let Some((first, second)) = pair {
                say.emit(format!("Run {} and run {} are compared below", first.number, second.number));
            }
        });
    }
    html! {
        <details id="tryout-runs" class="paste">
            <summary>{ "Runs" }<span class="count">{ props.runs.iter().count() }</span></summary>
            <p class="help">{ format!("The last {MOST}, in memory alone. Choose two to compare them.") }</p>
            <ol class="runs">
                for run in props.runs.iter() {
                    { one(props, run) }
                }
            </ol>
            if let Some((first, second)) = pair {
                <Compare {first} {second} />
            }
        </details>
    }
}

fn one(props: &RunListProps, run: &Rc<Run>) -> Html {
    let number = run.number;
    let edit = |edit: fn(usize) -> Edit| {
        let dispatch = props.dispatch.clone();
        move || dispatch.dispatch(edit(number))
    };
    let toggle = {
        let toggle = edit(Edit::Compare);
        Callback::from(move |_: Event| toggle())
    };
    let take = {
        let take = edit(Edit::Take);
        Callback::from(move |_: MouseEvent| {
            take();
            browser::focus_soon("tryout-headers".into());
        })
    };
    let replay = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Edit::Replay(number, browser::now().as_secs()));
        })
    };
    let outcome = run.outcome();
    html! {
        <li key={number} data-run={number.to_string()}>
            <label class="run-choice">
                <input type="checkbox" id={format!("run-{number}-compare")} checked={props.runs.is_compared(number)} onchange={toggle} />
                <span class="sr">{ "Compare run " }</span>
                <strong>{ number }</strong>
            </label>
            <div class="run-what">
                <span>{ run.delivery.title() }</span>
                <span class={classes!("help", outcome.tone.class())}>
                    { run.time() }{ ": " }
                    { outcome.status.map(|status| format!("{status} ")) }
                    { outcome.words }
                </span>
            </div>
            <div class="run-buttons">
                <button type="button" id={format!("run-{number}-take")} class="quiet" aria-label={format!("Edit run {number}")} onclick={take}>{ "Edit" }</button>
                <button type="button" id={format!("run-{number}-replay")} class="quiet" aria-label={format!("Replay run {number}")} onclick={replay}>{ "Replay" }</button>
            </div>
        </li>
    }
}
