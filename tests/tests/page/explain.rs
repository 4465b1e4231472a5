//! What the page says of a line, and how it finds a field's lines.

use serde_json::json;
use tests::browser::page;
use tests::pushbox::Place;

use crate::form::open;

/// The text of the lines that have this attribute.
const WITH: &str =
    "return Array.from(document.querySelectorAll(`#script [${arguments[0]}]`), line => line.textContent)";

/// The place of the first line of an output that has this text in it, from 0.
const LINE: &str = "return Array.from(document.querySelectorAll(`#${arguments[0]} .line`))
    .findIndex(line => line.textContent.includes(arguments[1]))";

/// Goes down to that line with the keyboard.
const WALK: &str = "const output = document.getElementById(arguments[0]);
    output.focus({ preventScroll: true });
    for (let step = 0; step <= arguments[1]; step += 1)
        output.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }));";

/// Presses Enter there, and says which element has the focus then.
const ENTER: &str = "return (async () => {
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    await new Promise(requestAnimationFrame);
    return document.activeElement.id;
})();";

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
    browser.run(WALK, vec![json!("script"), json!(at)]).await;
    assert_eq!(
        browser.run("return [window.scrollY, document.activeElement.id]", vec![]).await,
        json!([scrolled, "script"]),
        "the page stays where it is"
    );
    let why = browser.await_text("script-why", |text| text.starts_with(&format!("Line {}", at + 1))).await;
    assert!(why.contains("from Port: "), "{why}");
    browser.await_text("status", |text| text.contains("PORT=3000") && text.contains("Port")).await;
    assert_eq!(browser.run(WITH, vec![json!("data-here")]).await, json!(["PORT=3000\n"]));
    assert_eq!(browser.run(ENTER, vec![]).await, json!("run.port"));
    browser.close().await;
}

/// What the annex renders it explains, too.
#[tokio::test]
async fn a_field_brings_out_its_lines_in_every_file_and_a_line_there_leads_to_its_field() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo.git").await;
    browser.fill("app", "my_app").await;
    browser.click("terraform-tab").await;
    browser.await_text("terraform", |text| text.contains("pushbox-my_app")).await;

    browser.click("run.port").await;
    browser.await_text("terraform-why", |text| text == "Port: no line.").await;
    browser.click("app").await;
    browser.await_text("terraform-why", |text| text.starts_with("App name: lines 1, ")).await;
    let lines = "return Array.from(document.querySelectorAll('#terraform .line'))
        .filter(line => line.hasAttribute('data-of-field') != line.textContent.includes('my_app')).length";
    assert_eq!(browser.run(lines, vec![]).await, json!(0), "the app's lines are those that name it");

    // By keyboard: to a line, and to its field.
    let at = browser
        .run(LINE, vec![json!("terraform"), json!("memory_size")])
        .await
        .as_u64()
        .expect("it is there");
    browser.run(WALK, vec![json!("terraform"), json!(at)]).await;
    let why = browser.await_text("terraform-why", |text| text.starts_with(&format!("Line {}", at + 1))).await;
    assert!(why.contains("from Memory (MB): Of the Lambda function."), "{why}");
    browser.await_text("status", |text| text.contains("memory_size") && text.contains("Memory (MB)")).await;
    assert_eq!(browser.run(ENTER, vec![]).await, json!("function.memory_mb"));

    // By mouse: a line that follows from no field has its reason, too.
    browser.click("policy-tab").await;
    browser.await_text("policy", |text| text.contains("Statement")).await;
    let point = "document.querySelectorAll('#policy .line')[arguments[0]].dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))";
    let at = browser.run(LINE, vec![json!("policy"), json!("logs:PutLogEvents")]).await;
    browser.run(point, vec![at]).await;
    browser.await_text("policy-why", |text| text.ends_with(": Writes the function's log.")).await;

    // After an edit it is explained anew.
    browser.fill("app", "other").await;
    browser.await_text("policy", |text| text.contains("pushbox-other")).await;
    browser.await_text("policy-why", |text| text.contains("Writes the function's log.")).await;
    browser.close().await;
}
