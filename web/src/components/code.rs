//! A text with its comments, strings and the like set off. Only lines that changed are drawn again.

use pushbox_shared::export::Language;
use yew::prelude::*;

use crate::model::highlight::{Kind, lines};

/// Colouring more than this would make typing slow; no script that EC2 takes is as long.
const LIMIT: usize = 65_536;

#[derive(Properties, PartialEq)]
pub struct CodeProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub text: AttrValue,
    pub language: Language,
}

#[component]
pub fn Code(props: &CodeProps) -> Html {
    html! {
        <pre id={&props.id} class="code" tabindex="0" role="region" aria-label={&props.label}>
            if props.text.len() > LIMIT {
                { &props.text }
            } else {
                for parts in lines(&props.text, props.language) {
                    <Line {parts} />
                }
            }
        </pre>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    parts: Vec<(Kind, String)>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let part = |(kind, text): &(Kind, String)| match kind.class() {
        None => html! { { text } },
        Some(class) => html! { <span {class}>{ text }</span> },
    };
    props.parts.iter().map(part).collect()
}
