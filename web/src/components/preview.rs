//! What the form makes, beside it: the sentence, the problems, the files.

use std::rc::Rc;

use yew::prelude::*;

use super::made_download::EVERYTHING;
use super::outputs::{made_button, outputs};
use super::problems::problems;
use super::summary::summary;
use crate::browser;
use crate::dispatch::Dispatch;
use crate::model::function_url;
use crate::state::{Action, State};

pub fn preview(state: &State, dispatch: &Dispatch) -> Html {
    let sheet = &state.preview.sheet;
    html! {
        <section id="preview" class="preview" aria-labelledby="preview-title">
            <h2 id="preview-title" class="sr">{ "What will run" }</h2>
            { summary(sheet) }
            { problems(&sheet.problems, &state.form.draft.rows("run.env")) }
            { outputs(state, dispatch) }
            <div class="preview-foot">
                { function_url(state, dispatch) }
                <div class="takes">
                    <button type="button" id="export" class="primary" onclick={export(state, dispatch)}>{ "Download pushbox.json" }</button>
                    <div class="everything">
                        { made_button(EVERYTHING, "download-everything", state, dispatch) }
                    </div>
                </div>
            </div>
        </section>
    }
}

/// Whoever wants the file although there are problems is led to them.
fn export(state: &State, dispatch: &Dispatch) -> Callback<MouseEvent> {
    let (sheet, dispatch) = (Rc::clone(&state.preview.sheet), dispatch.clone());
    Callback::from(move |_| {
        if sheet.problems.is_empty() {
            browser::download("pushbox.json", sheet.json.as_bytes());
            dispatch.dispatch(Action::Say("pushbox.json is downloaded".into()));
        } else {
            dispatch.dispatch(Action::Insist);
            browser::focus_soon("problems".into());
        }
    })
}

fn function_url(state: &State, dispatch: &Dispatch) -> Html {
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            dispatch.dispatch(Action::FunctionUrl(browser::value(&event)));
        })
    };
    let problem = function_url::read(&state.form.function_url).err();
    html! {
        <div class="field">
            <label for="function-url">{ "Function URL" }<span class="optional">{ " after installing" }</span></label>
            <input
                id="function-url"
                type="text"
                inputmode="url"
                value={Rc::clone(&state.form.function_url)}
                placeholder="https://….lambda-url.us-east-1.on.aws"
                autocomplete="off"
                spellcheck="false"
                aria-invalid={problem.is_some().then_some("true")}
                aria-describedby="function-url-help"
                {oninput}
            />
            <p class="help" id="function-url-help">
                { problem.unwrap_or_else(|| "Lets a box fetch a newer script. Part of the script, not of pushbox.json.".into()) }
            </p>
        </div>
    }
}
