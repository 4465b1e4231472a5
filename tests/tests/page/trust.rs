//! What a person must be able to rely on: nothing leaves the page, and nothing typed is lost.

use serde_json::Value;
use tests::browser::{dist, page};
use tests::pushbox::Place;

use crate::form::open;

#[tokio::test]
async fn the_page_asks_for_nothing_but_its_own_files() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.unfold("tryout").await;
    browser.fill("tryout-secret", "a secret").await;
    let requested = browser.requested().await;
    assert!(requested.iter().any(|url| url.ends_with(".wasm")), "{requested:?}");
    for url in requested {
        let own = url.starts_with(&local.address) || url.starts_with("data:") || url.starts_with("blob:");
        assert!(own && !url.contains("usil") && !url.contains("secret"), "the page asked for {url}");
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "nothing in the console");
    browser.close().await;
}

#[tokio::test]
async fn the_static_site_is_the_same_page_under_names_that_caches_may_keep() {
    let Some(dist) = dist() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &dist).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.await_text("script", |text| text.contains("REPO_URL=https://github.com/usil/foo")).await;
    browser.click("policy-tab").await;
    browser.await_text("policy", |text| text.contains("Statement")).await;
    let requested = browser.requested().await;
    let wasm = requested.iter().find_map(|url| url.rsplit('/').next().filter(|name| name.ends_with(".wasm")));
    assert!(wasm.is_some_and(|name| name != "pushbox-web_bg.wasm"), "a hash is in the name: {requested:?}");
    for packed in [".br", ".gz"] {
        let file = dist.join(format!("{}{packed}", wasm.unwrap_or_default()));
        assert!(file.exists(), "{} is missing", file.display());
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_panic_shows_a_banner_and_keeps_the_draft() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.fill("run.port", "4321").await;
    let shown = "return !document.getElementById('broken').hidden";
    assert_eq!(browser.run(shown, vec![]).await, false);
    browser.run("window.dispatchEvent(new Event('pushbox:panic'))", vec![]).await;
    assert_eq!(browser.run(shown, vec![]).await, true);
    browser.click("reload").await;
    browser.await_text("script", |text| text.contains("4321")).await;
    let port = browser.element("run.port").await.prop("value").await.expect("readable");
    assert_eq!(port.as_deref(), Some("4321"));
    let kept = "return sessionStorage.getItem('pushbox:draft')";
    assert_eq!(browser.run(kept, vec![]).await, Value::Null, "it is kept once, not for ever");
    browser.close().await;
}
