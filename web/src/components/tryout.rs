//! The tryout, an app of its own in the annex: a delivery on one side, what the function would make of it on the other.

use std::rc::Rc;

use pushbox_shared::config::Config;
use yew::prelude::*;

use super::tryout_input::TryoutInput;
use super::tryout_result::TryoutResult;
use crate::browser;
use crate::model::samples::{self, Sample};
use crate::tryout::{Edit, State};

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

/// The samples, which are files of the page.
#[derive(Clone, PartialEq)]
pub enum Samples {
    Asked,
    Read(Rc<[Rc<Sample>]>),
    Failed(String),
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
    html! {
        <>
            <TryoutInput
                delivery={&state.delivery}
                refused={state.refused.clone()}
                samples={(*samples).clone()}
                dispatch={state.dispatcher()}
            />
            <TryoutResult
                delivery={&state.delivery}
                trial={state.trial.clone()}
                problems={props.problems}
                named={!props.config.repo.url.is_empty()}
                use_repository={&props.use_repository}
                say={&props.say}
            />
        </>
    }
}

async fn read_samples() -> Result<Vec<Rc<Sample>>, String> {
    let names = samples::index(&browser::fetch("samples/index.json").await?)?;
    // All are asked for before the first is waited for.
    let asked: Vec<_> =
        names.into_iter().map(|name| (browser::fetch(&format!("samples/{name}.json")), name)).collect();
    let mut all = Vec::new();
    for (answer, name) in asked {
        all.push(Rc::new(samples::read(&name, &answer.await?)?));
    }
    Ok(all)
}
