//! What the function would make of a delivery: the verdicts, the plan, the answer, and the same as the command line prints it.

use std::rc::Rc;

use pushbox_shared::assume::Tried;
use pushbox_shared::config::Config;
use pushbox_shared::http::Response;
use pushbox_shared::webhook::Judgement;
use yew::prelude::*;

use super::keep::Keep;
use super::plan::Plan;
use super::trace::Trace;
use crate::model::tryout::{Delivery, Outcome, Trial};

#[derive(Properties, PartialEq)]
pub struct TryoutResultProps {
    pub delivery: Rc<Delivery>,
    pub trial: Option<Rc<Trial>>,
    pub config: Rc<Config>,
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
                <p class="help">{ "Choose a sample, or paste a delivery from your git host’s list of recent deliveries, and try it. Nothing is sent: the function's own code runs here." }</p>
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

fn outcome(props: &TryoutResultProps, trial: &Rc<Trial>, tried: &Tried) -> Html {
    html! {
        <>
            { headline(trial) }
            { facts(props, &tried.judgement) }
            for change in &tried.judgement.changes {
                <Trace judgement={tried.judgement.clone()} change={change.clone()} />
            }
            <h3>{ "Plan" }</h3>
            <Plan plan={tried.plan.clone()} config={&props.config} say={&props.say} />
            <h3>{ "Answer" }</h3>
            <div id="tryout-answer" class="answer">
                <p><strong id="tryout-status">{ tried.response.status }</strong>{ " " }{ meaning(tried.response.status) }</p>
                <pre id="tryout-response" class="code" tabindex="0" role="region" aria-label="The answer, headers and body">{ exact(&tried.response) }</pre>
            </div>
            <Keep delivery={&props.delivery} {trial} say={&props.say} />
        </>
    }
}

/// All that is sent but the status.
fn exact(response: &Response) -> String {
    let headers: String = response.headers().map(|(name, value)| format!("{name}: {value}\n")).collect();
    format!("{headers}\n{}", response.body)
}

fn headline(trial: &Trial) -> Html {
    let outcome = Outcome::of(trial);
    html! { <p id="tryout-verdict" class={classes!("headline", outcome.tone.class())}>{ outcome.words }</p> }
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
