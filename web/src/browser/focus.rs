//! Where a person is on the page, and bringing him elsewhere: focus, and dialogs, which take it.

use std::time::Duration;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDetailsElement, HtmlDialogElement, HtmlElement};

use super::dom::{Listener, document, element};
use super::time::after;

/// Brings an element into view, opens what it is folded into, and gives it the focus.
pub fn focus(id: &str) {
    if let Some(target) = element(id) {
        unfold(&target);
        target.scroll_into_view_with_bool(true);
        give_focus(target);
    }
}

fn unfold(target: &Element) {
    let mut above = Some(target.clone());
    while let Some(element) = above {
        if let Some(details) = element.dyn_ref::<HtmlDetailsElement>() {
            details.set_open(true);
        }
        above = element.parent_element();
    }
}

fn give_focus(target: Element) {
    if let Ok(target) = target.dyn_into::<HtmlElement>() {
        let _ = target.focus();
    }
}

/// As [`focus`], once what is being drawn is there.
pub fn focus_soon(id: String) {
    after(Duration::ZERO, move || focus(&id));
}

/// Gives the focus to the first of them that is there. The browser scrolls only if that is out of sight.
pub fn focus_first(ids: &[String]) {
    if let Some(target) = ids.iter().find_map(|id| element(id)) {
        unfold(&target);
        give_focus(target);
    }
}

/// Calls back with the id of each field of the form that gets the focus, until the listener is dropped.
pub fn on_focus(then: impl Fn(String) + 'static) -> Option<Listener> {
    let listen = move |event: &Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let in_form = |element: &Element| element.closest(".form, #function-url").ok().flatten().is_some();
        if let Some(element) = target.filter(in_form) {
            then(element.id());
        }
    };
    let document = document()?;
    Some(Listener::new(&document, "focusin", listen))
}

pub fn open_dialog(id: &str) {
    if let Some(dialog) = dialog(id) {
        let _ = dialog.show_modal();
    }
}

pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog(id) {
        dialog.close();
    }
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    element(id)?.dyn_into().ok()
}
