//! Nobody is shut out: axe finds no barrier in any state of the page, and the keyboard is enough for all of it.

use tests::axe::{axe, barriers};
use tests::browser::{Browser, page};
use tests::pushbox::Place;

use crate::form::open;

/// Light or dark, and how wide: a small phone, and a desk.
const LOOKS: [(&str, u32); 4] = [("light", 320), ("dark", 320), ("light", 1280), ("dark", 1280)];

/// Looks at the page as it stands, in every look.
pub(crate) async fn look(browser: &Browser, axe: &str, state: &str) {
    for (scheme, width) in LOOKS {
        browser.prefer(&[("prefers-color-scheme", scheme)]).await;
        browser.resize(width, 900).await;
        // What the header covers a part of while one scrolls is no small target.
        browser.run("window.scrollTo(0, 0)", vec![]).await;
        let found = barriers(browser, axe).await;
        assert!(found.is_empty(), "{state}, {scheme}, {width} px wide:\n{}", found.join("\n"));
        let too_wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let too_wide = browser.run(too_wide, vec![]).await;
        assert_eq!(too_wide, 0, "{state}, {width} px wide: nobody has to scroll sideways");
    }
}

async fn fill_in(browser: &Browser) {
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.await_text("script", |text| text.contains("REPO_URL=https://github.com/usil/foo")).await;
}

#[tokio::test]
async fn the_form_has_no_barrier_empty_filled_in_unfolded_or_full_of_errors() {
    let (Some(page), Some(axe)) = (page(), axe()) else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    look(&browser, &axe, "the empty form").await;
    fill_in(&browser).await;
    look(&browser, &axe, "the form, filled in").await;
    let unfold =
        "for (const part of document.querySelectorAll('details.place, details.paste')) part.open = true";
    browser.run(unfold, vec![]).await;
    look(&browser, &axe, "the whole form").await;
    browser.fill("run.port", "70000").await;
    browser.fill("app", "Not A Name").await;
    browser.click("run.env-add").await;
    browser.fill("run.env[0].name", "1 BAD").await;
    browser.click("export").await;
    browser.await_text("problems", |text| text.contains("3 problems")).await;
    look(&browser, &axe, "the form with errors").await;
    browser.close().await;
}

#[tokio::test]
async fn no_tab_has_a_barrier() {
    let (Some(page), Some(axe)) = (page(), axe()) else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    fill_in(&browser).await;
    let tabs = "return [...document.querySelectorAll('[role=tab]')].map((tab) => tab.id)";
    let tabs = browser.run(tabs, vec![]).await;
    let tabs: Vec<&str> = tabs.as_array().into_iter().flatten().filter_map(|id| id.as_str()).collect();
    assert!(tabs.len() > 6, "{tabs:?}");
    for tab in tabs {
        browser.click(tab).await;
        browser.element(&tab.replace("-tab", "-panel")).await;
        look(&browser, &axe, tab).await;
    }
    browser.close().await;
}

#[tokio::test]
async fn tryout_and_dialogs_have_no_barrier() {
    let (Some(page), Some(axe)) = (page(), axe()) else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    fill_in(&browser).await;
    browser.unfold("cost").await;
    browser.element("cost-total").await;
    look(&browser, &axe, "the cost").await;
    browser.unfold("tryout").await;
    browser.choose("tryout-sample", "github-push").await;
    browser.await_text("tryout-result", |text| text.contains("202")).await;
    look(&browser, &axe, "the tryout").await;
    browser.unfold("steps").await;
    browser.element("download-installer").await;
    look(&browser, &axe, "the steps").await;
    browser.click("open-import").await;
    look(&browser, &axe, "the import").await;
    browser.close().await;
}
