//! The page's address and the entries of the browser's history.

use std::cell::RefCell;

use gloo::events::EventListener;
use wasm_bindgen::JsValue;

use crate::model::link;

thread_local! {
    /// The link that the address holds, or held before a link to a part of the page was followed.
    static LINK: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What follows the `#` in the address.
pub fn fragment() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_string()
}

/// The address of the page with that link.
pub fn address_with(link: &str) -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    if link.is_empty() { page.to_string() } else { format!("{page}#{link}") }
}

/// Browsers refuse addresses that are much longer, and not all of them politely.
const LONGEST_ADDRESS: usize = 64 * 1024;

/// Puts a link into the address, as a new entry of the browser's history or in place of the one there.
pub fn set_address(link: &str, is_new: bool) {
    if link.len() > LONGEST_ADDRESS {
        return;
    }
    LINK.with(|last| *last.borrow_mut() = link.to_string());
    let now = fragment();
    let now = if link::is_link(&now) { now } else { String::new() };
    let address = address_with(link);
    if now != link {
        write_address(Some(&address), is_new);
    } else if !is_own_entry() {
        write_address(None, false);
    }
}

/// The entry is marked as one that the page has made. A browser that has had too many of them refuses, and then Back leads
/// further than it could.
fn write_address(address: Option<&str>, is_new: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else { return };
    let mark = JsValue::TRUE;
    let _ = if is_new {
        history.push_state_with_url(&mark, "", address)
    } else {
        history.replace_state_with_url(&mark, "", address)
    };
}

/// Whether the page has made the entry of the browser's history that is shown.
fn is_own_entry() -> bool {
    let history = web_sys::window().and_then(|window| window.history().ok());
    history.and_then(|history| history.state().ok()).is_some_and(|mark| mark.is_truthy())
}

/// Calls with what follows the `#` whenever Back and Forward or a person changed it. Links to parts of the page only
/// scroll: the address goes on holding the form.
pub fn on_address(call: impl Fn(String) + 'static) {
    let Some(window) = web_sys::window() else { return };
    let listener = EventListener::new(&window, "hashchange", move |_| {
        let fragment = fragment();
        if is_own_entry() || link::is_link(&fragment) {
            call(fragment);
        } else {
            let link = LINK.with(|last| last.borrow().clone());
            let address = (!link.is_empty()).then(|| address_with(&link));
            write_address(address.as_deref(), false);
        }
    });
    listener.forget();
}
