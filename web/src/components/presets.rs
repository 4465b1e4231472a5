//! The choice of a kind of app, and the Dockerfile that such an app can begin with. That is fetched when it is chosen.

use std::rc::Rc;

use yew::prelude::*;

use super::copy_button::copy_button;
use super::select::Select;
use crate::browser;
use crate::dispatch::{Dispatch, say};
use crate::model::presets::{PRESETS, preset};
use crate::state::{Action, State};

pub fn presets(state: &State, dispatch: &Dispatch) -> Html {
    let chosen = state.form.preset;
    let onchoose = {
        let dispatch = dispatch.clone();
        Callback::from(move |id: String| dispatch.dispatch(Action::Preset(preset(&id).id)))
    };
    let options = PRESETS.iter().map(|preset| (preset.id.into(), preset.label.into())).collect();
    let described_by = Some("preset-help".into());
    let select =
        Select { id: "preset", options, chosen: chosen.into(), described_by, onchoose, ..Select::default() };
    // What was chosen before may arrive later.
    let file = state.view.dockerfile.as_ref().filter(|(id, _)| *id == chosen).map(|(_, file)| file);
    html! {
        <div class="field preset">
            <label for="preset">{ "Kind of app" }</label>
            { select.html() }
            <p class="help" id="preset-help">{ "Fills in what such an app needs, and shows a Dockerfile to begin with." }</p>
            if !chosen.is_empty() {
                { dockerfile(file, dispatch) }
            }
        </div>
    }
}

fn dockerfile(file: Option<&Result<Rc<str>, String>>, dispatch: &Dispatch) -> Html {
    let text = match file {
        None => return html! { <p class="help">{ "Loading the Dockerfile…" }</p> },
        Some(Err(problem)) => return html! { <p class="fault" role="alert">{ problem }</p> },
        Some(Ok(text)) => text,
    };
    let download = {
        let text = Rc::clone(text);
        Callback::from(move |_: MouseEvent| browser::download("Dockerfile", text.as_bytes()))
    };
    html! {
        <>
            <pre class="code" id="dockerfile" tabindex="0" role="region" aria-label="Dockerfile">{ &**text }</pre>
            <div class="actions">
                { copy_button("copy-dockerfile", "Copy Dockerfile", Rc::clone(text), say(dispatch)) }
                <button type="button" id="download-dockerfile" onclick={download}>{ "Download" }</button>
            </div>
            <p class="help">{ "Put it at the top of the repository, and make it yours." }</p>
        </>
    }
}
