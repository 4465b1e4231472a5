//! The same config, delivery and box state give the same judgement, plan and answer on page and command line.

use serde_json::Value;
use tests::browser::{Browser, page};
use tests::pushbox::{CONFIG, Place};

use crate::form::open;

const STATES: [&str; 5] = ["none", "pending", "running", "stopping", "stopped"];

#[tokio::test]
async fn every_sample_with_every_box_gives_what_the_command_line_prints() {
    let Some(page) = page() else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let (local, browser) = open(&place, &page).await;
    browser.click("open-import").await;
    browser.paste("import-text", CONFIG).await;
    browser.click("import-take").await;
    browser.unfold("tryout").await;
    browser.fill("tryout-secret", "a secret of the tryout").await;

    let index: Value =
        serde_json::from_str(&local.get("/samples/index.json").body).expect("the list of samples");
    let samples = index.as_array().expect("a list");
    assert!(samples.len() >= 20, "{} samples", samples.len());
    let (mut deploying, mut ignored) = (0, 0);
    for sample in samples {
        let name = sample.as_str().expect("a name");
        browser.choose("tryout-sample", name).await;
        browser.element("tryout-json").await;
        let sample: Value =
            serde_json::from_str(&local.get(&format!("/samples/{name}.json")).body).expect("a sample");
        let body = sample["body"].as_str().expect("a body");
        for state in STATES {
            let shown = compare(&place, &browser, name, body, state).await;
            if shown["plan"].as_array().is_some_and(|plan| !plan.is_empty()) {
                deploying += 1;
            } else {
                ignored += 1;
            }
        }
    }
    assert!(deploying >= STATES.len() && ignored >= STATES.len(), "{deploying} deploy, {ignored} do not");
    browser.close().await;
}

/// Tries what stands in the tryout on page and command line; gives what both say. The page keeps a body that a text box
/// would change as a file, and then it is the sample's.
async fn compare(place: &Place, browser: &Browser, sample: &str, sample_body: &str, state: &str) -> Value {
    browser.choose("tryout-box", state).await;
    browser.click("tryout-run").await;
    let result = "const result = document.getElementById('tryout-result');
        return [result.dataset.now, document.getElementById('tryout-json').textContent,
                document.getElementById('tryout-headers').value, document.getElementById('tryout-body').value ?? null,
                document.getElementById('tryout-query').value];";
    let values = browser.run(result, vec![]).await;
    let text = |at: usize| values[at].as_str().unwrap_or_else(|| panic!("{sample}: {values}")).to_string();
    let (now, json) = (text(0), text(1));
    place.write("headers.json", headers_json(&text(2)));
    place.write("body.bin", values[3].as_str().unwrap_or(sample_body));
    let query = text(4);
    let printed = place.output(&[
        "webhook",
        "--method",
        if query.is_empty() { "POST" } else { "GET" },
        "--query",
        &query,
        "--headers",
        "headers.json",
        "--body",
        "body.bin",
        "--secret",
        "a secret of the tryout",
        "--now",
        &now,
        "--box",
        state,
    ]);
    assert_eq!(json.trim_end(), printed.trim_end(), "{sample} with the box {state}");
    serde_json::from_str(&json).expect("JSON")
}

/// The tryout takes a JSON object or `Name: value` lines, the command line the former.
fn headers_json(text: &str) -> String {
    if text.trim_start().starts_with('{') {
        return text.to_string();
    }
    let pairs = text.lines().filter_map(|line| line.split_once(": "));
    let members: serde_json::Map<String, Value> =
        pairs.map(|(name, value)| (name.to_string(), Value::from(value))).collect();
    Value::Object(members).to_string()
}

#[tokio::test]
async fn a_broken_signature_is_explained_to_its_owner_and_refused() {
    let Some(page) = page() else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let (_local, browser) = open(&place, &page).await;
    browser.click("open-import").await;
    browser.paste("import-text", CONFIG).await;
    browser.click("import-take").await;
    browser.unfold("tryout").await;
    browser.fill("tryout-secret", "a secret of the tryout").await;
    browser.paste("tryout-body", r#"{"ref": "refs/heads/main"}"#).await;
    browser.click("tryout-sign").await;
    browser.click("tryout-run").await;
    let good = browser.await_text("tryout-status", |text| text == "200").await;
    assert_eq!(good, "200", "authentic, although it is about no repository");
    browser.click("tryout-break").await;
    browser.click("tryout-run").await;
    browser.await_text("tryout-status", |text| text == "401").await;
    assert!(
        browser.text("tryout-auth").await.contains("does not fit the body"),
        "{}",
        browser.text("tryout-auth").await
    );
    assert!(
        browser.text("tryout-response").await.contains("not authentic"),
        "the answer itself is no oracle"
    );
    compare(&place, &browser, "broken", "", "running").await;
    browser.close().await;
}
