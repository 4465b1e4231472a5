//! A button that has the annex make a file, and downloads it. For `function.zip`, and for everything in one, it also fetches the
//! function's program, which is a file of this page.

use std::rc::Rc;

use pushbox_shared::config::Choice;
use yew::prelude::*;

use crate::annex;
use crate::browser;
use crate::model::sheet::Sheet;
use crate::model::tabs::Tab;

#[derive(Clone, Copy, PartialEq)]
pub enum Made {
    Tab(Tab),
    /// Every file of the form in one zip.
    Everything,
}

impl Made {
    fn file(self) -> &'static str {
        match self {
            Made::Tab(tab) => tab.file(),
            // As `pushbox render archive` calls it.
            Made::Everything => "pushbox.zip",
        }
    }

    fn label(self) -> String {
        match self {
            Made::Tab(tab) => format!("Download {}", tab.file()),
            Made::Everything => "Download everything".into(),
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct MadeDownloadProps {
    pub id: AttrValue,
    pub made: Made,
    pub sheet: Rc<Sheet>,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn MadeDownload(props: &MadeDownloadProps) -> Html {
    let said = use_state(AttrValue::default);
    let onclick = {
        let (said, sheet, made) = (said.clone(), Rc::clone(&props.sheet), props.made);
        Callback::from(move |_: MouseEvent| {
            let (said, sheet) = (said.clone(), Rc::clone(&sheet));
            said.set("Loading…".into());
            browser::spawn(async move {
                let file = made.file();
                let bytes = bytes_of(made, &sheet).await.map(|bytes| browser::download(file, &bytes));
                said.set(bytes.map_or_else(|why| why, |()| format!("{file} is downloaded.")).into());
            });
        })
    };
    let is_ready = props.sheet.problems.is_empty();
    html! {
        <>
            <button type="button" id={&props.id} class={props.class.clone()} disabled={!is_ready} {onclick}>{ props.made.label() }</button>
            <p class="note" id={format!("{}-said", props.id)} role="status">
                { match (is_ready, props.made) {
                    (true, _) => (*said).clone(),
                    (false, Made::Tab(_)) => "The form has a problem still.".into(),
                    (false, Made::Everything) => AttrValue::default(),
                } }
            </p>
        </>
    }
}

async fn bytes_of(made: Made, sheet: &Sheet) -> Result<Vec<u8>, String> {
    let program = || browser::fetch(&format!("function-{}.zip", sheet.config.function.arch.name()));
    match made {
        Made::Everything => {
            let program = program();
            let annex = annex::fetch().await?;
            // Without the program the archive says what to do instead.
            let base = program.await.unwrap_or_default();
            annex.archive(&sheet.json, sheet.function_url.as_deref(), &base)
        }
        Made::Tab(Tab::FunctionZip) => {
            let program = program();
            let annex = annex::fetch().await?;
            annex.function_zip(&program.await.map_err(|_| NO_PROGRAM)?, &sheet.json)
        }
        Made::Tab(tab) => {
            let text = annex::fetch().await?.render(tab.id(), &sheet.json);
            Ok(text.ok_or("The form has a problem still.")?.into_bytes())
        }
    }
}

const NO_PROGRAM: &str = "This page was built without the function's program. A page that `cargo xtask dist` builds has it; or \
                          give the installer one: bash install.sh --from URL";
