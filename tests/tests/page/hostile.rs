//! Pastes that mean harm, or are only much too long: they stay text, and the page goes on.

use serde_json::json;
use tests::browser::{Browser, page};
use tests::pushbox::Place;

use crate::form::open;

/// Each would set `window.harmed` if the page took it for anything but text.
const HOSTILE: [&str; 5] = [
    "<script>window.harmed = 1</script>",
    "</textarea><img src=x onerror='window.harmed = 1'>",
    "javascript:window.harmed=1",
    "\"><svg onload=\"window.harmed = 1\">",
    "\u{202e}gnp.exe\u{202c} \u{2066}\u{200f}right to left",
];

async fn assert_unharmed(browser: &Browser) {
    assert_eq!(browser.run("return window.harmed === undefined", vec![]).await, true);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn hostile_text_in_any_field_stays_text() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo.git").await;
    for text in HOSTILE {
        for field in ["repo.url", "app", "run.port", "repo.refs", "build.dockerfile", "box.key_name"] {
            browser.unfold(field).await;
            let before =
                browser.run("return document.getElementById(arguments[0]).value", vec![json!(field)]).await;
            browser.paste(field, text).await;
            // What is wrong with it is said when the field is left.
            browser.run("document.activeElement.blur()", vec![]).await;
            browser.paste(field, before.as_str().unwrap_or_default()).await;
        }
    }
    // In the value of a variable everything is allowed, and reaches the script as the command line writes it.
    let env: Vec<_> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, text)| json!({ "name": format!("V{at}"), "value": text }))
        .collect();
    let config =
        json!({ "app": "foo", "repo": { "url": "https://github.com/usil/foo.git" }, "run": { "env": env } });
    place.write("pushbox.json", config.to_string());
    browser.run("window.scrollTo(0, 0)", vec![]).await;
    browser.click("open-import").await;
    browser.paste("import-text", &config.to_string()).await;
    browser.click("import-take").await;
    let expected = place.output(&["render", "user-data"]);
    browser.await_text("script", |text| text == expected).await;
    assert_unharmed(&browser).await;
    browser.close().await;
}

#[tokio::test]
async fn five_megabytes_are_taken_and_given_up_again() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.click("run.env-add").await;
    browser.fill("run.env[0].name", "LONG").await;
    browser.paste("run.env[0].value", &"0123456789abcdef".repeat(5 << 16)).await;
    browser.await_text("script-size", |text| text.contains('5') && text.len() > 8).await;
    browser.paste("run.env[0].value", "short").await;
    browser.await_text("script", |text| text.contains("LONG=short")).await;
    assert_unharmed(&browser).await;
    browser.close().await;
}

#[tokio::test]
async fn five_hundred_variables_are_edited_as_one_is() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    let env: Vec<_> = (0..500)
        .map(|at| json!({ "name": format!("SETTING_{at}"), "value": format!("value {at}") }))
        .collect();
    let config =
        json!({ "app": "foo", "repo": { "url": "https://github.com/usil/foo.git" }, "run": { "env": env } });
    browser.click("open-import").await;
    browser.paste("import-text", &config.to_string()).await;
    browser.click("import-take").await;
    browser.fill("run.env[499].value", "the last one").await;
    let mut config = config;
    config["run"]["env"][499]["value"] = "the last one".into();
    place.write("pushbox.json", config.to_string());
    browser.click("json-tab").await;
    browser.await_text("json", |text| text.contains("the last one")).await;
    browser.click("export").await;
    place.write("exported.json", browser.download("pushbox.json").await);
    assert_eq!(place.output(&["check", "--config", "exported.json"]), "");
    let render = |config| place.run(&["render", "user-data", "--config", config]).stdout;
    assert_eq!(render("exported.json"), render("pushbox.json"), "what comes out is what was typed");
    browser.close().await;
}
