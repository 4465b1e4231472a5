//! A button that makes `function.zip`: it fetches the function's program, which is a file of this page, and puts the config
//! beside it.

use std::rc::Rc;

use pushbox_shared::config::Choice;
use pushbox_shared::export::zip;
use yew::prelude::*;

use crate::browser;
use crate::model::sheet::Sheet;

#[derive(Properties, PartialEq)]
pub struct FunctionZipProps {
    pub id: AttrValue,
    pub sheet: Rc<Sheet>,
}

#[component]
pub fn FunctionZip(props: &FunctionZipProps) -> Html {
    let said = use_state(AttrValue::default);
    let onclick = {
        let (said, sheet) = (said.clone(), Rc::clone(&props.sheet));
        Callback::from(move |_: MouseEvent| {
            let (said, sheet) = (said.clone(), Rc::clone(&sheet));
            said.set("Fetching the function's program…".into());
            let base = browser::fetch(&format!("function-{}.zip", sheet.config.function.arch.name()));
            browser::spawn(async move { said.set(make(base.await, &sheet).into()) });
        })
    };
    let is_ready = props.sheet.problems.is_empty();
    html! {
        <>
            <button type="button" id={&props.id} disabled={!is_ready} {onclick}>{ "Download function.zip" }</button>
            <p class="note" id={format!("{}-said", props.id)} role="status">
                { if is_ready { (*said).clone() } else { "The form has a problem still.".into() } }
            </p>
        </>
    }
}

/// Downloads it, and says what came of that.
fn make(base: Result<Vec<u8>, String>, sheet: &Sheet) -> String {
    let Ok(base) = base else {
        return "This page was built without the function's program. A page that `cargo xtask dist` builds has it; or give \
                the installer one: bash install.sh --from URL"
            .into();
    };
    match zip::function(&base, &sheet.config) {
        Ok(zip) => {
            browser::download("function.zip", &zip);
            "function.zip is downloaded.".into()
        }
        Err(error) => format!("The function's program on this page cannot be used: it {error}"),
    }
}
