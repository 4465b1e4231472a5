//! The tryout: a delivery on one side, what the function would make of it on the other.

use std::rc::Rc;

use yew::prelude::*;

use super::tryout_input::TryoutInput;
use super::tryout_result::TryoutResult;
use crate::browser;
use crate::model::samples::{self, Sample};
use crate::model::sheet::Sheet;
use crate::model::tryout::{Delivery, Trial};
use crate::state::Dispatch;

#[derive(Properties, PartialEq)]
pub struct TryoutProps {
    pub delivery: Rc<Delivery>,
    pub trial: Option<Rc<Trial>>,
    pub refused: Option<Rc<str>>,
    pub sheet: Rc<Sheet>,
    pub dispatch: Dispatch,
}

/// The samples, which are fetched when the tryout is opened.
#[derive(Clone, PartialEq)]
pub enum Samples {
    NotAsked,
    Asked,
    Read(Rc<[Rc<Sample>]>),
    Failed(String),
}

#[component]
pub fn Tryout(props: &TryoutProps) -> Html {
    let samples = use_state(|| Samples::NotAsked);
    let ontoggle = {
        let samples = samples.clone();
        Callback::from(move |_: Event| {
            if matches!(*samples, Samples::Read(_) | Samples::Asked) {
                return;
            }
            samples.set(Samples::Asked);
            let samples = samples.clone();
            browser::spawn(async move {
                samples.set(
                    read_samples().await.map_or_else(Samples::Failed, |read| Samples::Read(read.into())),
                );
            });
        })
    };
    html! {
        <details id="tryout" class="tryout" {ontoggle}>
            <summary>
                <h2>{ "Tryout" }</h2>
                <span class="help">{ "Judge a delivery exactly as the function will" }</span>
            </summary>
            <div class="bench">
                <TryoutInput
                    delivery={&props.delivery}
                    refused={props.refused.clone()}
                    samples={(*samples).clone()}
                    dispatch={props.dispatch.clone()}
                />
                <TryoutResult
                    delivery={&props.delivery}
                    trial={props.trial.clone()}
                    problems={props.sheet.problems.len()}
                    named={!props.sheet.config.repo.url.is_empty()}
                    dispatch={props.dispatch.clone()}
                />
            </div>
        </details>
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
