//! A style that comes with a program and not with the page: the page's policy allows no other way but a file of its own, which
//! would be one more to wait for.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = CSSStyleSheet)]
    type Sheet;

    #[wasm_bindgen(constructor, js_class = "CSSStyleSheet")]
    fn new() -> Sheet;

    #[wasm_bindgen(method, js_name = replaceSync)]
    fn replace(this: &Sheet, css: &str);
}

/// Counts from now on, behind the page's own.
pub fn add_style(css: &str) {
    let sheets = super::dom::document()
        .and_then(|document| Reflect::get(&document, &"adoptedStyleSheets".into()).ok());
    if let Some(sheets) = sheets {
        let sheet = Sheet::new();
        sheet.replace(css);
        sheets.unchecked_into::<Array>().push(&sheet);
    }
}
