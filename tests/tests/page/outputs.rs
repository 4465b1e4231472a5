//! The tabs: what they show is what the command line writes, and what is run by somebody who follows the five steps.

use std::time::{Duration, SystemTime};

use pushbox_shared::export::{OUTPUTS, USER_DATA};
use tests::base_zip::base_zip;
use tests::browser::{Browser, page};
use tests::pushbox::Place;

use crate::annex::{ANNEX, PAGE, copy};
use crate::form::open;

/// With everything that brings a part of its own: secrets, an address that stays, a name, a budget.
const CONFIG: &str = r#"{
    "app": "my_app",
    "repo": {"url": "https://gitlab.com/usil/foo.git", "refs": ["refs/heads/main"], "auth": "token"},
    "run": {"env": [{"name": "DB_PASSWORD", "secret": true}], "domain": "app.example.org", "extra_ports": ["2222:22"]},
    "box": {"address": "elastic"},
    "function": {"reserved_concurrency": 5, "budget_usd": 10}
}"#;

async fn import(browser: &Browser, config: &str) {
    browser.click("open-import").await;
    browser.paste("import-text", config).await;
    browser.click("import-take").await;
    browser.await_text("json", |text| text.contains("my_app")).await;
}

#[tokio::test]
async fn every_tab_shows_and_downloads_what_the_command_line_renders() {
    let Some(page) = page() else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let (_local, browser) = open(&place, &page).await;
    import(&browser, CONFIG).await;
    for output in OUTPUTS {
        let id = if output.id == USER_DATA.id { "script" } else { output.id };
        browser.click(&format!("{id}-tab")).await;
        let rendered = place.output(&["render", output.id]);
        assert_eq!(browser.text(id).await, rendered, "{}", output.id);
        browser.click(&format!("download-{id}")).await;
        let downloaded = browser.download(output.file).await;
        assert_eq!(String::from_utf8_lossy(&downloaded), rendered, "{}", output.file);
    }
    browser.close().await;
}

#[tokio::test]
async fn nothing_that_somebody_could_run_is_made_of_a_form_with_problems() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.click("install-tab").await;
    browser.element("download-install").await;
    browser.fill("run.port", "70000").await;
    browser.await_text("install-panel", |text| text.contains("no problem any more")).await;
    browser.unfold("steps").await;
    browser.element("download-installer").await;
    let disabled =
        "return ['download-installer', 'download-zip'].map(id => document.getElementById(id).disabled)";
    assert_eq!(browser.run(disabled, vec![]).await, serde_json::json!([true, true]));
    browser.close().await;
}

#[tokio::test]
async fn the_steps_are_in_the_words_of_the_git_host() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://bitbucket.org/usil/foo").await;
    browser.unfold("steps").await;
    browser.await_text("steps", |text| text.contains("Repository settings, Webhooks, Add webhook")).await;
    browser.fill("function-url", "https://abc.lambda-url.us-east-1.on.aws/").await;
    browser.await_text("steps", |text| text.contains("https://abc.lambda-url.us-east-1.on.aws/hook")).await;

    browser.close().await;
}

#[tokio::test]
async fn function_zip_is_that_of_the_command_line_where_the_page_has_the_program() {
    let Some(page) = page() else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let site = place.path("site");
    copy(&page, &site, PAGE);
    copy(&page, &site, ANNEX);
    let (_local, browser) = open(&place, &site).await;
    import(&browser, CONFIG).await;

    browser.click("function-zip-tab").await;
    browser.click("download-function-zip").await;
    let said = "download-function-zip-said";
    browser.await_text(said, |text| text.contains("cargo xtask dist")).await;

    std::fs::write(site.join("function-arm64.zip"), base_zip(0o644)).unwrap();
    browser.click("download-function-zip").await;
    browser.await_text(said, |text| text.contains("cannot be used") && text.contains("bootstrap")).await;

    place.write("base.zip", base_zip(0o755));
    std::fs::copy(place.path("base.zip"), site.join("function-arm64.zip")).unwrap();
    // By HTTP a file of the same second is the same.
    let later = SystemTime::now() + Duration::from_secs(10);
    let file = std::fs::File::options().write(true).open(site.join("function-arm64.zip")).unwrap();
    file.set_modified(later).unwrap();
    browser.click("download-function-zip").await;
    browser.await_text(said, |text| text.contains("is downloaded")).await;
    place.output(&["render", "function-zip", "--base", "base.zip", "--out", "function.zip"]);
    let rendered = std::fs::read(place.path("function.zip")).unwrap();
    assert!(browser.download("function.zip").await == rendered, "the command line makes other bytes");
    browser.close().await;
}

#[tokio::test]
async fn everything_is_one_zip_with_the_bytes_of_the_command_line() {
    let Some(page) = page() else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let (_local, browser) = open(&place, &page).await;
    import(&browser, CONFIG).await;
    browser.click("download-everything").await;
    browser.await_text("download-everything-said", |text| text.contains("is downloaded")).await;
    place.output(&["render", "archive", "--out", "pushbox.zip"]);
    let rendered = std::fs::read(place.path("pushbox.zip")).unwrap();
    assert!(browser.download("pushbox.zip").await == rendered, "the command line makes other bytes");
    browser.close().await;
}
