//! Without a network: after one visit the page is in the browser, whole; another version takes its place whole or not at all.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tests::browser::{Browser, dist, page};
use tests::pushbox::Place;
use tests::static_host::StaticHost;

use crate::form::open;

/// A later version differs in these: the page itself, and a file that it fetches when somebody unfolds the tryout. Neither has
/// a hash in its name, so a browser could mix them.
const DIFFERING: [(&str, &str); 2] = [("index.html", "<title>"), ("samples.json", "\"title\":\"")];

/// The built page as another version, with that mark.
fn version(dist: &Path, place: &Place, mark: &str) -> PathBuf {
    let folder = place.path(mark);
    for file in files_below(dist) {
        let to = folder.join(file.strip_prefix(dist).expect("it is below"));
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("the folder is ours");
        std::fs::copy(&file, &to).expect("the folder is ours");
    }
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("it is there");
    let worker = text("offline.js");
    let list = worker.lines().find_map(|line| line.strip_prefix("const FILES = ")?.strip_suffix(';'));
    let list = list.expect("the worker has a list");
    let mut files: Map<String, Value> = serde_json::from_str(list).expect("the list is JSON");
    for (name, at) in DIFFERING {
        let marked = text(name).replacen(at, &format!("{at}{mark} "), 1);
        assert!(marked.contains(mark), "{name} has {at}");
        let hash = format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(&marked)));
        let name_in_list = if name == "index.html" { "./" } else { name };
        let before = files.insert(name_in_list.into(), hash.into());
        assert!(before.is_some(), "{name} is in the list");
        std::fs::write(folder.join(name), marked).expect("the folder is ours");
    }
    let worker = worker.replace(list, &Value::Object(files).to_string());
    let worker = worker.replacen("const VERSION = \"", &format!("const VERSION = \"{mark}"), 1);
    std::fs::write(folder.join("offline.js"), worker).expect("the folder is ours");
    folder
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Opens the page at that host, and waits until the browser has kept it.
async fn visit_first(host: &StaticHost) -> Browser {
    let browser = Browser::open(&host.page("localhost"), 1280, 900).await;
    browser.element("repo.url").await;
    browser.run("return navigator.serviceWorker.ready.then(() => true)", vec![]).await;
    browser
}

/// As a person who comes again. The page before is closed.
async fn visit(browser: &Browser, address: &str) {
    browser.client.goto("about:blank").await.expect("an empty page");
    browser.client.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    browser.element("repo.url").await;
}

/// The mark of the version that a person sees, which is that of every part, annex included.
async fn seen(browser: &Browser) -> String {
    browser.unfold("tryout").await;
    browser.choose("tryout-sample", "github-push").await;
    let parts = "const sample = document.querySelector('#tryout-sample option[value=github-push]');
        return [document.title, sample.textContent].map((text) => text.split(' ')[0])";
    let parts = browser.run(parts, vec![]).await;
    assert_eq!(parts[0], parts[1], "the page is of one version");
    parts[0].as_str().unwrap_or_default().to_string()
}

/// Visits the page until that version is seen. Until then it is the one before, whole.
async fn visit_until(browser: &Browser, address: &str, before: &str, wanted: &str) {
    let start = Instant::now();
    loop {
        visit(browser, address).await;
        let mark = seen(browser).await;
        if mark == wanted {
            return;
        }
        assert_eq!(mark, before);
        assert!(start.elapsed() < Duration::from_secs(30), "{wanted} is never seen");
    }
}

/// Has the browser ask the host for another version, which it otherwise does a second after a visit, and waits for what comes
/// of it: whether that is kept now, beside the one that is open.
async fn ask_for_another(browser: &Browser) -> Value {
    let asked = "return navigator.serviceWorker.ready.then((found) => found.update()).then((found) => new Promise((done) => {
        const worker = found.installing;
        const look = () => worker?.state === 'installing' || done(found.waiting !== null);
        worker?.addEventListener('statechange', look);
        look();
    }))";
    browser.run(asked, vec![]).await
}

#[tokio::test]
async fn all_of_the_page_works_without_its_host_after_the_first_visit() {
    let Some(dist) = dist() else { return };
    let place = Place::new();
    let host = StaticHost::start(&version(&dist, &place, "one")).await;
    let address = host.page("localhost");
    let browser = visit_first(&host).await;
    host.stop().await;

    for address in [address.clone(), format!("{address}index.html?from=mail#run.port=8080")] {
        visit(&browser, &address).await;
        browser.fill("repo.url", "https://github.com/usil/foo").await;
        browser.await_text("script", |text| text.contains("REPO_URL=https://github.com/usil/foo")).await;
        browser.click("terraform-tab").await;
        browser.await_text("terraform", |text| text.contains("resource")).await;
        browser.click("open-import").await;
        browser.paste("import-text", "docker run -p 80:5000 x").await;
        browser.await_text("import-summary", |text| text.contains("port 5000")).await;
        browser.click("import-close").await;
        assert_eq!(seen(&browser).await, "one");
    }
    browser.close().await;
}

