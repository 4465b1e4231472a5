//! The document, and what happens in it.

pub use gloo::events::EventListener as Listener;
use web_sys::{Document, Element, Window};

pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

pub(super) fn document() -> Option<Document> {
    web_sys::window().as_ref().and_then(Window::document)
}
