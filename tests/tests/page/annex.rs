//! The annex: what few visitors ask for is fetched when they do, once, and can be asked for again where that failed.

use std::path::Path;

use tests::browser::{Browser, page};
use tests::pushbox::Place;

use crate::form::open;

/// The files of the first visit, but for its looks.
pub(crate) const PAGE: &[&str] =
    &["index.html", "boot.js", "fetch-annex.js", "pushbox-web.js", "pushbox-web_bg.wasm"];
pub(crate) const ANNEX: &[&str] = &["pushbox-annex.js", "pushbox-annex_bg.wasm"];

/// Copies files of the built page into a folder that serves as one.
pub(crate) fn copy(page: &Path, site: &Path, files: &[&str]) {
    std::fs::create_dir_all(site).expect("a folder");
    for file in files {
        std::fs::copy(page.join(file), site.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

/// What was asked for of the annex since this was last called.
async fn fetched(browser: &Browser) -> Vec<String> {
    let requested = browser.requested().await;
    let names = requested.iter().filter_map(|url| url.rsplit('/').next().map(String::from));
    names.filter(|name| name.starts_with("pushbox-annex")).collect()
}

#[tokio::test]
async fn the_first_screen_fetches_no_annex_and_all_that_needs_it_fetch_it_once() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.await_text("script", |text| text.contains("github.com/usil/foo")).await;
    browser.click("json-tab").await;
    assert_eq!(fetched(&browser).await, Vec::<String>::new());

    browser.click("policy-tab").await;
    browser.await_text("policy", |text| text.contains("Statement")).await;
    browser.click("terraform-tab").await;
    browser.await_text("terraform", |text| text.contains("resource")).await;
    browser.click("paste-variables").await;
    browser.paste("import-text", "A=1").await;
    browser.await_text("import-result", |text| text.contains("1 variable")).await;
    browser.click("import-close").await;
    browser.unfold("tryout").await;
    browser.element("tryout-headers").await;
    browser.unfold("steps").await;
    browser.click("download-installer").await;
    browser.download("install.sh").await;
    assert_eq!(fetched(&browser).await, ANNEX);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn an_annex_that_cannot_be_fetched_is_said_and_can_be_tried_again() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let site = place.path("site");
    copy(&page, &site, PAGE);
    let (_local, browser) = open(&place, &site).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    let mut button = "install-tab";
    for missing in ANNEX {
        browser.click(button).await;
        let wanted = |text: &str| text.contains("could not be fetched") && text.contains(missing);
        browser.await_text("outputs-failed", wanted).await;
        browser.await_text("status", wanted).await;
        copy(&page, &site, &[missing]);
        button = "outputs-again";
    }
    browser.click(button).await;
    browser.await_text("install", |text| text.starts_with("#!")).await;
    browser.close().await;
}

#[tokio::test]
async fn a_repository_of_a_delivery_is_taken_over_into_the_form() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.unfold("tryout").await;
    browser.choose("tryout-sample", "github-push").await;
    browser.click("tryout-use-repo").await;
    let url = "return document.getElementById('repo.url').value";
    let url = browser.run(url, vec![]).await;
    let url = url.as_str().expect("a text");
    assert!(!url.is_empty());
    browser.await_text("script", |text| text.contains(url)).await;
    browser.await_text("tryout-verdict", |text| text.starts_with("Deploys")).await;
    browser.close().await;
}

#[tokio::test]
async fn a_panic_of_the_annex_shows_the_banner_and_keeps_the_draft() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("run.port", "4321").await;
    browser.unfold("tryout").await;
    browser.element("tryout-headers").await;
    browser.run("window.dispatchEvent(new Event('pushbox:panic-annex'))", vec![]).await;
    browser.click("reload").await;
    browser.await_text("script", |text| text.contains("4321")).await;
    browser.close().await;
}
