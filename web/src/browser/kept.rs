//! What stays in this browser: the draft while a page that broke is loaded anew, and a link for who asked for that.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::{Event, Storage};
use yew::set_custom_panic_hook;

use super::dom::{Listener, element};
use crate::model::draft::Draft;

/// Where the draft waits while a broken page is loaded anew.
const KEPT: &str = "pushbox:draft";

/// The event on the window that ends the page.
const PANIC: &str = "pushbox:panic";

/// Where the link of a draft is that a person wants kept.
const KEPT_LINK: &str = "pushbox:link";

thread_local! {
    /// The draft as it was last seen, for the moment of a panic.
    static DRAFT: RefCell<Option<Rc<Draft>>> = const { RefCell::new(None) };
}

/// From now on a panic keeps the draft and shows the banner. `pushbox:panic` on the window causes one.
pub fn watch_for_panics() {
    set_custom_panic_hook(Box::new(|info| {
        let draft = DRAFT.try_with(|draft| draft.try_borrow().ok()?.clone()).ok().flatten();
        if let (Some(draft), Some(storage)) = (draft, session_storage()) {
            // Where there is no room, the banner alone must do.
            let _ = storage.set_item(KEPT, &draft.save());
        }
        if let Some(banner) = element("broken") {
            let _ = banner.remove_attribute("hidden");
        }
        // What is left of the page answers nothing any more.
        if let Some(page) = element("page") {
            let _ = page.set_attribute("inert", "");
        }
        gloo::console::error!(info.to_string());
    }));
    panic_on(PANIC);
}

/// From now on a panic of the annex is one of the page, which alone has the draft. `pushbox:panic-annex` causes one, for tests.
pub fn tell_of_panics() {
    set_custom_panic_hook(Box::new(|info| {
        gloo::console::error!(info.to_string());
        if let (Some(window), Ok(event)) = (web_sys::window(), Event::new(PANIC)) {
            let _ = window.dispatch_event(&event);
        }
    }));
    panic_on("pushbox:panic-annex");
}

fn panic_on(event: &'static str) {
    if let Some(window) = web_sys::window() {
        Listener::new(&window, event, move |_| panic!("the event {event} was sent")).forget();
    }
}

/// What a panic would keep.
pub fn keep(draft: Rc<Draft>) {
    DRAFT.with(|kept| *kept.borrow_mut() = Some(draft));
}

/// The draft that a panic kept; it is kept no longer.
pub fn take_kept() -> Option<Draft> {
    let storage = session_storage()?;
    let saved = storage.get_item(KEPT).ok()??;
    let _ = storage.remove_item(KEPT);
    Some(Draft::restore(&saved))
}

/// The link of the draft that a person wants kept; nothing where nobody asked for that.
pub fn kept_link() -> Option<String> {
    local_storage()?.get_item(KEPT_LINK).ok()?
}

/// Keeps a link in this browser, or nothing; says whether that worked.
pub fn keep_link(link: Option<&str>) -> bool {
    let storage = local_storage();
    match (storage, link) {
        (Some(storage), Some(link)) => storage.set_item(KEPT_LINK, link).is_ok(),
        (Some(storage), None) => storage.remove_item(KEPT_LINK).is_ok(),
        (None, link) => link.is_none(),
    }
}

fn session_storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn local_storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
