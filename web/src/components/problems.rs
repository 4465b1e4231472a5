//! Everything that is wrong with the draft, each with a link to where it is mended.

use pushbox_shared::config::Problem;
use yew::prelude::*;

use crate::browser;
use crate::model::draft::Row;
use crate::model::problem::{self, Heading};

/// A longer list helps nobody.
const SHOWN: usize = 50;

/// `rows` are those of `run.env`.
pub fn problems(problems: &[Problem], rows: &[Row]) -> Html {
    let count = problems.len();
    let Some(Heading { title, only_missing }) = problem::heading(problems) else { return Html::default() };
    html! {
        <section
            id="problems"
            class="problems"
            data-state={only_missing.then_some("missing")}
            tabindex="-1"
            aria-labelledby="problems-title"
        >
            <h3 id="problems-title">{ title }</h3>
            <ul>
                for found in problems.iter().take(SHOWN) {
                    { item(found, rows) }
                }
                if count > SHOWN {
                    <li>{ format!("and {} more", count - SHOWN) }</li>
                }
            </ul>
            <p class="help">{ "The function refuses such a config. Below is what could be read so far, not what would run." }</p>
        </section>
    }
}

fn item(found: &Problem, rows: &[Row]) -> Html {
    let path = if found.path.is_empty() { "pushbox.json" } else { &found.path };
    let label = problem::field(found).map_or(path, |field| field.label);
    let link = problem::target(found, rows).map(|target| {
        let href = format!("#{target}");
        let onclick = Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            browser::focus(&target);
        });
        html! { <a {href} {onclick}>{ label }</a> }
    });
    html! {
        <li data-path={path.to_string()}>
            { link.unwrap_or_else(|| html! { <code>{ path }</code> }) }
            { " " }
            <span class="message">{ &found.message }</span>
        </li>
    }
}
