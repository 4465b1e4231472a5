//! The choice of a kind of app, and the Dockerfile that such an app can begin with. That is fetched when it is chosen.

use std::rc::Rc;

use yew::prelude::*;

use super::copy_button::CopyButton;
use super::select::Select;
use crate::browser;
use crate::model::presets::{PRESETS, preset};
use crate::state::{Action, Dispatch, say};

#[derive(Properties, PartialEq)]
pub struct PresetsProps {
    pub chosen: &'static str,
    pub dispatch: Dispatch,
}

#[component]
pub fn Presets(props: &PresetsProps) -> Html {
    let fetched = use_state(|| None::<(&'static str, Result<Rc<str>, String>)>);
    let chosen = props.chosen;
    use_effect_with(chosen, {
        let fetched = fetched.clone();
        move |_| {
            if let Some(address) = preset(chosen).address() {
                browser::spawn(async move {
                    let file = browser::fetch(&address).await;
                    fetched.set(Some((chosen, file.map(|bytes| String::from_utf8_lossy(&bytes).into()))));
                });
            }
        }
    });
    let onchoose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |id: String| dispatch.dispatch(Action::Preset(preset(&id).id)))
    };
    let options: Vec<(AttrValue, AttrValue)> =
        PRESETS.iter().map(|preset| (preset.id.into(), preset.label.into())).collect();
    // What was chosen before may arrive later.
    let file = fetched.as_ref().filter(|(id, _)| *id == chosen).map(|(_, file)| file);
    html! {
        <div class="field preset">
            <label for="preset">{ "Kind of app" }</label>
            <Select id="preset" {options} {chosen} described_by="preset-help" {onchoose} />
            <p class="help" id="preset-help">{ "Fills in what such an app needs, and shows a Dockerfile to begin with." }</p>
            if !chosen.is_empty() {
                { dockerfile(file, &props.dispatch) }
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
                <CopyButton id="copy-dockerfile" label="Copy Dockerfile" text={text.to_string()} say={say(dispatch)} />
                <button type="button" id="download-dockerfile" onclick={download}>{ "Download" }</button>
            </div>
            <p class="help">{ "Put it at the top of the repository, and make it yours." }</p>
        </>
    }
}
