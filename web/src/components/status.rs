//! The one place where changes are said to people who cannot see them: politely, and not at every keystroke. What just
//! happened and what became of the script are two regions, so that neither drives the other out before it is heard.

use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use crate::browser;
use crate::model::diff;
use crate::model::sheet::Sheet;

/// Without a keystroke.
const PAUSE: Duration = Duration::from_millis(800);

#[derive(Properties, PartialEq)]
pub struct StatusProps {
    /// What just happened.
    pub said: Rc<str>,
    pub sheet: Rc<Sheet>,
}

#[component]
pub fn Status(props: &StatusProps) -> Html {
    let script = use_state(|| Rc::<str>::from(""));
    {
        let script = script.clone();
        let sheet = Rc::clone(&props.sheet);
        // What was heard of last; nothing is said of the script that the page begins with.
        let heard = use_mut_ref(|| Rc::clone(&sheet.script));
        let news = (Rc::clone(&sheet.script), sheet.problems.len());
        let first = use_mut_ref(|| true);
        use_effect_with(news, move |_| {
            let say = move || {
                let before = heard.replace(Rc::clone(&sheet.script));
                script.set(update(&before, &sheet).into());
            };
            let timer = (!first.replace(false)).then(|| browser::timer(PAUSE, say));
            move || {
                if let Some(timer) = timer {
                    timer.cancel();
                }
            }
        });
    }
    html! {
        <>
            <p id="status" class="sr" role="status" aria-live="polite">{ &*props.said }</p>
            <p id="script-status" class="sr" role="status" aria-live="polite">{ &**script }</p>
        </>
    }
}

/// "Script updated: 3 lines changed, 11,204 of 16,384 bytes"
fn update(before: &str, sheet: &Sheet) -> String {
    let lines = match diff::count(before, &sheet.script) {
        0 => "Script unchanged".into(),
        1 => "Script updated: 1 line changed".into(),
        count => format!("Script updated: {count} lines changed"),
    };
    let size = sheet.size().words();
    match sheet.problems.len() {
        0 => format!("{lines}, {size}"),
        1 => format!("{lines}, {size}, 1 problem"),
        count => format!("{lines}, {size}, {count} problems"),
    }
}
