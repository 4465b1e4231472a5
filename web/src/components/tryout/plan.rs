//! The EC2 calls that follow: in words, as they are, and as commands of the AWS CLI.

use std::rc::Rc;

use pushbox_shared::config::Config;
use pushbox_shared::export::Language;
use pushbox_shared::plan::Step;
use yew::prelude::*;

use crate::components::code::Code;
use crate::components::copy_button::copy_button;
use crate::model::tryout::{aws_commands, explain};

#[derive(Properties, PartialEq)]
pub struct PlanProps {
    pub plan: Vec<Step>,
    pub config: Rc<Config>,
    pub say: Callback<String>,
}

#[component]
pub fn Plan(props: &PlanProps) -> Html {
    if props.plan.is_empty() {
        return html! { <p id="tryout-plan" class="help">{ "Nothing is changed in AWS." }</p> };
    }
    let commands = aws_commands(&props.plan, &props.config);
    html! {
        <>
        <ol id="tryout-plan" class="plan">
            for step in &props.plan {
                <li data-call={step.name()}>
                    <details>
                        <summary><code>{ step.name() }</code><span class="help">{ explain(step) }</span></summary>
                        <pre class="code" tabindex="0" role="region" aria-label={format!("{} in full", step.name())}>
                            { serde_json::to_string_pretty(step).unwrap_or_default() }
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
