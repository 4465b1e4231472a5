//! Everything that needs a browser: clipboard, files, fetching the page's own samples, the clock, focus, and what happens when
//! the page breaks. No file outside of this module touches `web_sys`, but for the two sides of the annex, which name an element.

pub mod lines;

mod address;
mod style;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

pub use gloo::events::EventListener as Listener;
use gloo::events::EventListenerOptions;
pub use gloo::timers::callback::Timeout as Timer;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, Document, DragEvent, Element, Event, File, HtmlAnchorElement, HtmlDetailsElement,
    HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent, RequestCache, RequestInit, Response,
    Storage, Url, Window,
};
use yew::{BaseComponent, Renderer, set_custom_panic_hook};

use crate::model::draft::Draft;

pub use address::{address_with, fragment, on_address, set_address};
pub use style::add_style;

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

/// Shows the page in the place that the shell has for it.
pub fn mount<C: BaseComponent<Properties = ()>>() {
    if let Some(place) = element("root") {
        Renderer::<C>::with_root(place).render();
    }
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

/// Since 1970.
pub fn now() -> Duration {
    Duration::from_secs_f64(js_sys::Date::now().max(0.0) / 1000.0)
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

pub fn download(name: &str, bytes: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let Ok(blob) = Blob::new_with_u8_array_sequence(&parts) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    let link = document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser has its own reference to the blob by the next turn.
    after(Duration::from_secs(10), move || {
        let _ = Url::revoke_object_url(&url);
    });
}

/// The file chosen in the widget that an event came from. The widget is emptied, so that the same file can be chosen again.
pub fn chosen_file(event: &Event, then: impl FnOnce(String, Vec<u8>) + 'static) {
    let Some(input) = event.target().map(JsCast::unchecked_into::<HtmlInputElement>) else { return };
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        read_file(file, then);
        input.set_value("");
    }
}

/// The file dropped by an event. Text that is dropped is left to the browser.
pub fn dropped_file(event: &DragEvent, then: impl FnOnce(String, Vec<u8>) + 'static) {
    let files = event.data_transfer().and_then(|transfer| transfer.files());
    if let Some(file) = files.and_then(|files| files.get(0)) {
        event.prevent_default();
        read_file(file, then);
    }
}

fn read_file(file: File, then: impl FnOnce(String, Vec<u8>) + 'static) {
    spawn_local(async move {
        let name = file.name();
        if let Ok(buffer) = JsFuture::from(file.array_buffer()).await {
            then(name, js_sys::Uint8Array::new(&buffer).to_vec());
        }
    });
}

/// One of the page's own files, by its address relative to the page. It is asked for at once, also before it is waited for.
/// Another version of the page has another file under that address, so none is taken from before without asking.
pub fn fetch(address: &str) -> impl Future<Output = Result<Vec<u8>, String>> + use<> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoCache);
    let asked = web_sys::window().map(|window| window.fetch_with_str_and_init(address, &init));
    let address = address.to_string();
    let read = async {
        let response = JsFuture::from(asked.ok_or("no window")?).await.map_err(|_| "no answer")?;
        let response: Response = response.unchecked_into();
        if !response.ok() {
            return Err("not there");
        }
        let buffer = response.array_buffer().map_err(|_| "no body")?;
        let buffer = JsFuture::from(buffer).await.map_err(|_| "the answer broke off")?;
        Ok(js_sys::Uint8Array::new(&buffer).to_vec())
    };
    async move { read.await.map_err(|why: &str| format!("{address} cannot be read ({why}); reload the page")) }
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

/// Runs later, on the page's own thread, whatever happens until then.
pub fn after(delay: Duration, then: impl FnOnce() + 'static) {
    timer(delay, then).forget();
}

/// Runs later, unless the timer is cancelled or dropped before.
pub fn timer(delay: Duration, then: impl FnOnce() + 'static) -> Timer {
    Timer::new(u32::try_from(delay.as_millis()).unwrap_or(u32::MAX), then)
}

/// Runs a future on the page's own thread.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    spawn_local(future);
}

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

/// Gives the focus to the first of them that is there. The browser scrolls only if that is out of sight.
pub fn focus_first(ids: &[String]) {
    if let Some(target) = ids.iter().find_map(|id| element(id)) {
        unfold(&target);
        give_focus(target);
    }
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

pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

fn document() -> Option<Document> {
    web_sys::window().as_ref().and_then(Window::document)
}

fn session_storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn local_storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
