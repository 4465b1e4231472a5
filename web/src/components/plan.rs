//! The EC2 calls that follow: in words, as they are, and as commands of the AWS CLI.

use std::rc::Rc;

use pushbox_shared::assume::Step;
use pushbox_shared::config::Config;
use pushbox_shared::export::Language;
use serde_json::Value;
use yew::prelude::*;

use super::code::Code;
use super::copy_button::copy_button;
use crate::model::tryout::{aws_commands, explain};

#[derive(Properties, PartialEq)]
pub struct PlanProps {
    pub plan: Vec<Value>,
    /// The same, entry for entry.
    pub steps: Vec<Step>,
    pub config: Rc<Config>,
    pub say: Callback<String>,
}

#[component]
pub fn Plan(props: &PlanProps) -> Html {
    if props.plan.is_empty() {
        return html! { <p id="tryout-plan" class="help">{ "Nothing is changed in AWS." }</p> };
    }
    let commands = aws_commands(&props.steps, &props.config);
    html! {
        <>
        <ol id="tryout-plan" class="plan">
            for call in &props.plan {
                <li data-call={name(call)}>
                    <details>
                        <summary><code>{ name(call) }</code><span class="help">{ explain(call) }</span></summary>
                        <pre class="code" tabindex="0" role="region" aria-label={format!("{} in full", name(call))}>
                            { serde_json::to_string_pretty(call).unwrap_or_default() }
                        </pre>
                    </details>
                </li>
            }
        </ol>
        <details class="paste" id="tryout-aws-place">
            <summary>{ "The same with the aws command" }</summary>
            <Code id="tryout-aws" label="The plan as commands of the AWS CLI" text={commands.clone()} language={Language::Bash} />
            <div class="buttons">
                { copy_button("tryout-copy-aws", "Copy commands", commands, props.say.clone()) }
            </div>
            <p class="help">{ "i-box stands for the instance’s id, and user-data.sh is the script of this page." }</p>
        </details>
        </>
    }
}

fn name(call: &Value) -> String {
    call["call"].as_str().unwrap_or_default().to_string()
}
