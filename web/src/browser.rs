//! Everything that needs a browser: clipboard, files, fetching the page's own samples, the clock, focus, and what happens when
//! the page breaks. No file outside of this module touches `web_sys`, but for the two sides of the annex, which name an element.

pub mod lines;

mod address;
mod dom;
mod files;
mod focus;
mod kept;
mod style;
mod time;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gloo::events::EventListenerOptions;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent};
use yew::{BaseComponent, Renderer};

pub use address::{address_with, fragment, on_address, set_address};
use dom::document;
pub use dom::{Listener, element};
pub use files::{chosen_file, download, dropped_file, fetch};
pub use focus::{close_dialog, focus, focus_first, focus_soon, on_focus, open_dialog};
pub use kept::{keep, keep_link, kept_link, take_kept, tell_of_panics, watch_for_panics};
pub use style::add_style;
pub use time::{Timer, after, now, timer};

/// Shows the page in the place that the shell has for it.
pub fn mount<C: BaseComponent<Properties = ()>>() {
    if let Some(place) = element("root") {
        Renderer::<C>::with_root(place).render();
    }
}

/// What stands in the widget that an event came from.
pub fn value(event: &Event) -> String {
    event.target().map(|target| target.unchecked_into::<HtmlInputElement>().value()).unwrap_or_default()
}

/// Whether the checkbox that an event came from is ticked.
pub fn checked(event: &Event) -> bool {
    event.target().is_some_and(|target| target.unchecked_into::<HtmlInputElement>().checked())
}

/// Gives an attribute to the element that an event was listened for on, for a while.
pub fn mark_for(event: &Event, attribute: &'static str, time: Duration) {
    let target = event.target().map(JsCast::unchecked_into::<Element>);
    if let Some(button) = target.and_then(|target| target.closest("button").ok()).flatten() {
        let _ = button.set_attribute(attribute, "");
        after(time, move || {
            let _ = button.remove_attribute(attribute);
        });
    }
}

/// Calls back with whether it worked: a browser may refuse.
pub fn copy(text: String, then: impl FnOnce(bool) + 'static) {
    let Some(window) = web_sys::window() else { return then(false) };
    let clipboard = window.navigator().clipboard();
    // Only pages from https or from this machine have one.
    if clipboard.is_undefined() {
        return then(false);
    }
    spawn_local(async move { then(JsFuture::from(clipboard.write_text(&text)).await.is_ok()) });
}

/// Runs at once, or after the click if somebody is pressing a mouse button or a finger: what moves away under it is not clicked.
pub fn once_released(then: impl FnOnce() + 'static) {
    let window = web_sys::window();
    let pressed = document().and_then(|document| document.query_selector(":active").ok()).flatten();
    let (Some(window), Some(_)) = (window, pressed) else { return then() };
    let then = Rc::new(Cell::new(Some(then)));
    for event in ["pointerup", "pointercancel"] {
        let then = Rc::clone(&then);
        let once = Listener::once(&window, event, move |_| {
            if let Some(then) = then.take() {
                after(Duration::ZERO, then);
            }
        });
        once.forget();
    }
}

/// Runs a future on the page's own thread.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    spawn_local(future);
}

/// Shows the `<details>` with that id, and calls back when somebody unfolds or folds it.
pub fn on_unfold(id: &str, then: impl Fn() + 'static) -> Option<Listener> {
    let details = element(id)?;
    let _ = details.remove_attribute("hidden");
    Some(Listener::new(&details, "toggle", move |_| then()))
}

/// A function for JavaScript, which takes a text. It lives as long as the page.
pub fn function(then: impl Fn(String) + 'static) -> js_sys::Function {
    Closure::<dyn Fn(String)>::new(then).into_js_value().unchecked_into()
}

/// Text boxes of which the page keeps no steps: there the browser's own undo is right.
const OWN_UNDO: &str = "#tryout, dialog";

/// Calls for every key that is pressed anywhere but there: with the key, whether Ctrl or ⌘ is down, and Shift. What is
/// answered with true is not left to the browser.
pub fn on_key(call: impl Fn(&str, bool, bool) -> bool + 'static) {
    let Some(document) = document() else { return };
    let options = EventListenerOptions::enable_prevent_default();
    let listener = Listener::new_with_options(&document, "keydown", options, move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_elsewhere =
            target.is_some_and(|target| target.closest(OWN_UNDO).is_ok_and(|found| found.is_some()));
        let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
        if !is_elsewhere && command && call(&event.key(), command, event.shift_key()) {
            event.prevent_default();
        }
    });
    listener.forget();
}
