//! The tryout as people use it: paste, sign, break, read why, replay, compare, and take along.

use std::process::Command;

use tests::axe::axe;
use tests::browser::{Browser, page};
use tests::pushbox::{LocalRun, Place, SECRET};

use crate::access::look;
use crate::form::open;
use crate::keyboard::{DOWN, ENTER, SPACE, focused, press, tab_to};

/// The tryout of a form that wants the samples' repository.
async fn tryout(place: &Place, page: &std::path::Path) -> (LocalRun, Browser) {
    place.write("pushbox.json", tests::pushbox::CONFIG);
    let (local, browser) = open(place, page).await;
    browser.fill("repo.url", "https://github.com/usil/foo.git").await;
    browser.fill("app", "my_app").await;
    browser.unfold("tryout").await;
    browser.element("tryout-headers").await;
    (local, browser)
}

#[tokio::test]
async fn a_delivery_is_broken_replayed_compared_and_copied_by_keyboard_alone() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = tryout(&place, &page).await;
    browser.await_css("#tryout-sample option[value='github-push']").await;
    // Who unfolded it stands at its summary.
    browser.run("document.querySelector('#tryout > summary').focus()", vec![]).await;

    tab_to(&browser, "tryout-sample").await;
    press(&browser, DOWN).await;
    browser.await_text("tryout-verdict", |text| text == "Deploys refs/heads/main").await;

    tab_to(&browser, "tryout-breakage").await;
    press(&browser, DOWN).await;
    tab_to(&browser, "tryout-break").await;
    press(&browser, SPACE).await;
    let why = browser.await_text("tryout-auth", |text| text.contains("does not fit")).await;
    assert!(why.contains("a line break at its end"), "{why}");
    assert_eq!(focused(&browser).await, "tryout-break", "the focus stays where it was");

    browser.run("document.querySelector('#tryout-curl-place > summary').id = 'curl-summary'", vec![]).await;
    tab_to(&browser, "curl-summary").await;
    press(&browser, ENTER).await;
    tab_to(&browser, "tryout-copy-curl").await;
    let grant = serde_json::json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.devtools("Browser.grantPermissions", grant).await;
    press(&browser, ENTER).await;
    browser.await_css("#tryout-copy-curl[data-done]").await;

    browser.run("document.querySelector('#tryout-runs > summary').id = 'runs-summary'", vec![]).await;
    tab_to(&browser, "runs-summary").await;
    press(&browser, ENTER).await;
    tab_to(&browser, "run-1-replay").await;
    press(&browser, ENTER).await;
    browser.await_text("tryout-verdict", |text| text == "Deploys refs/heads/main").await;
    browser.element("run-3-compare").await;
    browser.run("document.getElementById('runs-summary').focus()", vec![]).await;
    tab_to(&browser, "run-3-compare").await;
    press(&browser, SPACE).await;
    tab_to(&browser, "run-2-compare").await;
    press(&browser, SPACE).await;
    let differs = browser.text("tryout-compare").await;
    assert!(
        differs.contains("- Refused: not authentic") && differs.contains("+ Deploys refs/heads/main"),
        "{differs}"
    );
    assert!(differs.contains("- x-hub-signature-256: sha256="), "{differs}");
    assert!(browser.text("tryout-compare-same").await.contains("body"));
    let kept = browser.run("return localStorage.length + sessionStorage.length", vec![]).await;
    assert_eq!(kept, 0, "the runs are in memory alone");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn two_runs_side_by_side_shut_nobody_out() {
    let (Some(page), Some(axe)) = (page(), axe()) else { return };
    let place = Place::new();
    let (_local, browser) = tryout(&place, &page).await;
    browser.choose("tryout-sample", "github-push").await;
    browser.await_text("tryout-status", |text| text == "202").await;
    browser.choose("tryout-breakage", "body-edited").await;
    browser.click("tryout-break").await;
    browser.await_text("tryout-status", |text| text == "401").await;
    browser.choose("tryout-sample", "bitbucket-many-refs").await;
    browser
        .run("for (const part of document.querySelectorAll('#tryout details')) part.open = true", vec![])
        .await;
    browser.paste("tryout-paste", "curl").await;
    browser.click("tryout-take").await;
    browser.element("tryout-refused").await;
    browser.click("run-1-compare").await;
    browser.click("run-2-compare").await;
    browser.element("tryout-compare").await;
    look(&browser, &axe, "two runs side by side").await;
    browser.click("run-1-replay").await;
    browser.await_text("tryout-status", |text| text == "202").await;
    look(&browser, &axe, "the tryout, all of it unfolded").await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_copied_as_curl_is_answered_as_foretold_and_can_be_pasted() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (local, browser) = tryout(&place, &page).await;
    browser.fill("tryout-secret", SECRET).await;
    browser.choose("tryout-sample", "github-push").await;
    browser.await_text("tryout-status", |text| text == "202").await;
    let command = browser.text("tryout-curl").await;

    // The local run is a function with the same config and secret, so it must answer what the page foretells.
    let foretold = browser.text("tryout-response").await;
    let foretold = foretold.split_once("\n\n").expect("headers and a body").1.to_string();
    browser.choose("tryout-box", "none").await;
    let foretold_without_box = browser.await_text("tryout-response", |text| !text.ends_with(&foretold)).await;
    let output = Command::new("bash")
        .args(["-c", &command])
        .env("FUNCTION_URL", format!("{}/", local.address))
        .output()
        .expect("bash runs");
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    let result = |text: &str| -> serde_json::Value {
        let body = text.find('{').and_then(|at| text.get(at..)).unwrap_or_default();
        serde_json::from_str(body)
            .unwrap_or_else(|_| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
    };
    assert_eq!(result(&answer)["result"], result(&foretold_without_box)["result"], "{answer}");

    browser.paste("tryout-headers", "").await;
    browser.paste("tryout-body", "").await;
    browser.unfold("tryout-paste").await;
    browser.paste("tryout-paste", &command).await;
    browser.click("tryout-take").await;
    browser.await_text("tryout-status", |text| text == "202").await;
    assert_eq!(browser.text("tryout-curl").await, command, "what was copied comes back byte for byte");
    browser.close().await;
}

#[tokio::test]
async fn a_delivery_that_is_kept_can_be_opened_again() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = tryout(&place, &page).await;
    browser.choose("tryout-sample", "github-bom-crlf").await;
    browser.await_text("tryout-status", |text| text == "202").await;
    let sent = browser.text("tryout-curl").await;
    browser.unfold("tryout-keep").await;
    browser.click("tryout-keep").await;
    let kept = browser.download("delivery.json").await;
    assert!(!String::from_utf8_lossy(&kept).contains("only-a-sample"), "the secret is not in it");
    place.write("kept.json", kept);

    browser.choose("tryout-sample", "gitlab-tag").await;
    browser.await_text("tryout-from", |text| text == "GitLab").await;
    browser.unfold("tryout-kept").await;
    let file = place.path("kept.json").display().to_string();
    browser.element("tryout-kept").await.send_keys(&file).await.expect("a file can be chosen");
    browser.await_text("tryout-from", |text| text == "GitHub").await;
    assert_eq!(browser.text("tryout-curl").await, sent, "the same delivery, byte for byte");
    assert_eq!(browser.text("tryout-verdict").await, "Deploys refs/heads/main");
    browser.close().await;
}

