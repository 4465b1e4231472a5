//! The annex as the page sees it: a second program, fetched when somebody first asks for what it makes, so that the first visit
//! is light. Its side is `bin/pushbox-annex.rs`. They share no memory: what goes to and fro is text and bytes.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::model::door::Behind;

#[wasm_bindgen(raw_module = "./fetch-annex.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetchAnnex)]
    async fn fetch_annex() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = fetchText)]
    async fn fetch_text_or_throw(address: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
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

    /// Shows what is behind a door, or tells it of another form: a [`Behind`] as a text. Each function is given a text: the URL of
    /// a repository to use in the form, and what is to be said to people who cannot see it.
    #[wasm_bindgen(method, catch, js_name = show)]
    fn show_or_throw(
        this: &Annex,
        behind: &str,
        place: &Element,
        use_repository: &Function,
        say: &Function,
    ) -> Result<(), JsValue>;

    /// Opens the dialog that takes over what a person has. The function is given it, for `pasted::Import::from_text`.
    #[wasm_bindgen(method, js_name = openImport)]
    pub fn open_import(this: &Annex, place: &Element, take: &Function);
}

thread_local! {
    static OPEN: RefCell<Option<Annex>> = const { RefCell::new(None) };
}

/// The annex, fetched if it is not there yet. Asked for again, it is tried again.
pub async fn fetch() -> Result<Annex, String> {
    if let Some(annex) = opened() {
        return Ok(annex);
    }
    let annex: Annex = fetch_annex().await.map_err(|error| why(&error))?.unchecked_into();
    OPEN.set(Some(annex.clone()));
    Ok(annex)
}

/// The annex, if it is there.
pub fn opened() -> Option<Annex> {
    OPEN.with_borrow(Clone::clone)
}

impl Annex {
    /// What [`Annex::show_or_throw`] shows, or why it cannot.
    pub fn show(
        &self,
        behind: &Behind<'_>,
        place: &Element,
        use_repository: &Function,
        say: &Function,
    ) -> Result<(), String> {
        let shown = self.show_or_throw(&behind.to_text(), place, use_repository, say);
        shown.map_err(|why| why.as_string().unwrap_or_default())
    }
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
