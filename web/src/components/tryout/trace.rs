//! One ref change and its way through the gates.

use pushbox_shared::webhook::{Judgement, RefChange};
use yew::prelude::*;

use crate::model::trace::{Standing, steps, values};

#[derive(Properties, PartialEq)]
pub struct TraceProps {
    /// The whole that it is a part of.
    pub judgement: Judgement,
    pub change: RefChange,
}

#[component]
pub fn Trace(props: &TraceProps) -> Html {
    let RefChange { ref_name, commit, message, author, verdict, .. } = &props.change;
    let commit = commit.as_deref().map(|commit| commit.get(..10).unwrap_or(commit).to_string());
    let subject = message.as_deref().and_then(|message| message.lines().next()).map(String::from);
    html! {
        <section class="change" data-ref={ref_name.clone()}>
            <h3><code>{ ref_name }</code></h3>
            <p class="help">
                { commit.map(|commit| html! { <><code>{ commit }</code>{ " " }</> }) }
                { subject }
                { author.name.as_ref().map(|name| format!(" by {name}")) }
            </p>
            <ol class="gates">
                for step in steps(&props.judgement, &props.change) {
                    <li class={class(step.standing)} data-gate={step.gate} data-standing={step.standing.label()}>
                        <span class="gate">{ step.gate }</span>
                        <span class="asks">
                            { step.asks }
                            <span class="sr">{ format!(" {}", step.standing.label()) }</span>
                            if !step.seen.is_empty() {
                                <span class={if step.standing == Standing::Stopped { "reason" } else { "seen" }}>{ step.seen }</span>
                            }
                        </span>
                    </li>
                }
            </ol>
            if verdict.deploy {
                <p class="deploys">{ "Deploys: " }{ &verdict.reason }</p>
            }
            <details class="values">
                <summary>{ "All that was read of it" }</summary>
                <dl class="facts">
                    for (name, value) in values(&props.change) {
                        <dt>{ name }</dt>
                        <dd>{ value }</dd>
                    }
                </dl>
            </details>
        </section>
    }
}

fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Passed => "passed",
        Standing::Stopped => "stopped",
        Standing::NotReached => "unreached",
    }
}
