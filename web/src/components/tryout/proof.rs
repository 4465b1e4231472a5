//! The secret, what is signed with it, and each way to break that on purpose.

use std::rc::Rc;

use pushbox_shared::webhook::{Breakage, Provider};
use yew::prelude::*;

use super::dispatch::Dispatch;
use crate::browser;
use crate::components::select::Select;
use crate::model::tryout::Delivery;
use crate::state::tryout::Edit;

#[derive(Properties, PartialEq)]
pub struct ProofProps {
    pub delivery: Rc<Delivery>,
    pub dispatch: Dispatch,
}

#[component]
pub fn Proof(props: &ProofProps) -> Html {
    let typed = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: InputEvent| dispatch.dispatch(Edit::Secret(browser::value(&event))))
    };
    let sign = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Edit::Sign(browser::now().as_secs())))
    };
    html! {
        <>
            <div class="pair">
                <div class="field">
                    <label for="tryout-secret">{ "Secret" }</label>
                    <SecretInput secret={props.delivery.secret.to_string()} oninput={typed} />
                </div>
                <div class="field">
                    <label for="tryout-provider">{ "Sign as" }</label>
                    <div class="with-button">
                        { provider(props) }
                        <button type="button" id="tryout-sign" onclick={sign}>{ "Sign" }</button>
                    </div>
                </div>
            </div>
            <Breaker delivery={&props.delivery} dispatch={props.dispatch.clone()} />
        </>
    }
}

fn provider(props: &ProofProps) -> Html {
    let options: Vec<(AttrValue, AttrValue)> =
        Provider::ALL.iter().map(|provider| (provider.name().into(), provider.label().into())).collect();
    let dispatch = props.dispatch.clone();
    let onchoose = Callback::from(move |name: String| {
        if let Ok(provider) = name.parse() {
            dispatch.dispatch(Edit::Provider(provider));
        }
    });
    let chosen = props.delivery.provider.name().into();
    Select { id: "tryout-provider", options, chosen, onchoose, ..Select::default() }.html()
}

#[component]
fn Breaker(props: &ProofProps) -> Html {
    let chosen = use_state_eq(|| Breakage::OtherSecret);
    let offered = props.delivery.breakages();
    let breakage = if offered.contains(&chosen) { *chosen } else { Breakage::OtherSecret };
    let options: Vec<(AttrValue, AttrValue)> =
        offered.iter().map(|breakage| (breakage.name().into(), breakage.label().into())).collect();
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |name: String| {
            if let Some(breakage) = Breakage::from_name(&name) {
                chosen.set(breakage);
            }
        })
    };
    let onclick = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Edit::Break(breakage, browser::now().as_secs()));
        })
    };
    let chosen = breakage.name().into();
    let select = Select { id: "tryout-breakage", options, chosen, onchoose, ..Select::default() };
    html! {
        <div class="field">
            <label for="tryout-breakage">{ "Break it on purpose" }</label>
            <div class="with-button">
                { select.html() }
                <button type="button" id="tryout-break" {onclick}>{ "Break" }</button>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SecretInputProps {
    secret: String,
    oninput: Callback<InputEvent>,
}

#[component]
fn SecretInput(props: &SecretInputProps) -> Html {
    let shown = use_state(|| false);
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    html! {
        <div class="with-button">
            <input
                id="tryout-secret"
                type={if *shown { "text" } else { "password" }}
                value={props.secret.clone()}
                autocomplete="off"
                spellcheck="false"
                oninput={&props.oninput}
            />
            <button type="button" id="tryout-secret-show" aria-pressed={shown.to_string()} aria-label="Show the secret" onclick={toggle}>
                { if *shown { "Hide" } else { "Show" } }
            </button>
        </div>
    }
}
