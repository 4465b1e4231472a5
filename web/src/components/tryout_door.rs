//! The way into the tryout. It is a part of the annex and an app of its own, in a place of the shell that is outside of this
//! one: two apps of yew must not lie in each other.

use std::rc::Rc;

use yew::prelude::*;

use crate::annex::{Access, use_annex, waiting};
use crate::browser;
use crate::model::sheet::Sheet;
use crate::state::{Action, Dispatch};

#[derive(Properties, PartialEq)]
pub struct TryoutDoorProps {
    pub sheet: Rc<Sheet>,
    pub dispatch: Dispatch,
}

#[component]
pub fn TryoutDoor(props: &TryoutDoorProps) -> Html {
    let opened = use_state_eq(|| false);
    let (access, again) = use_annex(*opened, &props.dispatch);
    use_effect_with((), move |()| {
        let listener = browser::on_unfold("tryout", move || opened.set(true));
        move || drop(listener)
    });
    let answers = {
        let dispatch = props.dispatch.clone();
        use_memo((), |()| {
            let say = dispatch.clone();
            (
                browser::function(move |url| dispatch.dispatch(Action::Type("repo.url", url))),
                browser::function(move |text| say.dispatch(Action::Say(text))),
            )
        })
    };
    use_effect_with((access.clone(), Rc::clone(&props.sheet)), move |(access, sheet)| {
        if let (Access::Open(annex), Some(place)) = (access, browser::element("tryout-place")) {
            let (use_repository, say) = &*answers;
            annex.show_tryout(&place, &sheet.json, sheet.problems.len(), use_repository, say);
        }
    });
    match browser::element("tryout-wait") {
        Some(place) => create_portal(waiting("tryout", &access, again), place),
        None => Html::default(),
    }
}
