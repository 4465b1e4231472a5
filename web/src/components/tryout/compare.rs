//! Two runs beside each other.

use std::rc::Rc;

use yew::prelude::*;

use crate::model::tryout::runs::Run;
use crate::model::tryout::{Line, Part, Side, compare};

#[derive(Properties, PartialEq)]
pub struct CompareProps {
    pub first: Rc<Run>,
    pub second: Rc<Run>,
}

#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let (first, second) = (props.first.number, props.second.number);
    let parts = compare(&props.first, &props.second);
    let same: Vec<&str> = parts.iter().filter(|part| part.lines.is_empty()).map(|part| part.title).collect();
    html! {
        <section id="tryout-compare" class="compare" aria-labelledby="tryout-compare-title">
            <h3 id="tryout-compare-title">{ format!("From run {first} to run {second}") }</h3>
            for part in parts.iter().filter(|part| !part.lines.is_empty()) {
                { shown(part) }
            }
            if !same.is_empty() {
                <p class="help" id="tryout-compare-same">{ format!("The same in both: {}.", same.join(", ").to_lowercase()) }</p>
            }
        </section>
    }
}

fn shown(part: &Part) -> Html {
    html! {
        <>
            <h4>{ part.title }</h4>
            <pre class="code wrapped" data-part={part.title} tabindex="0" role="region" aria-label={format!("What differs: {}", part.title)}>
                for line in &part.lines {
                    { marked(line) }
                }
            </pre>
        </>
    }
}

/// The mark is text, because nobody hears a colour.
fn marked(Line { side, text }: &Line) -> Html {
    match side {
        Side::Both => html! { <span class="line">{ format!("  {text}\n") }</span> },
        Side::First => html! { <del class="line">{ format!("- {text}\n") }</del> },
        Side::Second => html! { <ins class="line">{ format!("+ {text}\n") }</ins> },
        Side::LeftOut => html! { <span class="line c">{ format!("… {text}\n") }</span> },
    }
}
