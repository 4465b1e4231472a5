//! The annex: what few visitors ask for, as a program of its own that the page fetches when they do. `pushbox_web::annex` is
//! its other side. They share no memory, so a config comes as the text of its `pushbox.json`.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread::LocalKey;

use js_sys::Function;
use pushbox_shared::checked;
use pushbox_shared::config::{self, Config};
use pushbox_web::components::cost::{Cost, CostProps};
use pushbox_web::components::import::{Import, ImportProps};
use pushbox_web::components::steps::{Steps, StepsProps};
use pushbox_web::components::tryout::{Tryout, TryoutProps};
use pushbox_web::model::door::{Behind, Door};
use pushbox_web::model::explain::exported;
use pushbox_web::model::exports;
use pushbox_web::{browser, making};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::{AppHandle, BaseComponent, Callback, Renderer};

thread_local! {
    static COST: RefCell<Option<AppHandle<Cost>>> = const { RefCell::new(None) };
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

/// Why the lines of an output are there, for `explain::of_exported`.
#[wasm_bindgen]
pub fn explain(id: &str, config: &str) -> Option<String> {
    exported::explain(id, config)
}

/// The bytes of a file to download, or why there are none.
#[wasm_bindgen]
pub async fn make(id: String, config: String, function_url: Option<String>) -> Result<Vec<u8>, String> {
    making::make(&id, &config, function_url).await
}

/// Shows what is behind a door, or tells it of another form: a [`Behind`] as a text, or why that cannot be shown. Each function
/// is given a text: the URL of a repository to use in the form, and what is to be said to people who cannot see it.
#[wasm_bindgen]
pub fn show(behind: &str, place: Element, use_repository: Function, say: Function) -> Result<(), String> {
    let Behind { door, config: json, problems, function_url } = Behind::from_text(behind)?;
    let (config, say) = (Rc::new(read(json)), told(say));
    match door {
        Door::Cost => draw(&COST, place, CostProps { config }),
        Door::Steps => {
            let (json, function_url) = (json.into(), function_url.into());
            draw(&STEPS, place, StepsProps { config, json, problems, function_url, say });
        }
        Door::Tryout => {
            let use_repository = told(use_repository);
            draw(&TRYOUT, place, TryoutProps { config, problems, use_repository, say });
        }
    }
    Ok(())
}

/// The app with these properties, in that place if it is not drawn yet.
fn draw<C: BaseComponent>(
    app: &'static LocalKey<RefCell<Option<AppHandle<C>>>>,
    place: Element,
    props: C::Properties,
) {
    app.with_borrow_mut(|drawn| match drawn {
        Some(app) => app.update(props),
        None => *drawn = Some(Renderer::<C>::with_root_and_props(place, props).render()),
    });
}

/// As much of it as can be read.
fn read(config: &str) -> Config {
    config::parse(config.as_bytes()).map(|document| checked::read(&document).0).unwrap_or_default()
}

/// Opens the dialog that takes over what a person has. The function is given it, for `pasted::Import::from_text`.
#[wasm_bindgen(js_name = openImport)]
pub fn open_import(place: Element, take: Function) {
    if IMPORT.with_borrow(Option::is_some) {
        browser::open_dialog("import");
    } else {
        draw(&IMPORT, place, ImportProps { take: told(take) });
    }
}

/// A function of the page that takes a text.
fn told(function: Function) -> Callback<String> {
    Callback::from(move |text: String| {
        // The page's own panic is shown by the page.
        let _ = function.call1(&JsValue::NULL, &text.into());
    })
}
