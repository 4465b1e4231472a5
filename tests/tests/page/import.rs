//! Everything that a person has at hand already comes into the form, by paste and by drop, and what does not is listed by line.

use serde_json::{Value, json};
use tests::axe::axe;
use tests::browser::{Browser, page};
use tests::pushbox::Place;

use crate::access::look;
use crate::form::open;
use crate::keyboard::{ENTER, ESCAPE, press, tab_to};

/// One kind of text, and what becomes of it.
struct Case {
    kind: &'static str,
    file: &'static str,
    text: &'static str,
    /// What the dialog says of it, and what it lists as left out.
    summary: &'static str,
    left: &'static [&'static str],
    /// What stands in `pushbox.json` afterwards, by JSON pointer.
    holds: &'static [(&'static str, &'static str)],
}

const CASES: [Case; 7] = [
    Case {
        kind: "config",
        file: "pushbox.json",
        text: r#"{"app": "shop", "repo": {"url": "https://github.com/usil/shop"}, "colour": 1}"#,
        summary: "app name shop",
        left: &["Line 1: colour is not a field"],
        holds: &[("/app", "\"shop\""), ("/repo/url", "\"https://github.com/usil/shop\"")],
    },
    Case {
        kind: "link",
        file: "link.txt",
        text: "https://pushbox.example/page/#v=1&run.port=8080&run.env.MODE=live&colour=red",
        summary: "port 8080, 1 variable",
        left: &["Line 1: colour is not a field"],
        holds: &[("/run/port", "8080"), ("/run/env/0/name", "\"MODE\"")],
    },
    Case {
        kind: "env",
        file: ".env",
        text: "# settings\r\nexport MODE='live now';\r\nnonsense\r\nDB_PASSWORD=hunter2\r\n",
        summary: "2 variables",
        left: &["Line 3: \"nonsense\" has no NAME=value"],
        holds: &[("/run/env/0/value", "\"live now\""), ("/run/env/1/secret", "true")],
    },
    Case {
        kind: "docker-run",
        file: "run.txt",
        text: "$ sudo docker run -d -p 80:5000 \\\n  --network=host \\\n  -e MODE=live -v data:/data usil/shop;",
        summary: "port 5000, 1 variable, 1 volume",
        left: &[
            "Line 2: --network host has no place here: pushbox publishes one port of its own; leave it out",
        ],
        holds: &[("/run/port", "5000"), ("/run/volumes/0", "\"data:/data\"")],
    },
    Case {
        kind: "compose",
        file: "compose.yaml",
        text: "services:\n  db:\n    image: postgres\n  web:\n    build: ./app\n    ports: ['80:5000']\n    depends_on: [db]\n",
        summary: "build context app, port 5000",
        left: &["Line 2: db is another container", "Line 7: depends_on is another container"],
        holds: &[
            ("/build/context", "\"app\""),
            ("/build/dockerfile", "\"app/Dockerfile\""),
            ("/run/port", "5000"),
        ],
    },
    Case {
        kind: "dockerfile",
        file: "Dockerfile",
        text: "FROM node:24\nARG REV=7\nENV MODE=live\nEXPOSE 5000\nHEALTHCHECK CMD curl -f http://localhost:5000/up\n",
        summary: "1 build argument, port 5000, health path /up",
        left: &["Line 3: ENV MODE=live is in the image already"],
        holds: &[("/build/args/REV", "\"7\""), ("/run/port", "5000"), ("/run/health_path", "\"/up\"")],
    },
    Case {
        kind: "script",
        file: "user-data.sh",
        text: "#!/bin/bash\napt-get install -y docker.io\ngit clone -b live https://github.com/usil/shop\ndocker build -t shop .\ndocker run -it -p 80:5000 -e MODE=live shop\n",
        summary: "repository URL https://github.com/usil/shop, branches and tags refs/heads/live, port 5000, 1 variable",
        left: &["Line 2: apt-get install -y docker.io installs something", "Line 5: --tty needs a terminal"],
        holds: &[("/app", "\"shop\""), ("/repo/refs/0", "\"refs/heads/live\""), ("/run/port", "5000")],
    },
];

/// The JSON tab, which is there also while the dialog is open.
async fn config(browser: &Browser) -> Value {
    serde_json::from_str(&browser.text("json").await).expect("the page shows JSON")
}

/// Drops a file onto an element, as a file manager does.
async fn drop_file(browser: &Browser, id: &str, name: &str, text: &str) {
    let script = "const [element, name, text] = arguments;
        const data = new DataTransfer();
        data.items.add(new File([text], name));
        const over = new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true });
        element.dispatchEvent(over);
        element.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        return over.defaultPrevented;";
    let element = json!(browser.element(id).await);
    assert_eq!(
        browser.run(script, vec![element, json!(name), json!(text)]).await,
        true,
        "it may be dropped there"
    );
}

/// Looks at what the dialog says, takes it over, and looks at the form.
async fn check(browser: &Browser, case: &Case) {
    let Case { kind, summary, left, holds, .. } = case;
    browser
        .await_text("import-summary", |text| text.starts_with("To take over") && text.contains(summary))
        .await;
    let chosen = "return document.getElementById('import-kind').value";
    assert_eq!(browser.run(chosen, vec![]).await, *kind);
    for line in *left {
        browser.await_text("import-problems", |text| text.contains(line)).await;
    }
    browser.click("import-take").await;
    browser.await_text("import-summary", |text| text.starts_with("Taken over")).await;
    let now = config(browser).await;
    for (path, value) in *holds {
        assert_eq!(
            now.pointer(path).map(Value::to_string).as_deref(),
            Some(*value),
            "{kind}: {path} of {now}"
        );
    }
    browser.click("import-close").await;
}

