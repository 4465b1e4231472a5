//! What the function would make of a delivery: the verdicts, the plan, the answer, and the same as the command line prints it.

use std::rc::Rc;

use pushbox_shared::assume::Tried;
use pushbox_shared::export::Language;
use pushbox_shared::webhook::Judgement;
use yew::prelude::*;

use super::code::Code;
use super::copy_button::copy_button;
use super::plan::Plan;
use super::trace::Trace;
use crate::browser;
use crate::model::tryout::{Delivery, Trial, headers_file};

#[derive(Properties, PartialEq)]
pub struct TryoutResultProps {
    pub delivery: Rc<Delivery>,
    pub trial: Option<Rc<Trial>>,
    /// How many the config has.
    pub problems: usize,
    /// The form names a repository.
    pub named: bool,
    /// Takes its URL over into the form.
    pub use_repository: Callback<String>,
    pub say: Callback<String>,
}

#[component]
pub fn TryoutResult(props: &TryoutResultProps) -> Html {
    let Some(trial) = &props.trial else {
        return html! {
            <div class="tryout-result empty">
                <p class="help">{ "Choose a sample, or paste a delivery from your git host's list of recent deliveries, and try it. Nothing is sent: the function's own code runs here." }</p>
            </div>
        };
    };
    html! {
        <div class="tryout-result" id="tryout-result" data-now={trial.now.to_string()}>
            if props.problems > 0 {
                <p class="hint" id="tryout-draft">{ "The config has problems, and the function would refuse it. This is judged with what could be read." }</p>
            }
            {
                match &trial.outcome {
                    Ok(tried) => outcome(props, trial, tried),
                    Err(problem) => html! { <p class="fault" id="tryout-problem">{ format!("Headers: {problem}") }</p> },
                }
            }
        </div>
    }
}

fn outcome(props: &TryoutResultProps, trial: &Trial, tried: &Tried) -> Html {
    let json = trial.json();
    let command = props.delivery.command(trial.now);
    html! {
        <>
            { headline(tried) }
            { facts(props, &tried.judgement) }
            for change in &tried.judgement.changes {
                <Trace change={change.clone()} />
            }
            <h3>{ "Plan" }</h3>
            <Plan plan={tried.plan.clone()} />
            <h3>{ "Answer" }</h3>
            <div id="tryout-answer" class="answer">
                <p><strong id="tryout-status">{ tried.response.status }</strong>{ " " }{ meaning(tried.response.status) }</p>
                <pre id="tryout-response" class="code" tabindex="0" role="region" aria-label="Body of the answer">{ &tried.response.body }</pre>
            </div>
            <details class="paste">
                <summary>{ "The same on the command line" }</summary>
                <pre id="tryout-command" class="code wrapped" tabindex="0" role="region" aria-label="Command line">{ &command }</pre>
                <div class="buttons">
                    { copy_button("tryout-copy-command", "Copy command", command, props.say.clone()) }
                    { files(&props.delivery) }
                </div>
                <p class="help">{ "Put the secret into the shell variable SECRET first, so that it stays out of the history. It prints:" }</p>
                <Code id="tryout-json" label="What pushbox webhook prints" text={json} language={Language::Json} />
            </details>
        </>
    }
}

/// The outcome in a few words, the deciding gate first.
fn headline(tried: &Tried) -> Html {
    let deploys = tried.judgement.changes.iter().find(|change| change.verdict.deploy);
    let (class, words) = match (deploys, tried.response.status) {
        (Some(change), _) => ("good", format!("Deploys {}", change.ref_name)),
        (None, 200) => ("calm", "Ignored: nothing deploys".into()),
        (None, 401) => ("bad", "Refused: not authentic".into()),
        (None, _) => ("bad", "Refused: not a delivery that can be judged".into()),
    };
    html! { <p id="tryout-verdict" class={classes!("headline", class)}>{ words }</p> }
}

fn meaning(status: u16) -> &'static str {
    match status {
        200 => "OK: understood, and nothing to do",
        202 => "Accepted: the box will deploy",
        400 => "Bad Request: not a delivery",
        401 => "Unauthorized: not authentic",
        413 => "Content Too Large",
        503 => "Service Unavailable: AWS refused, retry later",
        _ => "",
    }
}

fn facts(props: &TryoutResultProps, judgement: &Judgement) -> Html {
    let auth = match (judgement.auth.ok, judgement.auth.scheme) {
        (true, scheme) => format!("authentic by {scheme}"),
        (false, "") => judgement.auth.reason.clone(),
        (false, scheme) => format!("{scheme}: {}", judgement.auth.reason),
    };
    let repo = judgement.repo.full_name.clone().unwrap_or_default();
    let problem = judgement.problem.as_ref().map(|problem| problem.message().to_string());
    html! {
        <dl class="facts">
            <dt>{ "From" }</dt>
            <dd id="tryout-from">{ judgement.provider.map_or("nobody known", |provider| provider.label()) }</dd>
            <dt>{ "Auth" }</dt>
            <dd id="tryout-auth">{ auth }</dd>
            <dt>{ "Event" }</dt>
            <dd id="tryout-event">{ serde_json::to_value(judgement.event).ok().and_then(|event| event.as_str().map(String::from)) }</dd>
            <dt>{ "Delivery" }</dt>
            <dd id="tryout-delivery">{ judgement.delivery.clone().unwrap_or_else(|| "without an id".into()) }</dd>
            <dt>{ "Repository" }</dt>
            <dd id="tryout-repo">{ if repo.is_empty() { "not said".into() } else { repo } }{ use_it(props, judgement) }</dd>
            if let Some(problem) = problem {
                <dt>{ "Problem" }</dt>
                <dd id="tryout-problem" class="fault">{ problem }</dd>
            }
        </dl>
    }
}

/// For an empty form: its repository from the delivery.
fn use_it(props: &TryoutResultProps, judgement: &Judgement) -> Html {
    let Some(url) = judgement.repo.clone_https.clone().filter(|_| !props.named) else {
        return Html::default();
    };
    let onclick = props.use_repository.reform(move |_: MouseEvent| url.clone());
    html! { <button type="button" id="tryout-use-repo" class="quiet" {onclick}>{ "Use it in the form" }</button> }
}

fn files(delivery: &Rc<Delivery>) -> Html {
    let headers = {
        let delivery = Rc::clone(delivery);
        Callback::from(move |_: MouseEvent| {
            if let Some(headers) = headers_file(&delivery.headers) {
                browser::download("h.json", headers.as_bytes());
            }
        })
    };
    let body = {
        let delivery = Rc::clone(delivery);
        Callback::from(move |_: MouseEvent| browser::download("b.bin", delivery.body.bytes()))
    };
    html! {
        <>
            <button type="button" id="tryout-save-headers" class="quiet" onclick={headers}>{ "Download h.json" }</button>
            <button type="button" id="tryout-save-body" class="quiet" onclick={body}>{ "Download b.bin" }</button>
        </>
    }
}
