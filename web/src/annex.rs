//! The annex as the page sees it: a second program, fetched when somebody first asks for what it makes, so that the first visit
//! is light. Its side is `bin/pushbox-annex.rs`. They share no memory: what goes to and fro is text and bytes.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;
use yew::prelude::*;

#[wasm_bindgen(raw_module = "./fetch-annex.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetchAnnex)]
    async fn fetch_annex() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = fetchText)]
    async fn fetch_text_or_throw(address: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[derive(Clone, PartialEq)]
    pub type Annex;

    /// The text of an output, by its id. Nothing of a config that has a problem.
    #[wasm_bindgen(method)]
    pub fn render(this: &Annex, id: &str, config: &str) -> Option<String>;

    /// Why its lines are there, for `explain::of_exported`.
    #[wasm_bindgen(method)]
    pub fn explain(this: &Annex, id: &str, config: &str) -> Option<String>;

    /// The bytes of what `components::made_download` names, or why there are none.
    #[wasm_bindgen(method, catch, js_name = make)]
    async fn make_or_throw(
        this: &Annex,
        id: &str,
        config: &str,
        function_url: Option<&str>,
    ) -> Result<JsValue, JsValue>;

    /// Shows what is behind a door, by its id, or tells it of another config and how many problems that has. The functions are
    /// given a text.
    #[wasm_bindgen(method)]
    pub fn show(
        this: &Annex,
        door: &str,
        place: &Element,
        config: &str,
        problems: usize,
        function_url: &str,
        use_repository: &Function,
        say: &Function,
    );

    /// Opens the dialog that takes over what a person has. The function is given it, for `pasted::Import::from_text`.
    #[wasm_bindgen(method, js_name = openImport)]
    pub fn open_import(this: &Annex, place: &Element, take: &Function);
}

thread_local! {
    static OPEN: RefCell<Option<Annex>> = const { RefCell::new(None) };
}

/// The annex, fetched if it is not there yet. Asked for again, it is tried again.
pub async fn fetch() -> Result<Annex, String> {
    if let Some(annex) = OPEN.with_borrow(Clone::clone) {
        return Ok(annex);
    }
    let annex: Annex = fetch_annex().await.map_err(|error| why(&error))?.unchecked_into();
    OPEN.set(Some(annex.clone()));
    Ok(annex)
}

/// What [`Annex::make_or_throw`] makes, by an annex that is fetched if it is not there yet.
pub async fn make(id: &str, config: &str, function_url: Option<&str>) -> Result<Vec<u8>, String> {
    let bytes = fetch().await?.make_or_throw(id, config, function_url).await;
    let bytes = bytes.map_err(|why| why.as_string().unwrap_or_default())?;
    Ok(js_sys::Uint8Array::new(&bytes).to_vec())
}

/// The text of one of the page's own files.
pub async fn fetch_text(address: &str) -> Result<String, String> {
    let text = fetch_text_or_throw(address).await;
    text.map(|text| text.as_string().unwrap_or_default()).map_err(|error| why(&error))
}

fn why(error: &JsValue) -> String {
    let reason = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    format!("This part of the page could not be fetched: {}", reason.unwrap_or_default())
}

/// How far the page has come with the annex.
#[derive(Clone, Default, PartialEq)]
pub enum Access {
    #[default]
    NotAsked,
    Fetching,
    Failed(AttrValue),
    Open(Annex),
}

/// What stands where something of the annex will be. The ids begin with that word.
pub fn waiting(id: &str, access: &Access, again: Callback<MouseEvent>) -> Html {
    match access {
        Access::NotAsked | Access::Fetching => html! { <p class="note">{ "Loading…" }</p> },
        Access::Failed(why) => html! {
            <div class="note" id={format!("{id}-failed")}>
                <p class="fault">{ why }</p>
                <button type="button" id={format!("{id}-again")} onclick={again}>{ "Try again" }</button>
            </div>
        },
        Access::Open(_) => Html::default(),
    }
}
