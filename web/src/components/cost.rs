//! What a month costs, an app of its own in the annex: the bill of the form's config, and other ways beside it.

use std::rc::Rc;

use pushbox_shared::config::{self, Config, Problem};
use pushbox_shared::cost::HOURS;
use yew::prelude::*;

use crate::browser;
use crate::model::cost::{Bar, Bill, Said, bill};

#[derive(Properties, PartialEq)]
pub struct CostProps {
    /// As much of the form's config as could be read.
    pub config: Rc<Config>,
}

#[component]
pub fn Cost(props: &CostProps) -> Html {
    let said = use_state(Said::default);
    let bill = match bill(&props.config, *said, browser::now()) {
        Ok(bill) => bill,
        Err(problem) => return without_price(&problem),
    };
    let set = |change: fn(Said, f64) -> Said| {
        let said = said.clone();
        Callback::from(move |value| said.set(change(*said, value)))
    };
    let hours = set(|said, hours| Said { hours: Some(hours), ..said });
    let out = set(|said, data_out_gb| Said { data_out_gb, ..said });
    html! {
        <>
            <div class="bill">
                <h3 class="total" id="cost-total">{ &bill.total }</h3>
                { stack(&bill) }
                <dl>{ for bill.parts.iter().map(part) }</dl>
                { HOURS_SLIDER.html(bill.hours, &bill.asleep, hours) }
                { OUT_SLIDER.html(said.data_out_gb, &bill.total, out) }
            </div>
            <div class="bill">
                <h3>{ "Beside it" }</h3>
                <dl id="cost-ways">{ for bill.ways.iter().map(|one| way(one, bill.way)) }</dl>
                if let Some(verdict) = &bill.verdict {
                    <p id="cost-verdict">{ verdict }</p>
                }
                <ul class="notes" id="cost-notes">
                    for note in &bill.notes {
                        <li>{ note }</li>
                    }
                </ul>
            </div>
        </>
    }
}

fn without_price(problem: &Problem) -> Html {
    let path = problem.path.clone();
    let label = config::field(&path).map_or("the field", |field| field.label);
    html! {
        <div class="bill">
            <p id="cost-problem">{ format!("{label}: {}", problem.message) }</p>
            <div>
                <button type="button" id="cost-mend" onclick={move |_| browser::focus(&path)}>
                    { format!("Go to {label}") }
                </button>
            </div>
        </div>
    }
}

/// All parts in one line. What it shows is said below it.
fn stack(bill: &Bill) -> Html {
    html! {
        <svg class="stack" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
            { for bill.parts.iter().map(|part| rect(part, part.figure.id)) }
        </svg>
    }
}

fn rect(bar: &Bar, class: &'static str) -> Html {
    html! { <rect class={class} x={bar.start.to_string()} width={bar.length.to_string()} height="1" /> }
}

fn part(part: &Bar) -> Html {
    html! {
        <div id={format!("cost-{}", part.figure.id)}>
            <dt><span class={classes!("swatch", part.figure.id)} aria-hidden="true"></span>{ part.figure.label }</dt>
            <dd>{ &part.amount }</dd>
            <dd class="help">{ &part.figure.assumes }</dd>
        </div>
    }
}

fn way(way: &Bar, chosen: &str) -> Html {
    let is_chosen = way.figure.id == chosen;
    html! {
        <div id={format!("way-{}", way.figure.id)} class={classes!(is_chosen.then_some("chosen"))}>
            <dt>{ way.figure.label }{ if is_chosen { ", as in the form" } else { "" } }</dt>
            <dd>{ &way.amount }</dd>
            <dd class="help">{ &way.figure.assumes }</dd>
            <dd class="line" aria-hidden="true">
                <svg class="stack" viewBox="0 0 100 1" preserveAspectRatio="none">{ rect(way, "way") }</svg>
            </dd>
        </div>
    }
}

struct Slider {
    id: &'static str,
    label: &'static str,
    most: f64,
    step: &'static str,
    unit: &'static str,
}

const HOURS_SLIDER: Slider = Slider {
    id: "cost-hours",
    label: "Hours a month in which it is on, if it sleeps",
    most: HOURS,
    step: "1",
    unit: "hours",
};

/// Beyond its end somebody has other worries.
const OUT_SLIDER: Slider =
    Slider { id: "cost-fetched", label: "What visitors fetch from it", most: 1_000.0, step: "5", unit: "GB" };

impl Slider {
    /// `says` follows the value for those who hear it.
    fn html(&self, value: f64, says: &str, set: Callback<f64>) -> Html {
        let Slider { id, label, most, step, unit } = *self;
        let oninput = Callback::from(move |event: InputEvent| {
            if let Ok(value) = browser::value(&event).parse() {
                set.emit(value);
            }
        });
        let (value, most) = (format!("{value:.0}"), most.to_string());
        let shown = format!("{value} {unit}");
        let heard = format!("{shown}: {says}");
        html! {
            <div class="slider">
                <label for={id}>{ label }</label>
                <span aria-hidden="true">{ shown }</span>
                <input type="range" {id} min="0" max={most} {step} {value} aria-valuetext={heard} {oninput} />
            </div>
        }
    }
}
