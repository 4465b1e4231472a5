//! The choice of a sample delivery.

use yew::prelude::*;

use super::select::Select;
use super::tryout::Samples;
use crate::browser;
use crate::tryout::{Dispatch, Edit};

#[derive(Properties, PartialEq)]
pub struct SamplePickerProps {
    pub samples: Samples,
    pub dispatch: Dispatch,
}

#[component]
pub fn SamplePicker(props: &SamplePickerProps) -> Html {
    let chosen = use_state(AttrValue::default);
    let known = match &props.samples {
        Samples::Read(samples) => samples.to_vec(),
        Samples::Asked | Samples::Failed(_) => Vec::new(),
    };
    let titles = known.iter().map(|sample| (sample.name.to_string().into(), sample.title.to_string().into()));
    let options: Vec<(AttrValue, AttrValue)> =
        std::iter::once(("".into(), "Choose a delivery…".into())).chain(titles).collect();
    let shows = known.iter().find(|sample| *sample.name == **chosen).map(|sample| sample.shows.to_string());
    let onchoose = {
        let (chosen, dispatch) = (chosen.clone(), props.dispatch.clone());
        Callback::from(move |name: String| {
            if let Some(sample) = known.iter().find(|sample| *sample.name == *name) {
                let edit = Edit::Sample(sample.clone(), browser::now().as_secs());
                dispatch.dispatch(edit);
            }
            chosen.set(name.into());
        })
    };
    let described_by = Some("tryout-sample-shows".into());
    let select = Select {
        id: "tryout-sample",
        options,
        chosen: (*chosen).clone(),
        described_by,
        onchoose,
        ..Select::default()
    };
    html! {
        <div class="field">
            <label for="tryout-sample">{ "A sample" }<span class="optional">{ " or paste a delivery below" }</span></label>
            { select.html() }
            <p class="help" id="tryout-sample-shows">{ shows }</p>
            if let Samples::Failed(problem) = &props.samples {
                <p class="fault">{ problem }</p>
            }
        </div>
    }
}
