//! The button that opens the import, which is a part of the annex, in a place of the shell.

use yew::prelude::*;

use crate::annex;
use crate::browser;
use crate::model::draft::Draft;
use crate::state::{Action, Dispatch};

#[derive(Properties, PartialEq)]
pub struct ImportDoorProps {
    pub dispatch: Dispatch,
}

#[component]
pub fn ImportDoor(props: &ImportDoorProps) -> Html {
    let failed = use_state_eq(AttrValue::default);
    let replace = {
        let dispatch = props.dispatch.clone();
        use_memo((), |()| browser::function(move |saved: String| replace(&dispatch, &saved)))
    };
    let onclick = {
        let (failed, dispatch) = (failed.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let (failed, dispatch, replace) = (failed.clone(), dispatch.clone(), replace.clone());
            browser::spawn(async move {
                let annex = annex::fetch().await;
                failed.set(annex.as_ref().err().cloned().unwrap_or_default().into());
                match (annex, browser::element("import-place")) {
                    (Ok(annex), Some(place)) => annex.open_import(&place, &replace),
                    (Err(why), _) => dispatch.dispatch(Action::Say(why)),
                    (Ok(_), None) => {}
                }
            });
        })
    };
    html! {
        <>
            <button type="button" id="open-import" class="quiet" {onclick}>{ "Import pushbox.json…" }</button>
            if !failed.is_empty() {
                <p class="fault" id="import-failed">{ &*failed }</p>
            }
        </>
    }
}

/// The dialog says what is wrong with the file.
fn replace(dispatch: &Dispatch, saved: &str) {
    dispatch.dispatch(Action::Replace(Draft::restore(saved)));
    dispatch.dispatch(Action::Say("pushbox.json is taken over".into()));
}
