//! The button that opens the import, which is a part of the annex, in a place of the shell.

use yew::prelude::*;

use crate::annex;
use crate::browser;
use crate::model::pasted::Import;
use crate::state::{Action, Dispatch};

#[derive(Properties, PartialEq)]
pub struct ImportDoorProps {
    pub dispatch: Dispatch,
}

#[component]
pub fn ImportDoor(props: &ImportDoorProps) -> Html {
    let failed = use_state_eq(AttrValue::default);
    let take = {
        let dispatch = props.dispatch.clone();
        use_memo((), |()| browser::function(move |import: String| take(&dispatch, &import)))
    };
    let onclick = {
        let (failed, dispatch) = (failed.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let (failed, dispatch, take) = (failed.clone(), dispatch.clone(), take.clone());
            browser::spawn(async move {
                let annex = annex::fetch().await;
                failed.set(annex.as_ref().err().cloned().unwrap_or_default().into());
                match (annex, browser::element("import-place")) {
                    (Ok(annex), Some(place)) => annex.open_import(&place, &take),
                    (Err(why), _) => dispatch.dispatch(Action::Say(why)),
                    (Ok(_), None) => {}
                }
            });
        })
    };
    html! {
        <>
            <button type="button" id="open-import" class="quiet" {onclick}>{ "Import…" }</button>
            if !failed.is_empty() {
                <p class="fault" id="import-failed">{ &*failed }</p>
            }
        </>
    }
}

/// The dialog says what could not be used.
fn take(dispatch: &Dispatch, import: &str) {
    if let Some(Import { goes, said, draft }) = Import::from_text(import) {
        // Which variables are secret now is said after this.
        dispatch.dispatch(Action::Say(said));
        dispatch.dispatch(Action::Import(goes, draft));
    }
}
