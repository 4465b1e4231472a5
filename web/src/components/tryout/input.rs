//! The delivery that is tried: headers, body, secret, and the box that is assumed.

use std::rc::Rc;

use pushbox_shared::ec2::State;
use yew::prelude::*;

use super::dispatch::Dispatch;
use super::paste::Paste;
use super::proof::Proof;
use super::sample_picker::SamplePicker;
use crate::browser;
use crate::components::select::Select;
use crate::model::amount::grouped;
use crate::model::samples::Samples;
use crate::model::tryout::{Body, Delivery};
use crate::state::tryout::{Edit, Refused};

#[derive(Properties, PartialEq)]
pub struct TryoutInputProps {
    pub delivery: Rc<Delivery>,
    pub refused: Option<Refused>,
    /// What should be known of what was pasted last.
    pub remarks: Rc<[String]>,
    pub samples: Samples,
    pub dispatch: Dispatch,
}

/// What a box can be found in.
const BOX_STATES: [State; 4] = [State::Pending, State::Running, State::Stopping, State::Stopped];

#[component]
pub fn TryoutInput(props: &TryoutInputProps) -> Html {
    let delivery = &props.delivery;
    let edit = |edit: fn(String) -> Edit| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: InputEvent| {
            dispatch.dispatch(edit(browser::value(&event)));
        })
    };
    let do_now = |edit: fn(u64) -> Edit| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(edit(browser::now().as_secs())))
    };
    html! {
        <div class="tryout-input">
            <SamplePicker samples={props.samples.clone()} name={Rc::clone(&delivery.name)} since={delivery.since} dispatch={props.dispatch.clone()} />
            <Paste remarks={Rc::clone(&props.remarks)} refused={props.refused.clone()} dispatch={props.dispatch.clone()} />
            <div class="field">
                <label for="tryout-headers">{ "Headers" }</label>
                <textarea
                    id="tryout-headers"
                    rows="6"
                    value={delivery.headers.to_string()}
                    placeholder={"X-GitHub-Event: push\nX-Hub-Signature-256: sha256=…"}
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-describedby="tryout-headers-help"
                    oninput={edit(Edit::Headers)}
                />
                <p class="help" id="tryout-headers-help">{ "Name: value lines, or a JSON object." }</p>
            </div>
            { body(props, edit(Edit::BodyText)) }
            <Proof delivery={delivery} dispatch={props.dispatch.clone()} />
            if let Some(Refused::Proof(why)) = &props.refused {
                <p class="fault" id="tryout-refused" role="alert">{ &**why }</p>
            }
            <div class="pair">
                <div class="field">
                    <label for="tryout-box">{ "The box is" }</label>
                    { box_state(props) }
                </div>
                <div class="field">
                    <label for="tryout-box-delivery">{ "and saw last" }<span class="optional">{ " delivery id" }</span></label>
                    <input
                        id="tryout-box-delivery"
                        type="text"
                        value={delivery.box_delivery.to_string()}
                        autocomplete="off"
                        spellcheck="false"
                        oninput={edit(Edit::BoxDelivery)}
                    />
                </div>
            </div>
            <details class="paste" open={!delivery.query.is_empty()}>
                <summary>{ "A GET has a query in place of a body" }</summary>
                <div class="field">
                    <label for="tryout-query">{ "Query" }</label>
                    <input
                        id="tryout-query"
                        type="text"
                        value={delivery.query.to_string()}
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-describedby="tryout-query-help"
                        oninput={edit(Edit::Query)}
                    />
                    <p class="help" id="tryout-query-help">{ "Gitea and Forgejo can send a GET with payload=… in its query, and no body. Empty for a POST." }</p>
                </div>
            </details>
            <button type="button" id="tryout-run" class="primary" onclick={do_now(Edit::Try)}>{ "Try it" }</button>
        </div>
    }
}

fn body(props: &TryoutInputProps, typed: Callback<InputEvent>) -> Html {
    let take_file = |dispatch: Dispatch| {
        move |name: String, bytes: Vec<u8>| {
            dispatch.dispatch(Edit::BodyFile(name, bytes));
        }
    };
    let choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| browser::chosen_file(&event, take_file(dispatch.clone())))
    };
    let drop_file = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: DragEvent| browser::dropped_file(&event, take_file(dispatch.clone())))
    };
    let empty = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Edit::BodyText(String::new()));
            browser::focus_soon("tryout-body".into());
        })
    };
    let widget = match &props.delivery.body {
        Body::Text(text) => html! {
            <textarea
                id="tryout-body"
                rows="10"
                value={text.to_string()}
                placeholder={"{\"ref\": \"refs/heads/main\", …}"}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby="tryout-body-help"
                oninput={typed}
                ondrop={drop_file}
            />
        },
        Body::File { name, bytes } => html! {
            <p class="from-file" id="tryout-body" tabindex="-1">
                <span>{ format!("{} bytes from {name}", grouped(bytes.len())) }</span>
                <button type="button" id="tryout-body-empty" class="quiet" onclick={empty}>{ "Type one instead" }</button>
            </p>
        },
    };
    let bytes = props.delivery.body.bytes().len();
    html! {
        <div class="field">
            <label for="tryout-body">{ "Body" }<span class="optional">{ format!(" {} bytes", grouped(bytes)) }</span></label>
            { widget }
            <label class="sr" for="tryout-file">{ "Body from a file" }</label>
            <input id="tryout-file" type="file" onchange={choose} />
            <p class="help" id="tryout-body-help">
                { "The signature covers every byte. A text box ends its lines with LF; a file is taken as it is." }
            </p>
        </div>
    }
}

fn box_state(props: &TryoutInputProps) -> Html {
    let states = BOX_STATES.iter().map(|state| (state.name().into(), state.name().into()));
    let options: Vec<(AttrValue, AttrValue)> =
        std::iter::once(("none".into(), "not there".into())).chain(states).collect();
    let chosen = props.delivery.box_state.map_or("none", State::name).into();
    let dispatch = props.dispatch.clone();
    let onchoose = Callback::from(move |name: String| {
        dispatch.dispatch(Edit::BoxState(State::from_name(&name)));
    });
    Select { id: "tryout-box", options, chosen, onchoose, ..Select::default() }.html()
}
