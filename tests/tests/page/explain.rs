//! What the page says of a line, and how it finds a field's lines.

use serde_json::json;
use tests::browser::page;
use tests::pushbox::Place;

use crate::form::open;

/// The text of the lines that have this attribute.
const WITH: &str =
    "return Array.from(document.querySelectorAll(`#script [${arguments[0]}]`), line => line.textContent)";

#[tokio::test]
async fn a_changed_line_is_marked_and_the_text_stays_the_file() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    assert_eq!(browser.run(WITH, vec![json!("data-changed")]).await, json!([]), "nothing was edited");
    browser.fill("repo.url", "https://github.com/usil/foo.git").await;
    browser.fill("app", "my_app").await;
    browser.fill("run.port", "8").await;
    browser.await_text("script", |text| text.contains("\nPORT=8\n")).await;
    assert_eq!(browser.run(WITH, vec![json!("data-changed")]).await, json!(["PORT=8\n"]));
    let status = browser.await_text("script-status", |text| text.starts_with("Script updated: ")).await;
    assert!(status.contains(" changed, ") && status.contains(" of 16,384 bytes"), "{status}");

    browser.click("export").await;
    place.write("pushbox.json", browser.download("pushbox.json").await);
    assert_eq!(browser.text("script").await, place.output(&["render", "user-data"]));
    browser.close().await;
}

#[tokio::test]
async fn a_field_brings_out_its_lines_and_a_line_leads_to_its_field() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.click("run.port").await;
    let why = browser.await_text("script-why", |text| text.starts_with("Port: ")).await;
    assert!(why.contains("line"), "{why}");
    let lines = browser.run(WITH, vec![json!("data-of-field")]).await;
    assert!(lines.as_array().is_some_and(|lines| lines.contains(&json!("PORT=3000\n"))), "{lines}");
    let scrolled = browser.run("return window.scrollY", vec![]).await;

    // By keyboard: to the port's line, and back to its field.
    let at = browser.text("script").await.lines().position(|line| line == "PORT=3000").expect("it is there");
    let walk = "const script = document.getElementById('script');
        script.focus({ preventScroll: true });
        for (let step = 0; step <= arguments[0]; step += 1)
            script.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }));
        return [window.scrollY, document.activeElement.id];";
    assert_eq!(
        browser.run(walk, vec![json!(at)]).await,
        json!([scrolled, "script"]),
        "the page stays where it is"
    );
    let why = browser.await_text("script-why", |text| text.starts_with(&format!("Line {}", at + 1))).await;
    assert!(why.contains("from Port: "), "{why}");
    browser.await_text("status", |text| text.contains("PORT=3000") && text.contains("Port")).await;
    assert_eq!(browser.run(WITH, vec![json!("data-here")]).await, json!(["PORT=3000\n"]));
    let enter =
        "return (async () => {
            document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
            await new Promise(requestAnimationFrame);
            return document.activeElement.id;
        })();";
    assert_eq!(browser.run(enter, vec![]).await, json!("run.port"));
    browser.close().await;
}
