//! What the form makes, beside it: the sentence, the problems, the files.

use std::rc::Rc;

use yew::prelude::*;

use super::made_download::{Made, MadeDownload};
use super::outputs::Outputs;
use super::problems::problems;
use super::summary::summary;
use crate::browser;
use crate::model::draft::Row;
use crate::model::function_url;
use crate::model::sheet::Sheet;
use crate::model::tabs::Tab;
use crate::state::{Action, Dispatch};

#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    pub sheet: Rc<Sheet>,
    /// The rows of `run.env`.
    pub rows: Rc<[Row]>,
    pub function_url: Rc<str>,
    pub tab: Tab,
    /// Somebody wants the file.
    pub export: Callback<()>,
    pub dispatch: Dispatch,
}

#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let valid = props.sheet.problems.is_empty();
    let export = {
        let export = props.export.clone();
        Callback::from(move |_: MouseEvent| export.emit(()))
    };
    html! {
        <section id="preview" class={classes!("preview", (!valid).then_some("draft"))} aria-labelledby="preview-title">
            <h2 id="preview-title" class="sr">{ "What will run" }</h2>
            { summary(&props.sheet) }
            { problems(&props.sheet.problems, &props.rows) }
            <Outputs sheet={&props.sheet} rows={&props.rows} tab={props.tab} dispatch={props.dispatch.clone()} />
            <div class="preview-foot">
                { function_url(props) }
                <div class="takes">
                    <button type="button" id="export" class="primary" onclick={export}>{ "Download pushbox.json" }</button>
                    <div class="everything">
                        <MadeDownload id="download-everything" made={Made::Everything} sheet={&props.sheet} class="quiet" />
                    </div>
                </div>
            </div>
        </section>
    }
}

fn function_url(props: &PreviewProps) -> Html {
    let oninput = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: InputEvent| {
            dispatch.dispatch(Action::FunctionUrl(browser::value(&event)));
        })
    };
    let problem = function_url::read(&props.function_url).err();
    html! {
        <div class="field">
            <label for="function-url">{ "Function URL" }<span class="optional">{ " after installing" }</span></label>
            <input
                id="function-url"
                type="text"
                inputmode="url"
                value={props.function_url.to_string()}
                placeholder="https://….lambda-url.us-east-1.on.aws"
                autocomplete="off"
                spellcheck="false"
                aria-invalid={problem.is_some().then_some("true")}
                aria-describedby="function-url-help"
                {oninput}
            />
            <p class={if problem.is_some() { "fault" } else { "help" }} id="function-url-help">
                { problem.unwrap_or_else(|| "Lets a box fetch a newer script. Part of the script, not of pushbox.json.".into()) }
            </p>
        </div>
    }
}
