//! Bad input: a clear message, the same on page and command line, and no panic.

use serde_json::{Value, json};
use tests::browser::{Browser, page};
use tests::pushbox::Place;

use crate::form::open;

/// The problems that the page lists, as the command line would print them.
async fn problems(browser: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('#problems li')]
        .map((one) => one.dataset.path + ': ' + one.querySelector('.message').textContent)";
    let listed = browser.run(script, vec![]).await;
    listed
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).map(String::from).collect())
        .unwrap_or_default()
}

fn of_command_line(place: &Place, config: &Value) -> Vec<String> {
    place.write("pushbox.json", config.to_string());
    let output = place.run(&["check"]);
    String::from_utf8_lossy(&output.stderr).lines().map(String::from).collect()
}

#[tokio::test]
async fn the_page_says_what_the_command_line_says() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    assert_eq!(problems(&browser).await, of_command_line(&place, &json!({})), "an empty form");

    for url in [
        "nonsense",
        "http://",
        "https://github.com",
        "ftp://host/a/b",
        "git@",
        "https://github.com/a b",
        "-oProxyCommand=x",
    ] {
        browser.fill("repo.url", url).await;
        browser.fill("app", "my_app").await;
        let config = json!({ "app": "my_app", "repo": { "url": url } });
        let expected = of_command_line(&place, &config);
        assert!(!expected.is_empty(), "{url} is wrong");
        assert_eq!(problems(&browser).await, expected, "{url}");
    }

    browser.fill("repo.url", "https://github.com/usil/foo").await;
    for (typed, value) in
        [("0", json!(0)), ("70000", json!(70000)), ("many", json!("many")), ("80.5", json!(80.5))]
    {
        browser.fill("run.port", typed).await;
        let config = json!({ "app": "my_app", "repo": { "url": "https://github.com/usil/foo" }, "run": { "port": value } });
        assert_eq!(problems(&browser).await, of_command_line(&place, &config), "port {typed}");
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn an_imported_config_is_judged_as_a_file_is() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    let config = json!({
        "app": "my_app", "repo": { "url": "https://github.com/usil/foo" },
        "run": { "env": [{ "name": "A B", "value": "x" }, { "name": "N", "value": "a\u{0}b" }] },
    });
    browser.click("open-import").await;
    browser.paste("import-text", &config.to_string()).await;
    browser.click("import-take").await;
    assert_eq!(problems(&browser).await, of_command_line(&place, &config));

    // What has no place in the form is listed when it is imported.
    let unknown = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo"}, "colour": "red"}"#;
    browser
        .run(
            "if (!document.getElementById('import').open) document.getElementById('open-import').click()",
            vec![],
        )
        .await;
    browser.paste("import-text", unknown).await;
    browser.click("import-take").await;
    browser
        .await_text("import-problems", |text| text.contains("colour") && text.contains("is not a field"))
        .await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_paste_of_a_megabyte_is_taken_calmly() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    let long = "A_LINE_WITHOUT_A_VALUE\n".repeat(45_000);
    browser.click("paste-variables").await;
    browser.paste("import-text", &long).await;
    browser.await_text("import-result", |text| !text.trim().is_empty()).await;
    browser.click("import-close").await;
    browser.unfold("tryout").await;
    browser.paste("tryout-headers", "X-GitHub-Event: push").await;
    browser.paste("tryout-body", &"[".repeat(1_000_000)).await;
    browser.fill("tryout-secret", "s").await;
    browser.click("tryout-sign").await;
    browser.click("tryout-run").await;
    browser.await_text("tryout-status", |text| text == "400").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn what_is_no_delivery_is_said_in_words() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.unfold("tryout").await;
    browser.fill("tryout-secret", "s").await;

    browser.paste("tryout-body", r#"{"ref": "refs/heads/ma"#).await;
    browser.click("tryout-sign").await;
    browser.click("tryout-run").await;
    browser.await_text("tryout-status", |text| text == "400").await;
    assert!(
        browser.text("tryout-problem").await.contains("expected"),
        "{}",
        browser.text("tryout-problem").await
    );

    browser.paste("tryout-headers", "X-Sourceforge-Event: push").await;
    browser.click("tryout-run").await;
    let said = browser.await_text("tryout-problem", |text| text.contains("X-GitHub-Event")).await;
    assert!(said.contains("found none of them"), "{said}");

    browser.paste("tryout-headers", "X-GitHub-Event: push").await;
    browser.click("tryout-run").await;
    browser.await_text("tryout-status", |text| text == "401").await;
    assert!(
        browser.text("tryout-auth").await.contains("X-Hub-Signature-256"),
        "a missing signature is named"
    );

    let file = place.path("body.bin");
    place.write("body.bin", b"{\"ref\": \"\xff\"}");
    let input = browser.element("tryout-file").await;
    input.send_keys(&file.display().to_string()).await.expect("a file");
    browser.await_text("tryout-body", |text| text.contains("body.bin")).await;
    browser.click("tryout-sign").await;
    browser.click("tryout-run").await;
    browser.await_text("tryout-problem", |text| text.contains("UTF-8")).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn an_error_that_appears_under_the_mouse_swallows_no_click() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("app", "Not A Name").await;
    // To press this button is to leave the field, and the error moves it away.
    browser.click("run.env-add").await;
    browser.element("run.env[0].name").await;
    browser.await_text("app-problem", |text| text.contains("Not A Name")).await;
    browser.close().await;
}
