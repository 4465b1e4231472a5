//! The main job as a person does it: fill in the form, read the script, keep the config.

use std::path::Path;

use tests::browser::{Browser, page};
use tests::pushbox::{LocalRun, Place, SECRET, push_of};

/// The page in a window, served by a local run in that place.
pub(crate) async fn open(place: &Place, page: &Path) -> (LocalRun, Browser) {
    let local = LocalRun::start(place, Some(page));
    let browser = Browser::open(&format!("{}/", local.address), 1280, 900).await;
    browser.element("repo.url").await;
    (local, browser)
}

#[tokio::test]
async fn a_person_fills_in_the_form_and_a_push_brings_that_very_script_to_a_box() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (local, browser) = open(&place, &page).await;

    browser.fill("repo.url", "https://github.com/usil/foo.git").await;
    browser.fill("app", "my_app").await;
    browser.fill("run.port", "8080").await;
    browser.click("paste-variables").await;
    browser.paste("import-text", "# my variables\nexport GREETING='hello $USER'\nN=1\nnonsense\n").await;
    browser.await_text("import-result", |text| text.contains("Line 4: \"nonsense\"")).await;
    browser.click("import-take").await;
    browser.await_text("import-result", |text| text.contains("Taken over: 2 variables")).await;
    browser.click("import-close").await;
    let script = browser.await_text("script", |text| text.contains("GREETING")).await;

    browser.click("export").await;
    place.write("pushbox.json", browser.download("pushbox.json").await);
    assert_eq!(place.output(&["check"]), "");
    assert_eq!(
        script,
        place.output(&["render", "user-data"]),
        "the page shows what the command line renders"
    );

    // The config was saved to the file that the local run reads: no restart.
    let body = push_of("refs/heads/main", 'a');
    let answer = local.post("/hook", &place.sign(SECRET, &body, &[]), &body);
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(local.ec2()["instances"][0]["user_data"], script, "the box gets what the page showed");
    browser.close().await;
}

#[tokio::test]
async fn a_config_comes_back_as_it_was_saved() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let config = r#"{
  "version": 1,
  "app": "other_app",
  "repo": {
    "url": "git@gitlab.com:usil/group/foo.git",
    "refs": [
      "refs/heads/main",
      "refs/tags/v*"
    ]
  },
  "run": {
    "env": [
      {
        "name": "MULTI",
        "value": "one\ntwo 'quoted' \"twice\" $HOME 🙂"
      },
      {
        "name": "DB_PASSWORD",
        "secret": true
      }
    ]
  },
  "box": {
    "disk_gb": 20
  },
  "keep_images": 5
}
"#;
    let (_local, browser) = open(&place, &page).await;
    browser.click("open-import").await;
    browser.paste("import-text", config).await;
    browser.click("import-take").await;
    browser.await_text("json", |text| text.contains("other_app")).await;
    assert_eq!(browser.text("json").await, config);
    assert!(browser.text("script").await.contains("git@gitlab.com:usil/group/foo.git"));
    browser.close().await;
}

#[tokio::test]
async fn the_form_fits_on_a_phone() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let local = LocalRun::start(&place, Some(&page));
    let browser = Browser::open(&format!("{}/", local.address), 360, 780).await;
    browser.element("repo.url").await;
    let wider = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(browser.run(wider, vec![]).await, false, "nothing needs sideways scrolling");
    browser.close().await;
}
