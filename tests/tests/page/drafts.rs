//! What the page keeps and marks by itself: drafts only if asked, secrets never; and what presets and addresses fill in.

use serde_json::Value;
use tests::browser::page;
use tests::pushbox::Place;

use crate::form::open;
use crate::history::value;

/// The checkbox, wherever it has been scrolled to.
const TICK: &str = "document.getElementById('keep-draft').click()";

const KEPT: &str = "return localStorage.getItem('pushbox:link')";

#[tokio::test]
async fn a_draft_is_kept_only_if_asked_and_secrets_never() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (local, browser) = open(&place, &page).await;
    browser.click("run.env-add").await;
    browser.fill("run.env[0].value", "hunter2").await;
    browser.fill("run.env[0].name", "API_KEY").await;
    let note = browser.await_text("run.env[0].note", |text| text.contains("Looks like a secret")).await;
    assert!(note.contains("Untick secret"), "{note}");
    browser.fill("run.port", "4321").await;
    assert_eq!(browser.run(KEPT, vec![]).await, Value::Null, "nobody has asked");

    browser.run(TICK, vec![]).await;
    browser.await_text("status", |text| text.contains("kept in this browser")).await;
    assert_eq!(browser.run(KEPT, vec![]).await, "v=1&run.port=4321&run.secret=API_KEY");
    let all = "return JSON.stringify([location.href, {...localStorage}, {...sessionStorage}])";
    assert!(!browser.run(all, vec![]).await.to_string().contains("hunter2"));

    // A link that is opened wins, and the draft can be had back.
    browser.client.goto("about:blank").await.expect("an empty page");
    browser.client.goto(&format!("{}/#run.port=1234", local.address)).await.expect("the page loads");
    browser.element("take-kept").await;
    assert_eq!(value(&browser, "run.port").await, "1234");
    browser.click("take-kept").await;
    browser.await_text("script", |text| text.contains("PORT=4321")).await;
    browser.run(TICK, vec![]).await;
    browser.await_text("status", |text| text.contains("Nothing is kept")).await;
    assert_eq!(browser.run(KEPT, vec![]).await, Value::Null);
    browser.close().await;
}

#[tokio::test]
async fn a_preset_and_the_address_of_a_page_fill_the_form_in() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo/tree/dev/web?tab=readme#top").await;
    browser.choose("preset", "python").await;
    let file = browser.await_text("dockerfile", |text| text.contains("FROM python")).await;
    assert!(file.contains("EXPOSE 8000"), "{file}");
    assert_eq!(value(&browser, "run.port").await, "8000");
    assert_eq!(value(&browser, "repo.url").await, "https://github.com/usil/foo");
    assert_eq!(value(&browser, "repo.refs").await, "refs/heads/dev");
    assert!(browser.text("repo-taken").await.contains("the folder web"));
    let asked = browser.requested().await;
    let presets = asked.iter().filter(|url| url.contains("presets/")).count();
    assert_eq!(presets, 1, "only the chosen one is fetched: {asked:?}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}
