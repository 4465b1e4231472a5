//! Undo, redo, Back and Forward.

use serde_json::Value;
use tests::browser::{Browser, page};
use tests::pushbox::Place;

use crate::form::open;

const CONTROL: char = '\u{e009}';
const SHIFT: char = '\u{e008}';

async fn press(browser: &Browser, keys: &[char]) {
    let focused = browser.client.active_element().await.expect("something has the focus");
    focused.send_keys(&keys.iter().collect::<String>()).await.expect("keys are pressed");
}

/// The button, wherever it has been scrolled to.
async fn press_undo(browser: &Browser) {
    browser.run("document.getElementById('undo').click()", vec![]).await;
}

/// What stands in a field.
pub(crate) async fn value(browser: &Browser, id: &str) -> String {
    browser.element(id).await.prop("value").await.expect("readable").unwrap_or_default()
}

/// The id of the element that has the focus.
async fn focused(browser: &Browser) -> Value {
    browser.run("return document.activeElement.id", vec![]).await
}

#[tokio::test]
async fn changes_are_undone_and_redone_by_keys_and_buttons() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    assert!(!browser.element("undo").await.is_enabled().await.expect("readable"));

    browser.fill("run.port", "8080").await;
    browser.click("run.env-add").await;
    browser.fill("run.env[0].name", "GREETING").await;
    browser.fill("run.env[0].value", "hello").await;
    browser.await_text("script", |text| text.contains("GREETING")).await;

    press(&browser, &[CONTROL, 'z']).await;
    browser.await_text("status", |text| text.starts_with("Undone: ")).await;
    assert_eq!(value(&browser, "run.env[0].value").await, "");
    assert_eq!(focused(&browser).await, "run.env[0].value", "the focus stays in the field");
    press(&browser, &[CONTROL, SHIFT, 'z']).await;
    browser.await_text("script", |text| text.contains("hello")).await;

    browser.click("run.env[0].remove").await;
    browser.await_text("script", |text| !text.contains("GREETING")).await;
    press_undo(&browser).await;
    browser.await_text("script", |text| text.contains("GREETING")).await;
    assert_eq!(focused(&browser).await, "run.env[0].name", "the focus goes to what came back");

    for _ in 0..4 {
        press_undo(&browser).await;
    }
    assert_eq!(value(&browser, "run.port").await, "", "keystrokes in one field are one step");
    assert_eq!(focused(&browser).await, "run.port");
    assert!(!browser.element("undo").await.is_enabled().await.expect("readable"));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}
