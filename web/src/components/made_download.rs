//! A button that has the annex make a file, and downloads it. For `function.zip` it also fetches the function's program, which
//! is a file of this page.

use std::rc::Rc;

use pushbox_shared::config::Choice;
use yew::prelude::*;

use crate::annex;
use crate::browser;
use crate::model::sheet::Sheet;
use crate::model::tabs::Tab;

#[derive(Properties, PartialEq)]
pub struct MadeDownloadProps {
    pub id: AttrValue,
    pub tab: Tab,
    pub sheet: Rc<Sheet>,
}

#[component]
pub fn MadeDownload(props: &MadeDownloadProps) -> Html {
    let said = use_state(AttrValue::default);
    let onclick = {
        let (said, sheet, tab) = (said.clone(), Rc::clone(&props.sheet), props.tab);
        Callback::from(move |_: MouseEvent| {
            let (said, sheet) = (said.clone(), Rc::clone(&sheet));
            said.set("Loading…".into());
            browser::spawn(async move {
                let made = made(tab, &sheet).await.map(|bytes| browser::download(tab.file(), &bytes));
                said.set(made.map_or_else(|why| why, |()| format!("{} is downloaded.", tab.file())).into());
            });
        })
    };
    let is_ready = props.sheet.problems.is_empty();
    html! {
        <>
            <button type="button" id={&props.id} disabled={!is_ready} {onclick}>{ format!("Download {}", props.tab.file()) }</button>
            <p class="note" id={format!("{}-said", props.id)} role="status">
                { if is_ready { (*said).clone() } else { "The form has a problem still.".into() } }
            </p>
        </>
    }
}

async fn made(tab: Tab, sheet: &Sheet) -> Result<Vec<u8>, String> {
    if tab == Tab::FunctionZip {
        let base = browser::fetch(&format!("function-{}.zip", sheet.config.function.arch.name()));
        let annex = annex::fetch().await?;
        return annex.function_zip(&base.await.map_err(|_| NO_PROGRAM)?, &sheet.json);
    }
    let text = annex::fetch().await?.render(tab.id(), &sheet.json);
    Ok(text.ok_or("The form has a problem still.")?.into_bytes())
}

const NO_PROGRAM: &str = "This page was built without the function's program. A page that `cargo xtask dist` builds has it; or \
                          give the installer one: bash install.sh --from URL";
