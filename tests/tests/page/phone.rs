//! The newcomer's minute on a phone.

use serde_json::json;
use tests::browser::page;
use tests::pushbox::Place;

use crate::form::open;

#[tokio::test]
async fn a_newcomer_with_a_phone_gets_from_a_url_to_the_files() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    let phone = json!({ "width": 360, "height": 740, "deviceScaleFactor": 3, "mobile": true });
    browser.devtools("Emulation.setDeviceMetricsOverride", phone).await;
    browser.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await;

    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.await_text("summary", |text| text.contains("usil/foo") && text.contains("3000")).await;
    browser.unfold("steps").await;
    browser.click("download-installer").await;
    let installer = browser.download("install.sh").await;
    assert!(installer.starts_with(b"#!"), "{}", String::from_utf8_lossy(&installer));

    // Nothing is wider than the screen, and what a finger presses is large enough for it.
    let sideways = "return document.documentElement.scrollWidth <= window.innerWidth";
    assert_eq!(browser.run(sideways, vec![]).await, true);
    let small = "return [...document.querySelectorAll('button, input, select, textarea, summary')]
        .filter((one) => one.checkVisibility())
        .filter((one) => one.getBoundingClientRect().height < 24)
        .map((one) => one.outerHTML.slice(0, 100))";
    assert_eq!(browser.run(small, vec![]).await, json!([]));
    // Smaller text makes iOS zoom in when a field is touched.
    let text = "return parseFloat(getComputedStyle(document.getElementById('repo.url')).fontSize)";
    assert!(browser.run(text, vec![]).await.as_f64().is_some_and(|pixels| pixels >= 16.0));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}
