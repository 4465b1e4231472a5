//! The choice of a sample delivery.

use yew::prelude::*;

use super::select::Select;
use super::tryout::Samples;
use crate::browser;
use crate::model::samples::Sample;
use crate::model::tryout::Body;
use crate::state::{Action, Dispatch, TryoutEdit};

#[derive(Properties, PartialEq)]
pub struct SamplePickerProps {
    pub samples: Samples,
    pub dispatch: Dispatch,
}

#[component]
pub fn SamplePicker(props: &SamplePickerProps) -> Html {
    let chosen = use_state(AttrValue::default);
    let failed = use_state(|| None::<String>);
    let known = match &props.samples {
        Samples::Read(samples) => samples.to_vec(),
        Samples::NotAsked | Samples::Asked | Samples::Failed(_) => Vec::new(),
    };
    let options: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), "Choose a delivery…".into()))
        .chain(
            known
                .iter()
                .map(|sample| ((*sample.name).to_string().into(), (*sample.shows).to_string().into())),
        )
        .collect();
    let onchoose = {
        let (chosen, failed, dispatch) = (chosen.clone(), failed.clone(), props.dispatch.clone());
        Callback::from(move |name: String| {
            let sample = known.iter().find(|sample| *sample.name == *name).cloned();
            chosen.set(name.into());
            if let Some(sample) = sample {
                let (failed, dispatch) = (failed.clone(), dispatch.clone());
                browser::spawn(async move {
                    match read(&sample).await {
                        Ok(edit) => {
                            failed.set(None);
                            dispatch.dispatch(Action::Tryout(edit));
                            dispatch.dispatch(Action::Tryout(TryoutEdit::Try(browser::now().as_secs())));
                        }
                        Err(why) => failed.set(Some(why)),
                    }
                });
            }
        })
    };
    let problem = match (&props.samples, &*failed) {
        (Samples::Failed(why), _) => Some(why.clone()),
        (_, failed) => failed.clone(),
    };
    html! {
        <div class="field">
            <label for="tryout-sample">{ "A sample" }<span class="optional">{ " or paste a delivery below" }</span></label>
            <Select id="tryout-sample" {options} chosen={(*chosen).clone()} {onchoose} />
            if let Some(problem) = problem {
                <p class="fault">{ problem }</p>
            }
        </div>
    }
}

async fn read(sample: &Sample) -> Result<TryoutEdit, String> {
    let headers = browser::fetch(&format!("samples/{}", sample.headers)).await?;
    let body = browser::fetch(&format!("samples/{}", sample.body)).await?;
    Ok(TryoutEdit::Sample {
        headers: String::from_utf8_lossy(&headers).trim_end().into(),
        body: Body::of_sample(&sample.body, body),
        secret: sample.secret.clone(),
    })
}
