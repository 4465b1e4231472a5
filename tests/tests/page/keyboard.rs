//! The whole task without a mouse: what has the focus is found by pressing Tab, and the next key does the rest.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use tests::browser::{Browser, page};
use tests::pushbox::Place;

use crate::form::open;

const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const SPACE: &str = " ";
const RIGHT: &str = "\u{e014}";
pub(crate) const DOWN: &str = "\u{e015}";
const END: &str = "\u{e010}";
pub(crate) const ESCAPE: &str = "\u{e00c}";

/// More stops than the page has with everything folded in.
const STOPS: usize = 120;

pub(crate) async fn focused(browser: &Browser) -> String {
    let id = browser.run("return document.activeElement.id || document.activeElement.tagName", vec![]).await;
    id.as_str().unwrap_or_default().to_string()
}

/// Presses keys, whatever has the focus.
pub(crate) async fn press(browser: &Browser, keys: &str) {
    let strokes =
        |actions: KeyActions, value| actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    let actions = keys.chars().fold(KeyActions::new("keyboard".into()), strokes);
    browser.client.perform_actions(actions).await.unwrap_or_else(|error| panic!("{keys:?}: {error}"));
}

/// Presses Tab until that element has the focus. Every stop on the way can be seen.
pub(crate) async fn tab_to(browser: &Browser, id: &str) {
    let mut seen = Vec::new();
    while seen.len() < STOPS {
        press(browser, TAB).await;
        let now = focused(browser).await;
        let hidden = "const box = document.activeElement.getBoundingClientRect();
            return document.activeElement !== document.body && (box.width === 0 || box.height === 0)";
        assert_eq!(browser.run(hidden, vec![]).await, false, "{now} has the focus and cannot be seen");
        if now == id {
            return;
        }
        seen.push(now);
    }
    panic!("Tab does not lead to {id}, but to {seen:?}");
}

#[tokio::test]
async fn the_whole_task_is_done_by_keyboard_alone() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;

    tab_to(&browser, "repo.url").await;
    press(&browser, "https://github.com/usil/foo.git").await;
    tab_to(&browser, "app").await;
    tab_to(&browser, "run.port").await;
    press(&browser, "8080").await;
    tab_to(&browser, "run.env-add").await;
    press(&browser, ENTER).await;
    browser.await_focus("run.env[0].name").await;
    press(&browser, "GREETING").await;
    tab_to(&browser, "run.env[0].value").await;
    press(&browser, "hello").await;

    // Every tab by arrow keys, from one stop.
    tab_to(&browser, "script-tab").await;
    press(&browser, RIGHT).await;
    assert_eq!(focused(&browser).await, "json-tab");
    let config = browser.text("json").await;
    assert!(config.contains("GREETING") && config.contains("8080"), "{config}");
    press(&browser, END).await;
    assert_eq!(focused(&browser).await, "function-zip-tab");
    press(&browser, RIGHT).await;
    assert_eq!(focused(&browser).await, "script-tab");
    assert!(browser.text("script").await.contains("GREETING=hello"), "the script is made");

    tab_to(&browser, "export").await;
    press(&browser, ENTER).await;
    place.write("pushbox.json", browser.download("pushbox.json").await);
    assert_eq!(place.output(&["check"]), "");

    // The tryout is folded in, and unfolds where it stands.
    browser.run("document.querySelector('#tryout > summary').id ||= 'tryout-summary'", vec![]).await;
    tab_to(&browser, "tryout-summary").await;
    press(&browser, ENTER).await;
    browser.element("tryout-sample").await;
    tab_to(&browser, "tryout-sample").await;
    press(&browser, DOWN).await;
    tab_to(&browser, "tryout-run").await;
    press(&browser, SPACE).await;
    browser.await_text("tryout-result", |text| !text.is_empty()).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_dialog_opens_keeps_the_focus_and_gives_it_back() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    tab_to(&browser, "open-import").await;
    press(&browser, ENTER).await;
    browser.await_css("#import[open]").await;
    for _ in 0..8 {
        let inside = "return document.getElementById('import').open
            && (document.activeElement === document.body || document.getElementById('import').contains(document.activeElement))";
        assert_eq!(browser.run(inside, vec![]).await, true, "{}", focused(&browser).await);
        press(&browser, TAB).await;
    }
    press(&browser, ESCAPE).await;
    assert_eq!(focused(&browser).await, "open-import");
    browser.close().await;
}

#[tokio::test]
async fn who_only_uses_a_keyboard_can_skip_to_the_form() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    press(&browser, TAB).await;
    let first = browser.run("return document.activeElement.textContent", vec![]).await;
    assert_eq!(first, "Skip to the form");
    press(&browser, ENTER).await;
    tab_to(&browser, "repo.url").await;
    let stops = "return [...document.querySelectorAll('header a, header select')].length";
    assert!(
        browser.run(stops, vec![]).await.as_u64().is_some_and(|stops| stops > 3),
        "there is something to skip"
    );
    browser.close().await;
}
