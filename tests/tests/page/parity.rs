//! The same config, delivery and box state give the same judgement, plan and answer on page and command line.

use std::path::Path;

use serde_json::Value;
use tests::browser::{Browser, page};
use tests::pushbox::{CONFIG, Place};

use crate::form::open;

/// One of each kind, because `it/tryout.rs` compares all of them without a browser: a signature, a token, a form, a GET, several
/// refs, and a body that a text box would change.
const SAMPLES: [&str; 6] = [
    "github-push",
    "github-push-form",
    "gitlab-push",
    "gitea-push-get",
    "azuredevops-many-refs",
    "github-bom-crlf",
];

const STATES: [&str; 3] = ["none", "running", "stopping"];

#[tokio::test]
async fn samples_give_what_the_command_line_prints_whole_and_broken() {
    let Some(page) = page() else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let (_local, browser) = open(&place, &page).await;
    browser.click("open-import").await;
    browser.paste("import-text", CONFIG).await;
    browser.click("import-take").await;
    browser.unfold("tryout").await;
    browser.fill("tryout-secret", "a secret of the tryout").await;

    let (mut deploying, mut ignored) = (0, 0);
    for name in SAMPLES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../samples/{name}.json"));
        let sample: Value =
            serde_json::from_slice(&std::fs::read(file).expect("it is there")).expect("a sample");
        let body = sample["body"].as_str().expect("a body");
        browser.choose("tryout-sample", name).await;
        browser.element("tryout-json").await;
        for state in STATES {
            let shown = compare(&place, &browser, name, body, state).await;
            if shown["plan"].as_array().is_some_and(|plan| !plan.is_empty()) {
                deploying += 1;
            } else {
                ignored += 1;
            }
        }
        browser.choose("tryout-breakage", "other-secret").await;
        browser.click("tryout-break").await;
        browser.await_text("tryout-verdict", |text| text.starts_with("Refused")).await;
        let shown = compare(&place, &browser, name, body, "running").await;
        assert_eq!(shown["auth"]["ok"], false, "{name}");
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
    browser.choose("tryout-breakage", "body-with-line-break").await;
    browser.click("tryout-break").await;
    browser.await_text("tryout-status", |text| text == "401").await;
    assert!(
        browser.text("tryout-auth").await.contains("it fits this body without the line break at its end"),
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
