//! The link in the address: what it holds, and that Back and Forward go through it and never trap.

use std::time::{Duration, Instant};

use tests::browser::{Browser, page};
use tests::pushbox::{LocalRun, Place};

use crate::form::open;
use crate::history::value;

/// Waits until the address ends with that.
async fn await_address(browser: &Browser, end: &str) {
    let start = Instant::now();
    loop {
        let url = browser.client.current_url().await.expect("an address").to_string();
        if url.ends_with(end) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "the address is still {url}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn back_and_forward_go_through_what_was_filled_in() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo.git").await;
    browser.fill("run.port", "8080").await;
    browser.unfold("run.health_path").await;
    browser.fill("run.health_path", "/up").await;
    await_address(&browser, "/#v=1&app=foo&repo.url=https://github.com/usil/foo.git&run.port=8080").await;

    browser.client.back().await.expect("there is an entry before");
    browser.await_text("script", |text| !text.contains("\nPORT=8080")).await;
    assert_eq!(value(&browser, "repo.url").await, "https://github.com/usil/foo.git");
    browser.client.back().await.expect("there is an entry before");
    browser.await_text("script", |text| !text.contains("usil/foo")).await;
    browser.client.forward().await.expect("there is an entry after");
    browser.await_text("script", |text| text.contains("usil/foo")).await;
    browser.client.forward().await.expect("there is an entry after");
    browser.await_text("script", |text| text.contains("\nPORT=8080")).await;

    // A link to a part of the page scrolls, and the address still holds the form.
    browser.run("document.querySelector('nav a[href=\"#steps\"]').click()", vec![]).await;
    await_address(&browser, "&run.port=8080").await;
    let is_seen =
        "return document.getElementById('steps').getBoundingClientRect().top < window.innerHeight - 50";
    assert_eq!(browser.run(is_seen, vec![]).await, true);
    assert_eq!(value(&browser, "run.port").await, "8080");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_link_opens_the_form_and_back_leaves_it() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let local = LocalRun::start(&place, Some(&page));
    let before = format!("{}/icon.svg", local.address);
    let browser = Browser::open(&before, 1280, 900).await;
    // Written by hand: no version, another order, and something that nobody knows.
    let link = format!("{}/#run.port=8080&colour=red&app=foo&run.secret=DB_PASSWORD", local.address);
    browser.client.goto(&link).await.expect("the page loads");
    assert_eq!(value(&browser, "run.port").await, "8080");
    assert_eq!(value(&browser, "run.env[0].name").await, "DB_PASSWORD");
    let said = browser.text("link-problems").await;
    assert!(said.contains("colour: is not a field"), "{said}");
    assert!(browser.text("link-note").await.contains("DB_PASSWORD"), "it is said whose values are left out");
    await_address(&browser, "/#v=1&app=foo&run.port=8080&run.secret=DB_PASSWORD").await;

    browser.client.back().await.expect("there is an entry before");
    await_address(&browser, "/icon.svg").await;
    browser.close().await;
}
