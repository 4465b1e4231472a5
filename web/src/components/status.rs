//! The one place where changes are said to people who cannot see them: politely, and not at every keystroke.

use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use crate::browser;
use crate::model::sheet::Sheet;

#[derive(Properties, PartialEq)]
pub struct StatusProps {
    /// What just happened.
    pub said: Rc<str>,
    pub sheet: Rc<Sheet>,
}

#[component]
pub fn Status(props: &StatusProps) -> Html {
    let shown = use_state(|| Rc::clone(&props.said));
    {
        let shown = shown.clone();
        use_effect_with(Rc::clone(&props.said), move |said| shown.set(Rc::clone(said)));
    }
    {
        let shown = shown.clone();
        let first = use_mut_ref(|| true);
        use_effect_with(news(&props.sheet), move |news| {
            let news: Rc<str> = news.as_str().into();
            let timer = (!first.replace(false))
                .then(|| browser::timer(Duration::from_millis(800), move || shown.set(news)));
            move || {
                if let Some(timer) = timer {
                    timer.cancel();
                }
            }
        });
    }
    html! { <p id="status" class="sr" role="status" aria-live="polite">{ &**shown }</p> }
}

fn news(sheet: &Sheet) -> String {
    let size = format!("Script updated: {}", sheet.size());
    match sheet.problems.len() {
        0 => size,
        1 => format!("{size}, 1 problem"),
        count => format!("{size}, {count} problems"),
    }
}
