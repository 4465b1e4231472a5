//! The whole page below its title: form and preview side by side, the way to the first push and the tryout below them.

use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use crate::browser;
use crate::components::draft_keeper::offer;
use crate::components::form::Form;
use crate::components::link::link_problems;
use crate::components::preview::Preview;
use crate::components::status::Status;
use crate::components::steps::steps;
use crate::components::tryout_door::TryoutDoor;
use crate::model::history;
use crate::state::{Action, Dispatch, State};

/// Who stops typing for so long begins a new step.
const PAUSE: Duration = Duration::from_secs(1);

#[component]
pub fn App() -> Html {
    let state = use_reducer(first_state);
    use_effect_with(Rc::clone(&state.draft), |draft| browser::keep(Rc::clone(draft)));
    use_effect_with(state.form(), {
        let dispatch = state.dispatcher();
        move |_| {
            let timer = browser::timer(PAUSE, move || dispatch.dispatch(Action::Pause));
            move || drop(timer)
        }
    });
    use_effect_with(state.turned.clone(), |(_, change)| {
        if let Some(change) = change {
            browser::focus_first(&change.places());
        }
    });
    use_effect_with(state.address.clone(), |address| {
        browser::set_address(&address.link.text, address.is_new);
    });
    // What is offered stays as it is until somebody has chosen.
    let kept = state.keeps.then(|| Rc::clone(&state.address.link));
    use_effect_with((kept, state.offer.is_none()), {
        let dispatch = state.dispatcher();
        move |(kept, is_free)| {
            let text = kept.as_ref().map(|link| link.text.as_str());
            if *is_free && !browser::keep_link(text) {
                dispatch.dispatch(Action::Keep(false));
                dispatch.dispatch(Action::Say("This browser keeps nothing for this page".into()));
            }
        }
    });
    use_effect_with((), {
        let dispatch = state.dispatcher();
        move |()| listen(dispatch)
    });
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
            if state.offer.is_some() {
                { offer(&state.dispatcher()) }
            }
            { link_problems(&state.link_problems) }
            <div class="workbench">
                <Form
                    draft={&state.draft}
                    sheet={&state.sheet}
                    visited={&state.visited}
                    undo={state.history.undoable()}
                    redo={state.history.redoable()}
                    link={&state.address.link}
                    taken={&state.taken}
                    preset={state.preset}
                    keeps={state.keeps}
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
            { steps(&state.sheet, &state.function_url, &state.dispatcher()) }
            <TryoutDoor sheet={&state.sheet} dispatch={state.dispatcher()} />
            <Status said={&state.said} sheet={&state.sheet} />
        </>
    }
}

/// What comes from the whole window, as long as the page is open.
fn listen(dispatch: Dispatch) {
    browser::on_address({
        let dispatch = dispatch.clone();
        move |fragment| dispatch.dispatch(Action::Arrive(fragment))
    });
    browser::on_key(move |key, command, shift| {
        let turn = history::turn(key, command, shift);
        if let Some(turn) = turn {
            dispatch.dispatch(Action::Turn(turn));
        }
        turn.is_some()
    });
}

fn first_state() -> State {
    State::first(browser::take_kept(), &browser::fragment(), browser::kept_link())
}
