//! The tryout, an app of its own in the annex: a delivery on one side, what the function would make of it on the other, and the
//! last runs below.

pub mod compare;
pub mod dispatch;
pub mod input;
pub mod keep;
pub mod paste;
pub mod plan;
pub mod proof;
pub mod result;
pub mod runs;
pub mod sample_picker;
pub mod trace;

use std::rc::Rc;

use pushbox_shared::config::Config;
use yew::prelude::*;

use crate::browser;
use crate::model::samples::{self, Sample, Samples};
use crate::state::tryout::{Edit, State};
use input::TryoutInput;
use result::TryoutResult;
use runs::RunList;

#[derive(Properties, PartialEq)]
pub struct TryoutProps {
    /// As much of the form's config as could be read.
    pub config: Rc<Config>,
    /// How many it has.
    pub problems: usize,
    /// Takes the URL of a repository over into the form.
    pub use_repository: Callback<String>,
    pub say: Callback<String>,
}

#[component]
pub fn Tryout(props: &TryoutProps) -> Html {
    let state = use_reducer(State::default);
    {
        let dispatch = state.dispatcher();
        use_effect_with(Rc::clone(&props.config), move |config| {
            dispatch.dispatch(Edit::Config(Rc::clone(config)));
        });
    }
    let samples = use_state(|| Samples::Asked);
    {
        let samples = samples.clone();
        use_effect_with((), move |()| {
            browser::spawn(async move {
                let read = read_samples().await;
                samples.set(read.map_or_else(Samples::Failed, |read| Samples::Read(read.into())));
            });
        });
    }
    {
        let say = props.say.clone();
        use_effect_with(state.runs.iter().next().cloned(), move |newest| {
            if let Some(run) = newest {
                say.emit(format!("Run {}: {}", run.number, run.outcome().words));
            }
        });
    }
    html! {
        <>
            <TryoutInput
                delivery={&state.delivery}
                refused={state.refused.clone()}
                remarks={Rc::clone(&state.remarks)}
                samples={(*samples).clone()}
                dispatch={state.dispatcher()}
            />
            <TryoutResult
                delivery={&state.delivery}
                trial={state.trial.clone()}
                config={&props.config}
                problems={props.problems}
                named={!props.config.repo.url.is_empty()}
                use_repository={&props.use_repository}
                say={&props.say}
            />
            if state.runs.iter().next().is_some() {
                <RunList runs={Rc::clone(&state.runs)} dispatch={state.dispatcher()} say={&props.say} />
            }
        </>
    }
}

async fn read_samples() -> Result<Vec<Rc<Sample>>, String> {
    let samples = samples::read(&browser::fetch(samples::FILE).await?)?;
    Ok(samples.into_iter().map(Rc::new).collect())
}
