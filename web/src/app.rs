//! The whole page below its title: form and preview side by side, the way to the first push and the tryout below them.

use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use crate::annex;
use crate::browser::{self, Timer};
use crate::components::draft_keeper::offer;
use crate::components::form::form;
use crate::components::link::link_problems;
use crate::components::outputs::again;
use crate::components::preview::preview;
use crate::components::status::status;
use crate::dispatch::Dispatch;
use crate::doors::{Doors, waiting_rooms};
use crate::model::history;
use crate::model::presets::preset;
use crate::state::{Access, Action, State};

/// Who stops typing for so long begins a new step.
const PAUSE: Duration = Duration::from_secs(1);

pub struct App {
    state: Rc<State>,
    dispatch: Dispatch,
    doors: Doors,
    /// The state as it was last drawn.
    drawn: Option<Rc<State>>,
    typing: Option<Timer>,
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(context: &Context<App>) -> App {
        let dispatch = Dispatch::new(context.link().callback(|action| action));
        listen(dispatch.clone());
        let state = State::first(browser::take_kept(), &browser::fragment(), browser::kept_link());
        let doors = Doors::new(&dispatch);
        App { state: Rc::new(state), dispatch, doors, drawn: None, typing: None }
    }

    fn update(&mut self, _: &Context<App>, action: Action) -> bool {
        let old = Rc::clone(&self.state);
        self.state = Rc::clone(&old).reduce(action);
        // The same state is not drawn again.
        !Rc::ptr_eq(&old, &self.state)
    }

    fn rendered(&mut self, _: &Context<App>, is_first: bool) {
        if is_first {
            let dispatch = self.dispatch.clone();
            browser::after(Duration::ZERO, move || dispatch.dispatch(Action::DrawFolded));
        }
        let drawn = self.drawn.replace(Rc::clone(&self.state));
        self.follow(drawn.as_deref());
    }

    fn view(&self, _: &Context<App>) -> Html {
        let state = &self.state;
        html! {
            <>
                if state.kept.restored {
                    <p id="restored" class="notice">{ "Your draft is back. What was in the tryout was not kept." }</p>
                }
                if state.kept.offer.is_some() {
                    { offer(&self.dispatch) }
                }
                { link_problems(&state.view.link_problems) }
                <div class="workbench">
                    { form(state, &self.dispatch) }
                    { preview(state, &self.dispatch) }
                </div>
                { waiting_rooms(state, &again(&self.dispatch)) }
                { status(state) }
            </>
        }
    }
}

impl App {
    /// What the browser has of the state follows it; `old` is what it has now.
    fn follow(&mut self, old: Option<&State>) {
        let state = &self.state;
        if !old.is_some_and(|old| Rc::ptr_eq(&old.form.draft, &state.form.draft)) {
            browser::keep(Rc::clone(&state.form.draft));
        }
        if !old.is_some_and(|old| old.is_same_form(state)) {
            let dispatch = self.dispatch.clone();
            self.typing = Some(browser::timer(PAUSE, move || dispatch.dispatch(Action::Pause)));
        }
        if let (true, Some(change)) =
            (old.is_some_and(|old| old.past.turned != state.past.turned), &state.past.turned.1)
        {
            browser::focus_first(&change.places());
        }
        if old.is_none_or(|old| old.address != state.address) {
            browser::set_address(&state.address.link.text, state.address.is_new);
        }
        self.doors.follow(old, state);
        if state.annex.access == Access::Fetching
            && old.is_none_or(|old| old.annex.access != Access::Fetching)
        {
            let dispatch = self.dispatch.clone();
            browser::spawn(
                async move { dispatch.dispatch(Action::Fetched(annex::fetch().await.map(|_| ()))) },
            );
        }
        if let Some(address) = preset(state.form.preset).address()
            && old.is_none_or(|old| old.form.preset != state.form.preset)
        {
            let (id, dispatch) = (state.form.preset, self.dispatch.clone());
            browser::spawn(async move {
                let file = annex::fetch_text(&address).await;
                dispatch.dispatch(Action::Dockerfile(id, file.map(Rc::from)));
            });
        }
        // What is offered stays as it is until somebody has chosen.
        let kept = |state: &State| {
            (state.kept.keeps.then(|| Rc::clone(&state.address.link)), state.kept.offer.is_none())
        };
        let (link, is_free) = kept(state);
        if is_free && old.map(kept) != Some((link.clone(), is_free)) {
            let text = link.as_ref().map(|link| link.text.as_str());
            if !browser::keep_link(text) {
                self.dispatch.dispatch(Action::Keep(false));
                self.dispatch.dispatch(Action::Say("This browser keeps nothing for this page".into()));
            }
        }
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
