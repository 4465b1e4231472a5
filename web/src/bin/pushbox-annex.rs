//! The annex: what few visitors ask for, as a program of its own that the page fetches when they do. `pushbox_web::annex` is
//! its other side. They share no memory, so a config comes as the text of its `pushbox.json`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use pushbox_shared::config;
use pushbox_web::browser;
use pushbox_web::components::import::{Import, ImportProps};
use pushbox_web::components::tryout::{Tryout, TryoutProps};
use pushbox_web::model::{env_paste, exports};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::{AppHandle, Callback, Renderer};

thread_local! {
    static TRYOUT: RefCell<Option<AppHandle<Tryout>>> = const { RefCell::new(None) };
    static IMPORT: RefCell<Option<AppHandle<Import>>> = const { RefCell::new(None) };
}

fn main() {
    browser::tell_of_panics();
}

/// The text of an output, by its id. Nothing of a config that has a problem.
#[wasm_bindgen]
pub fn render(id: &str, config: &str) -> Option<String> {
    exports::render(id, config)
}

/// `function.zip`, or why there is none.
#[wasm_bindgen(js_name = functionZip)]
pub fn function_zip(base: &[u8], config: &str) -> Result<Vec<u8>, String> {
    exports::function_zip(base, config)
}

/// Everything in one zip, with `function.zip` unless its base is empty; or why there is none.
#[wasm_bindgen]
pub fn archive(config: &str, function_url: Option<String>, base: &[u8]) -> Result<Vec<u8>, String> {
    exports::archive(config, function_url, base)
}

/// What a pasted text holds, for `Pasted::from_text`.
#[wasm_bindgen(js_name = readVariables)]
pub fn read_variables(text: &str) -> String {
    env_paste::parse(text).to_text()
}

/// Shows the tryout, or tells it of another config and how many problems that has. Each function is given a text: the URL of
/// a repository to use in the form, and what is to be said to people who cannot see it.
#[wasm_bindgen(js_name = showTryout)]
pub fn show_tryout(place: Element, config: &str, problems: usize, use_repository: Function, say: Function) {
    let config = config::parse(config.as_bytes()).map(|document| config::read(&document).0);
    let props = TryoutProps {
        config: Rc::new(config.unwrap_or_default()),
        problems,
        use_repository: told(use_repository),
        say: told(say),
    };
    TRYOUT.with_borrow_mut(|shown| match shown {
        Some(tryout) => tryout.update(props),
        None => *shown = Some(Renderer::<Tryout>::with_root_and_props(place, props).render()),
    });
}

/// Opens the dialog that takes over what a person has. The function is given it, for `pasted::Import::from_text`.
#[wasm_bindgen(js_name = openImport)]
pub fn open_import(place: Element, take: Function) {
    IMPORT.with_borrow_mut(|shown| match shown {
        Some(_) => browser::open_dialog("import"),
        None => {
            let props = ImportProps { take: told(take) };
            *shown = Some(Renderer::<Import>::with_root_and_props(place, props).render());
        }
    });
}

/// A function of the page that takes a text.
fn told(function: Function) -> Callback<String> {
    Callback::from(move |text: String| {
        // The page's own panic is shown by the page.
        let _ = function.call1(&JsValue::NULL, &text.into());
    })
}
