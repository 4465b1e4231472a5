//! The whole page below its title: form and preview side by side, the way to the first push and the tryout below them.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser;
use crate::components::form::Form;
use crate::components::import::Import;
use crate::components::preview::Preview;
use crate::components::status::Status;
use crate::components::steps::Steps;
use crate::components::tryout_door::TryoutDoor;
use crate::state::{Action, State};

#[component]
pub fn App() -> Html {
    let state = use_reducer(first_state);
    use_effect_with(Rc::clone(&state.draft), |draft| browser::keep(Rc::clone(draft)));
    let insist = {
        let dispatch = state.dispatcher();
        let sheet = Rc::clone(&state.sheet);
        Callback::from(move |()| {
            if sheet.problems.is_empty() {
                browser::download("pushbox.json", sheet.json.as_bytes());
                dispatch.dispatch(Action::Say("pushbox.json is downloaded".into()));
            } else {
                dispatch.dispatch(Action::Insist);
                browser::focus_soon("problems".into());
            }
        })
    };
    html! {
        <>
            if state.restored {
                <p id="restored" class="notice">{ "Your draft is back. What was in the tryout was not kept." }</p>
            }
            <div class="workbench">
                <Form
                    draft={&state.draft}
                    sheet={&state.sheet}
                    visited={&state.visited}
                    dispatch={state.dispatcher()}
                />
                <Preview
                    sheet={&state.sheet}
                    rows={state.draft.rows("run.env")}
                    function_url={&state.function_url}
                    tab={state.tab}
                    export={insist}
                    dispatch={state.dispatcher()}
                />
            </div>
            <Steps
                sheet={&state.sheet}
                function_url={&state.function_url}
                dispatch={state.dispatcher()}
            />
            <TryoutDoor sheet={&state.sheet} dispatch={state.dispatcher()} />
            <Import dispatch={state.dispatcher()} />
            <Status said={&state.said} sheet={&state.sheet} />
        </>
    }
}

/// Empty, or what a panic kept.
fn first_state() -> State {
    let Some(draft) = browser::take_kept() else { return State::default() };
    State { said: "Your draft is back".into(), restored: true, ..State::new(draft) }
}
