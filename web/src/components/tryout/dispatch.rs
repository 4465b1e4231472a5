//! The tryout's state as Yew keeps it.

use std::rc::Rc;

use yew::{Reducible, UseReducerDispatcher};

use crate::state::tryout::{Edit, State};

/// Makes an edit happen.
pub type Dispatch = UseReducerDispatcher<State>;

impl Reducible for State {
    type Action = Edit;

    fn reduce(self: Rc<State>, edit: Edit) -> Rc<State> {
        State::reduce(self, edit)
    }
}
