//! A button that has the annex put every file of the form into one zip, with the function's program if the page has it.

use std::rc::Rc;

use pushbox_shared::config::Choice;
use yew::prelude::*;

use crate::annex;
use crate::browser;
use crate::model::sheet::Sheet;

/// As `pushbox render archive` calls it.
const FILE: &str = "pushbox.zip";

#[derive(Properties, PartialEq)]
pub struct EverythingProps {
    pub sheet: Rc<Sheet>,
}

#[component]
pub fn Everything(props: &EverythingProps) -> Html {
    let said = use_state(AttrValue::default);
    let onclick = {
        let (said, sheet) = (said.clone(), Rc::clone(&props.sheet));
        Callback::from(move |_: MouseEvent| {
            let (said, sheet) = (said.clone(), Rc::clone(&sheet));
            said.set("Loading…".into());
            browser::spawn(async move {
                let made = made(&sheet).await.map(|bytes| browser::download(FILE, &bytes));
                said.set(made.map_or_else(|why| why, |()| format!("{FILE} is downloaded.")).into());
            });
        })
    };
    let is_ready = props.sheet.problems.is_empty();
    html! {
        <div class="everything">
            <button type="button" id="download-everything" class="quiet" disabled={!is_ready} {onclick}>
                { "Download everything" }
            </button>
            <span class="note" id="download-everything-said" role="status">{ if is_ready { (*said).clone() } else { "".into() } }</span>
        </div>
    }
}

async fn made(sheet: &Sheet) -> Result<Vec<u8>, String> {
    let base = browser::fetch(&format!("function-{}.zip", sheet.config.function.arch.name()));
    let annex = annex::fetch().await?;
    // Without the program the archive says what to do instead.
    let base = base.await.unwrap_or_default();
    annex.archive(&sheet.json, sheet.function_url.as_deref(), &base)
}
