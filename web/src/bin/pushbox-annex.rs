//! The annex: what few visitors ask for, as a program of its own that the page fetches when they do. `pushbox_web::annex` is
//! its other side. They share no memory, so a config comes as the text of its `pushbox.json`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use pushbox_shared::config::{self, Config};
use pushbox_web::components::import::{Import, ImportProps};
use pushbox_web::components::steps::{Steps, StepsProps};
use pushbox_web::components::tryout::{Tryout, TryoutProps};
use pushbox_web::model::exports;
use pushbox_web::{browser, making};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::{AppHandle, Callback, Renderer};

thread_local! {
    static TRYOUT: RefCell<Option<AppHandle<Tryout>>> = const { RefCell::new(None) };
    static STEPS: RefCell<Option<AppHandle<Steps>>> = const { RefCell::new(None) };
    static IMPORT: RefCell<Option<AppHandle<Import>>> = const { RefCell::new(None) };
}

fn main() {
    browser::tell_of_panics();
    browser::add_style(include_str!("../components/annex.css"));
}

/// The text of an output, by its id. Nothing of a config that has a problem.
#[wasm_bindgen]
pub fn render(id: &str, config: &str) -> Option<String> {
    exports::render(id, config)
}

/// The bytes of a file to download, or why there are none.
#[wasm_bindgen]
pub async fn make(id: String, config: String, function_url: Option<String>) -> Result<Vec<u8>, String> {
    making::make(&id, &config, function_url).await
}

/// Shows the tryout, or tells it of another config and how many problems that has. Each function is given a text: the URL of
/// a repository to use in the form, and what is to be said to people who cannot see it.
#[wasm_bindgen(js_name = showTryout)]
pub fn show_tryout(place: Element, config: &str, problems: usize, use_repository: Function, say: Function) {
    let props = TryoutProps {
        config: Rc::new(read(config)),
        problems,
        use_repository: told(use_repository),
        say: told(say),
    };
    TRYOUT.with_borrow_mut(|shown| match shown {
        Some(tryout) => tryout.update(props),
        None => *shown = Some(Renderer::<Tryout>::with_root_and_props(place, props).render()),
    });
}

/// Shows the steps to the first push, or tells them of another config.
#[wasm_bindgen(js_name = showSteps)]
pub fn show_steps(place: Element, config: &str, problems: usize, function_url: &str, say: Function) {
    let props = StepsProps {
        config: Rc::new(read(config)),
        json: config.into(),
        problems,
        function_url: function_url.into(),
        say: told(say),
    };
    STEPS.with_borrow_mut(|shown| match shown {
        Some(steps) => steps.update(props),
        None => *shown = Some(Renderer::<Steps>::with_root_and_props(place, props).render()),
    });
}

/// As much of it as can be read.
fn read(config: &str) -> Config {
    config::parse(config.as_bytes()).map(|document| config::read(&document).0).unwrap_or_default()
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
