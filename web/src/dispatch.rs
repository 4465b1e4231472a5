//! How what is shown makes an action happen.

use yew::Callback;

use crate::state::Action;

/// Makes an action happen.
#[derive(Clone, PartialEq)]
pub struct Dispatch(Callback<Action>);

impl Dispatch {
    pub fn new(act: Callback<Action>) -> Dispatch {
        Dispatch(act)
    }

    pub fn dispatch(&self, action: Action) {
        self.0.emit(action);
    }
}

/// Says a text to people who cannot see what changed.
pub fn say(dispatch: &Dispatch) -> Callback<String> {
    let dispatch = dispatch.clone();
    Callback::from(move |text| dispatch.dispatch(Action::Say(text)))
}