#[tokio::test]
async fn an_open_page_stays_of_its_version_and_the_next_visits_have_the_new_one() {
    let Some(dist) = dist() else { return };
    let place = Place::new();
    let host = StaticHost::start(&version(&dist, &place, "one")).await;
    let address = host.page("localhost");
    let browser = visit_first(&host).await;
    visit(&browser, &address).await;

    host.serve(&version(&dist, &place, "two"));
    assert_eq!(ask_for_another(&browser).await, true);
    // Nothing of the tryout was fetched before.
    assert_eq!(seen(&browser).await, "one");
    visit_until(&browser, &address, "one", "two").await;

    let caches = browser.run("return caches.keys()", vec![]).await;
    let caches: Vec<&str> = caches.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(
        matches!(caches[..], [one] if one.contains("two")),
        "of the old version nothing is kept: {caches:?}"
    );
    host.stop().await;
    visit(&browser, &address).await;
    assert_eq!(seen(&browser).await, "two");
    browser.close().await;
}

#[tokio::test]
async fn while_a_file_of_the_new_version_is_missing_the_old_one_works_whole() {
    let Some(dist) = dist() else { return };
    let place = Place::new();
    let host = StaticHost::start(&version(&dist, &place, "one")).await;
    let address = host.page("localhost");
    let browser = visit_first(&host).await;
    visit(&browser, &address).await;

    let two = version(&dist, &place, "two");
    let hidden = place.path("hidden");
    let samples = two.join("samples.json");
    std::fs::rename(&samples, &hidden).expect("the folder is ours");
    host.serve(&two);
    assert_eq!(ask_for_another(&browser).await, false, "what is not whole does not wait to be used");
    assert!(host.has_missed("samples.json"), "it was tried");
    visit(&browser, &address).await;
    assert_eq!(seen(&browser).await, "one");

    std::fs::rename(&hidden, &samples).expect("the folder is ours");
    assert_eq!(ask_for_another(&browser).await, true);
    visit_until(&browser, &address, "one", "two").await;
    host.stop().await;
    visit(&browser, &address).await;
    assert_eq!(seen(&browser).await, "two");
    browser.close().await;
}

#[tokio::test]
async fn files_of_two_versions_are_never_kept_together() {
    let Some(dist) = dist() else { return };
    let place = Place::new();
    let (one, two) = (version(&dist, &place, "one"), version(&dist, &place, "two"));
    // The host is just being given the new version, and still has the old worker.
    std::fs::copy(one.join("offline.js"), place.path("worker")).expect("the folder is ours");
    std::fs::copy(two.join("offline.js"), place.path("new-worker")).expect("the folder is ours");
    std::fs::copy(place.path("worker"), two.join("offline.js")).expect("the folder is ours");
    let host = StaticHost::start(&two).await;
    let address = host.page("localhost");
    let browser = Browser::open(&address, 1280, 900).await;
    browser.element("repo.url").await;
    let ended =
        "return navigator.serviceWorker.register('./offline.js').then((found) => new Promise((done) => {
        const worker = found.installing ?? found.waiting ?? found.active;
        const look = () => ['redundant', 'activated'].includes(worker.state) && done(worker.state);
        worker.addEventListener('statechange', look);
        look();
    }))";
    assert_eq!(browser.run(ended, vec![]).await, "redundant", "it could not install");
    assert_eq!(browser.run("return caches.keys()", vec![]).await, json!([]));
    assert_eq!(seen(&browser).await, "two");
    std::fs::copy(place.path("new-worker"), two.join("offline.js")).expect("the folder is ours");
    visit(&browser, &address).await;
    browser.run("return navigator.serviceWorker.ready.then(() => true)", vec![]).await;
    host.stop().await;
    visit(&browser, &address).await;
    assert_eq!(seen(&browser).await, "two");
    browser.close().await;
}

#[tokio::test]
async fn a_page_from_plain_http_works_and_keeps_nothing() {
    let Some(dist) = dist() else { return };
    let place = Place::new();
    let host = StaticHost::start(&version(&dist, &place, "one")).await;
    // A browser believes only in `localhost` and 127.0.0.1 that they are this machine.
    let browser = Browser::open(&host.page("0.0.0.0"), 1280, 900).await;
    browser.element("repo.url").await;
    let has_worker = "return [isSecureContext, 'serviceWorker' in navigator]";
    assert_eq!(browser.run(has_worker, vec![]).await, json!([false, false]));
    assert_eq!(seen(&browser).await, "one");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    host.stop().await;
}

#[tokio::test]
async fn a_page_that_is_being_developed_keeps_nothing() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    let idle = "return new Promise((done) => requestIdleCallback(() => setTimeout(done)))
        .then(() => navigator.serviceWorker.getRegistrations()).then((found) => found.length)";
    assert_eq!(browser.run(idle, vec![]).await, 0);
    assert!(!browser.requested().await.iter().any(|url| url.contains("offline")));
    browser.close().await;
}

#[tokio::test]
async fn a_page_that_is_being_developed_takes_the_place_of_one_that_was_kept() {
    let (Some(dist), Some(page)) = (dist(), page()) else { return };
    let place = Place::new();
    let host = StaticHost::start(&version(&dist, &place, "one")).await;
    let address = host.page("localhost");
    let browser = visit_first(&host).await;
    visit(&browser, &address).await;
    assert_eq!(seen(&browser).await, "one");

    host.serve(&page);
    // The page is loaded anew while this runs, so nothing is waited for in it.
    let ask = "navigator.serviceWorker.ready.then((found) => found.update())";
    browser.run(ask, vec![]).await;
    let start = Instant::now();
    while browser.client.title().await.expect("a title").starts_with("one") {
        assert!(start.elapsed() < Duration::from_secs(20), "the old page stays");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    browser.element("repo.url").await;
    let left = "return navigator.serviceWorker.getRegistrations().then((found) => caches.keys().then((kept) => found.length + kept.length))";
    assert_eq!(browser.run(left, vec![]).await, 0);
    browser.close().await;
}
