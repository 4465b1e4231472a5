//! Files that a person takes away, chooses or drops, and those of the page itself.

use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, DragEvent, Event, File, HtmlAnchorElement, HtmlInputElement, RequestCache, RequestInit, Response,
    Url,
};

use super::dom::document;
use super::time::after;

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
