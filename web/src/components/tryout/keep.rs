//! The delivery to take along: as a `curl` command, as a file to keep, and as files for the command line.

use std::rc::Rc;

use pushbox_shared::export::Language;
use yew::prelude::*;

use crate::browser;
use crate::components::code::Code;
use crate::components::copy_button::copy_button;
use crate::model::tryout::{BODY_FILE, Delivery, FIXTURE_FILE, Trial, headers_file};

#[derive(Properties, PartialEq)]
pub struct KeepProps {
    pub delivery: Rc<Delivery>,
    pub trial: Rc<Trial>,
    pub say: Callback<String>,
}

#[component]
pub fn Keep(props: &KeepProps) -> Html {
    let delivery = &props.delivery;
    let command = delivery.command(props.trial.now);
    html! {
        <>
            { curl(props) }
            <details class="paste">
                <summary>{ "The same on the command line" }</summary>
                <pre id="tryout-command" class="code wrapped" tabindex="0" role="region" aria-label="Command line">{ &command }</pre>
                <div class="buttons">
                    { copy_button("tryout-copy-command", "Copy command", command, props.say.clone()) }
                    { save(delivery, "tryout-save-headers", "h.json", |delivery| headers_file(&delivery.headers).map(String::into_bytes)) }
                    { save(delivery, "tryout-save-body", BODY_FILE, |delivery| Some(delivery.body.bytes().to_vec())) }
                </div>
                <p class="help">{ "Put the secret into the shell variable SECRET first, so that it stays out of the history. It prints:" }</p>
                <Code id="tryout-json" label="What pushbox webhook prints" text={props.trial.json()} language={Language::Json} />
            </details>
        </>
    }
}

/// Nothing where the headers cannot be read, which the result says.
fn curl(props: &KeepProps) -> Html {
    let Ok(command) = props.delivery.curl() else { return Html::default() };
    html! {
        <details class="paste" id="tryout-curl-place">
            <summary>{ "Send it with curl, or keep it" }</summary>
            <pre id="tryout-curl" class="code wrapped" tabindex="0" role="region" aria-label="The delivery as a curl command">{ &command }</pre>
            <div class="buttons">
                { copy_button("tryout-copy-curl", "Copy as curl", command, props.say.clone()) }
                if props.delivery.needs_body_file() {
                    { save(&props.delivery, "tryout-curl-body", BODY_FILE, |delivery| Some(delivery.body.bytes().to_vec())) }
                }
                { save(&props.delivery, "tryout-keep", FIXTURE_FILE, |delivery| delivery.fixture().ok().map(String::into_bytes)) }
            </div>
            <p class="help">{ "Put the function’s URL into the shell variable FUNCTION_URL first. Both hold what proves the delivery, so whoever has them can send it." }</p>
        </details>
    }
}

fn save(
    delivery: &Rc<Delivery>,
    id: &'static str,
    file: &'static str,
    content: fn(&Delivery) -> Option<Vec<u8>>,
) -> Html {
    let delivery = Rc::clone(delivery);
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(content) = content(&delivery) {
            browser::download(file, &content);
        }
    });
    html! { <button type="button" {id} class="quiet" {onclick}>{ format!("Download {file}") }</button> }
}