#[tokio::test]
async fn what_a_git_hosts_page_shows_is_signed_anew() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = tryout(&place, &page).await;
    let shown = r#"Headers
Request URL: https://abc.lambda-url.us-east-1.on.aws/hook
Request method: POST
Content-Type: application/json
X-GitHub-Delivery: 0b9ea1e0-0000-11f0-8000-000000000000
X-GitHub-Event: push
X-Hub-Signature-256: sha256=0000000000000000000000000000000000000000000000000000000000000000
Payload
{
  "ref": "refs/heads/main",
  "after": "0000000000000000000000000000000000000002",
  "head_commit": { "id": "0000000000000000000000000000000000000002", "message": "Say hello" },
  "repository": { "full_name": "usil/foo", "clone_url": "https://github.com/usil/foo.git" }
}"#;
    browser.fill("tryout-secret", "the secret of the hook").await;
    browser.unfold("tryout-paste").await;
    browser.paste("tryout-paste", shown).await;
    browser.click("tryout-take").await;
    browser.await_text("tryout-status", |text| text == "401").await;
    assert!(browser.text("tryout-remarks").await.contains("sign it anew"));
    browser.click("tryout-sign-anew").await;
    browser.await_focus("tryout-sign").await;
    browser.await_text("tryout-verdict", |text| text == "Deploys refs/heads/main").await;
    assert_eq!(browser.text("tryout-delivery").await, "0b9ea1e0-0000-11f0-8000-000000000000");
    let commands = browser.text("tryout-aws").await;
    assert!(commands.starts_with("aws ec2 create-tags"), "{commands}");
    let gates = browser.text("tryout-result").await;
    assert!(gates.contains("usil/foo") && gates.contains("Say hello"), "{gates}");
    browser.close().await;
}

#[tokio::test]
async fn the_samples_are_one_file_that_only_the_tryout_asks_for() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    let of_samples =
        |requested: Vec<String>| requested.into_iter().filter(|url| url.contains("sample")).collect();
    let before: Vec<String> = of_samples(browser.requested().await);
    assert_eq!(before, Vec::<String>::new());
    browser.unfold("tryout").await;
    browser.choose("tryout-sample", "github-push").await;
    browser.choose("tryout-sample", "azuredevops-tag").await;
    let after: Vec<String> = of_samples(browser.requested().await);
    assert!(matches!(after.as_slice(), [one] if one.ends_with("/samples.json")), "{after:?}");
    browser.close().await;
}
