//! The EC2 calls that follow, in words and as they are.

use serde_json::Value;
use yew::prelude::*;

use crate::model::tryout::explain;

#[derive(Properties, PartialEq)]
pub struct PlanProps {
    pub plan: Vec<Value>,
}

#[component]
pub fn Plan(props: &PlanProps) -> Html {
    if props.plan.is_empty() {
        return html! { <p id="tryout-plan" class="help">{ "Nothing is changed in AWS." }</p> };
    }
    html! {
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
    }
}

fn name(call: &Value) -> String {
    call["call"].as_str().unwrap_or_default().to_string()
}