async fn undo(browser: &Browser) {
    let before = "return document.getElementById('undo').disabled";
    assert_eq!(browser.run(before, vec![]).await, false, "there is something to undo");
    browser.click("undo").await;
}

#[tokio::test]
async fn every_kind_is_taken_by_paste_and_one_undo_brings_the_form_back() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.click("json-tab").await;
    let empty = config(&browser).await;
    for case in &CASES {
        browser.click("open-import").await;
        let old = "return document.getElementById('import-text')?.value ?? ''";
        assert_eq!(browser.run(old, vec![]).await, "", "what was taken over is gone from the dialog");
        browser.paste("import-text", case.text).await;
        check(&browser, case).await;
        assert!(!browser.text("json").await.contains("hunter2"), "a secret is written nowhere");
        undo(&browser).await;
        assert_eq!(config(&browser).await, empty, "{}", case.kind);
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn every_kind_is_taken_by_drop() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.click("json-tab").await;
    for case in &CASES {
        browser.click("open-import").await;
        drop_file(&browser, "import-text", case.file, case.text).await;
        check(&browser, case).await;
        undo(&browser).await;
    }
    browser.click("open-import").await;
    place.write("broken.txt", b"A=\xff");
    let file = place.path("broken.txt");
    browser.element("import-file").await.send_keys(&file.display().to_string()).await.expect("a file");
    browser.await_text("import-result", |text| text.contains("broken.txt is no text in UTF-8")).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn what_an_import_does_not_name_stays_and_nothing_left_out_closes_the_dialog() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.fill("app", "mine").await;
    browser.fill("run.port", "8080").await;
    browser.click("json-tab").await;
    browser.click("open-import").await;
    browser.paste("import-text", "MODE=live\nAPI_TOKEN=hunter2\n").await;
    browser.await_text("import-summary", |text| text.contains("2 variables")).await;
    browser.click("import-take").await;
    browser.await_css("#import:not([open])").await;
    browser.await_text("status", |text| text.contains("Marked secret") && text.contains("API_TOKEN")).await;
    let now = config(&browser).await;
    assert_eq!((&now["app"], &now["run"]["port"]), (&json!("mine"), &json!(8080)));
    assert_eq!(
        now["run"]["env"],
        json!([{"name": "MODE", "value": "live"}, {"name": "API_TOKEN", "secret": true}])
    );
    browser.close().await;
}

#[tokio::test]
async fn a_wrong_guess_is_corrected_and_another_service_chosen() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.click("open-import").await;
    browser.paste("import-text", "EXPOSE_ALL=1\nEXPOSE 80\n").await;
    browser.await_text("import-problems", |text| text.contains("Line 2: \"EXPOSE 80\"")).await;
    browser.choose("import-kind", "dockerfile").await;
    browser.await_text("import-summary", |text| text.contains("port 80")).await;

    browser
        .paste("import-text", "services:\n  a: {build: ., ports: [1]}\n  b: {image: x, ports: [2]}\n")
        .await;
    browser.await_text("import-summary", |text| text.contains("port 1")).await;
    browser.choose("import-app", "b").await;
    browser.await_text("import-summary", |text| text.contains("port 2")).await;
    browser.await_text("import-problems", |text| text.contains("a is another container")).await;
    browser.close().await;
}

#[tokio::test]
async fn an_import_is_done_by_keyboard_alone() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    tab_to(&browser, "open-import").await;
    press(&browser, ENTER).await;
    browser.await_focus("import-text").await;
    press(&browser, "docker run -p 80:5000 x").await;
    browser.await_text("import-summary", |text| text.contains("port 5000")).await;
    tab_to(&browser, "import-kind").await;
    tab_to(&browser, "import-take").await;
    press(&browser, ENTER).await;
    browser.await_text("import-summary", |text| text.starts_with("Taken over")).await;
    browser
        .await_text("status", |text| {
            text.contains("Taken over from a docker run line: port 5000. Left out: 1")
        })
        .await;
    press(&browser, ESCAPE).await;
    browser.await_focus("open-import").await;
    browser.await_text("script", |text| text.contains("5000")).await;
    browser.close().await;
}

#[tokio::test]
async fn the_dialog_has_no_barrier_while_it_shows_a_result() {
    let (Some(page), Some(axe)) = (page(), axe()) else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.click("open-import").await;
    let many: String = (0..60).map(|at| format!("a line without a value that is number {at}\n")).collect();
    browser.paste("import-text", &format!("A=$B\n{many}")).await;
    browser.await_text("import-problems", |text| text.contains("and 10 more")).await;
    look(&browser, &axe, "the import, with much left out").await;
    browser.paste("import-text", CASES[4].text).await;
    browser.await_text("import-summary", |text| text.contains("port 5000")).await;
    browser.click("import-take").await;
    browser.await_text("import-summary", |text| text.starts_with("Taken over")).await;
    look(&browser, &axe, "the import, taken over").await;
    browser.close().await;
}
