//! The choice of a sample delivery.

use std::rc::Rc;

use yew::prelude::*;

use super::dispatch::Dispatch;
use crate::browser;
use crate::components::select::Select;
use crate::model::samples::{Sample, Samples};
use crate::model::tryout::Since;
use crate::state::tryout::Edit;

#[derive(Properties, PartialEq)]
pub struct SamplePickerProps {
    pub samples: Samples,
    /// What is tried, and what was done to it: its name is a sample's title where it is one.
    pub name: Rc<str>,
    pub since: Since,
    pub dispatch: Dispatch,
}

#[component]
pub fn SamplePicker(props: &SamplePickerProps) -> Html {
    let known = match &props.samples {
        Samples::Read(samples) => samples.to_vec(),
        Samples::Asked | Samples::Failed(_) => Vec::new(),
    };
    let titles = known.iter().map(|sample| (sample.name.to_string().into(), sample.title.to_string().into()));
    let options: Vec<(AttrValue, AttrValue)> =
        std::iter::once(("".into(), "Choose a delivery…".into())).chain(titles).collect();
    // What was edited is no sample any more, so that the sample can be chosen anew.
    let is_it = |sample: &&Rc<Sample>| sample.title == props.name && props.since != Since::Edited;
    let sample = known.iter().find(is_it);
    let chosen: AttrValue = sample.map(|sample| sample.name.to_string()).unwrap_or_default().into();
    let shows = sample.map(|sample| sample.shows.to_string());
    let onchoose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |name: String| {
            if let Some(sample) = known.iter().find(|sample| *sample.name == *name) {
                let edit = Edit::Sample(sample.clone(), browser::now().as_secs());
                dispatch.dispatch(edit);
            }
        })
    };
    let described_by = Some("tryout-sample-shows".into());
    let select = Select { id: "tryout-sample", options, chosen, described_by, onchoose, ..Select::default() };
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
