//! Chromium, driven as a person would use it: a window of its own for each test.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// What a test waits for at most until the page shows it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The folder of the built page, or nothing where there is no page or no browser; then the reason is printed.
pub fn page() -> Option<PathBuf> {
    let page = std::env::var_os("PUSHBOX_PAGE_DIR").map(PathBuf::from);
    match (page, std::env::var_os("PUSHBOX_CHROMEDRIVER")) {
        (Some(page), Some(_)) => Some(page),
        _ => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have a built page and a browser");
            println!("skipped: no built page or no browser; `cargo xtask test page` brings both");
            None
        }
    }
}

/// The folder of the same page as `cargo xtask dist` writes it, where there is a page at all.
pub fn dist() -> Option<PathBuf> {
    page()?;
    Some(PathBuf::from(std::env::var_os("PUSHBOX_DIST_DIR").expect("it comes with the page")))
}

/// An open window. Call [`Browser::close`] at the end; a test that fails before leaves that to the driver's end.
pub struct Browser {
    pub client: Client,
    driver: Child,
    /// Where downloads go.
    downloads: TempDir,
    _profile: TempDir,
}

impl Browser {
    /// Width and height in CSS pixels.
    pub async fn open(url: &str, width: u32, height: u32) -> Browser {
        let (driver, port) = start_driver().await;
        let (downloads, profile) =
            (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(width, height, downloads.path(), profile.path()))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("chromium starts");
        client.goto(url).await.expect("the page loads");
        Browser { client, driver, downloads, _profile: profile }
    }

    pub async fn close(mut self) {
        self.client.close().await.expect("chromium closes");
        // It has no window any more.
        let _ = self.driver.kill().await;
    }

    /// Waits until there is an element with that id.
    pub async fn element(&self, id: &str) -> fantoccini::elements::Element {
        let selector = by_id(id);
        let wait = self.client.wait().at_most(PATIENCE);
        wait.for_element(Locator::Css(&selector)).await.unwrap_or_else(|error| panic!("#{id}: {error}"))
    }

    /// The text as the page holds it, also where it does not fit on the screen.
    pub async fn text(&self, id: &str) -> String {
        self.element(id).await.prop("textContent").await.expect("readable").unwrap_or_default()
    }

    /// Types over what stands in a field.
    pub async fn fill(&self, id: &str, text: &str) {
        const CONTROL: char = '\u{e009}';
        const RELEASE: char = '\u{e000}';
        let element = self.element(id).await;
        element
            .send_keys(&format!("{CONTROL}a{RELEASE}{text}"))
            .await
            .unwrap_or_else(|error| panic!("#{id}: {error}"));
    }

    /// Puts a long text into a field at once, as pasting does.
    pub async fn paste(&self, id: &str, text: &str) {
        let script = "const field = arguments[0]; field.focus(); field.select();
            Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, arguments[1]);
            field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));";
        self.run(script, vec![json!(self.element(id).await), json!(text)]).await;
    }

    /// Waits for the choice to be there: some come from a file that is fetched first.
    pub async fn choose(&self, id: &str, value: &str) {
        let choice = format!("{} option[value='{value}']", by_id(id));
        let wait = self.client.wait().at_most(PATIENCE);
        wait.for_element(Locator::Css(&choice)).await.unwrap_or_else(|error| panic!("{choice}: {error}"));
        self.element(id)
            .await
            .select_by_value(value)
            .await
            .unwrap_or_else(|error| panic!("#{id} {value}: {error}"));
    }

    pub async fn click(&self, id: &str) {
        self.element(id).await.click().await.unwrap_or_else(|error| panic!("#{id}: {error}"));
    }

    /// Waits until that element has the focus.
    pub async fn await_focus(&self, id: &str) {
        self.await_css(&format!("{}:focus", by_id(id))).await;
    }

    /// Waits until a selector finds something.
    pub async fn await_css(&self, selector: &str) {
        let wait = self.client.wait().at_most(PATIENCE);
        wait.for_element(Locator::Css(selector)).await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Unfolds what an element is folded into.
    pub async fn unfold(&self, id: &str) {
        let script = "for (let at = arguments[0]; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true";
        self.run(script, vec![json!(self.element(id).await)]).await;
    }

    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until a text of the page fulfils a condition, and gives it.
    pub async fn await_text(&self, id: &str, wanted: impl Fn(&str) -> bool) -> String {
        let start = std::time::Instant::now();
        loop {
            let text = self.text(id).await;
            if wanted(&text) {
                return text;
            }
            assert!(start.elapsed() < PATIENCE, "#{id} still says {text:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The bytes of a download, once it is there.
    pub async fn download(&self, name: &str) -> Vec<u8> {
        let start = std::time::Instant::now();
        loop {
            // Chromium writes under another name and renames the finished file; until then the name may be kept by an empty one.
            let is_going_on = self.downloaded().iter().any(|file| file.ends_with(".crdownload"));
            match std::fs::read(self.downloads.path().join(name)) {
                Ok(bytes) if !bytes.is_empty() && !is_going_on => return bytes,
                _ => {}
            }
            assert!(
                start.elapsed() < PATIENCE,
                "{name} was not downloaded; there is {:?}",
                self.downloaded()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn downloaded(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.downloads.path()).into_iter().flatten().flatten();
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect()
    }

    /// What stands in the console, without the advice that Chromium shows only when asked for ("verbose").
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.log("browser").await;
        let complaints = log.iter().filter(|entry| entry["level"] != "DEBUG");
        complaints.filter_map(|entry| entry["message"].as_str()).map(String::from).collect()
    }

    /// Every address that the page has asked for.
    pub async fn requested(&self) -> Vec<String> {
        let log = self.log("performance").await;
        let messages =
            log.iter().filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok());
        messages
            .filter(|message| message["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|message| message["message"]["params"]["request"]["url"].as_str().map(String::from))
            // Its own start page.
            .filter(|url| !url.starts_with("chrome://"))
            .collect()
    }

    /// Makes the window so wide and so high, also smaller than Chromium lets a person make it.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// What the person has chosen for the whole system: a media feature of CSS and its value.
    pub async fn prefer(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// A command of the DevTools protocol.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let issued = self.client.issue_cmd(DevTools(command, parameters)).await;
        issued.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    async fn log(&self, kind: &'static str) -> Vec<Value> {
        let entries = self.client.issue_cmd(Log(kind)).await.expect("chromedriver keeps logs");
        entries.as_array().cloned().unwrap_or_default()
    }
}

/// Chromedriver's own command for its logs.
#[derive(Debug)]
struct Log(&'static str);

impl fantoccini::wd::WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": self.0 }).to_string()))
    }
}

/// Chromedriver's own way to DevTools.
#[derive(Debug)]
struct DevTools(&'static str, Value);

impl fantoccini::wd::WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}

fn by_id(id: &str) -> String {
    format!("[id=\"{id}\"]")
}

/// A driver and its port. The port that one picks at IPv4 may be another's at IPv6: then the next one picks anew.
async fn start_driver() -> (Child, u16) {
    let program = std::env::var_os("PUSHBOX_CHROMEDRIVER").expect("checked by page()");
    for _ in 0..10 {
        let mut command = Command::new(&program);
        command.arg("--port=0").stdout(Stdio::piped()).kill_on_drop(true);
        let mut driver = command.spawn().expect("chromedriver runs");
        if let Some(port) = port_of(&mut driver).await {
            return (driver, port);
        }
    }
    panic!("chromedriver ended ten times before it said its port");
}

/// Nothing if it ended before it could say.
async fn port_of(driver: &mut Child) -> Option<u16> {
    let mut lines = BufReader::new(driver.stdout.take().expect("piped")).lines();
    while let Some(line) = lines.next_line().await.expect("chromedriver speaks") {
        if let Some(port) = line.strip_prefix("ChromeDriver was started successfully on port ") {
            // What it says later must not fill the pipe.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some(port.trim_end_matches('.').parse().expect("a port"));
        }
    }
    None
}

fn capabilities(width: u32, height: u32, downloads: &Path, profile: &Path) -> serde_json::Map<String, Value> {
    let mut args = vec![
        "--headless=new".to_string(),
        "--no-sandbox".into(),
        "--disable-gpu".into(),
        "--disable-dev-shm-usage".into(),
        "--disable-background-networking".into(),
        "--disable-component-update".into(),
        "--disable-sync".into(),
        "--no-first-run".into(),
        "--disable-quic".into(),
        // What scrolls smoothly is not yet where the mouse clicks.
        "--force-prefers-reduced-motion".into(),
        format!("--window-size={width},{height}"),
        format!("--user-data-dir={}", profile.display()),
    ];
    // A window of Chromium has a smallest width, a phone has not.
    args.push("--force-device-scale-factor=1".into());
    let mut options: HashMap<&str, Value> = HashMap::new();
    options.insert("args", args.into());
    options.insert(
        "prefs",
        json!({
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            // A script is kept without a question, which nobody would answer here.
            "safebrowsing.enabled": true,
        }),
    );
    if let Some(chromium) = std::env::var_os("PUSHBOX_CHROMIUM") {
        options.insert("binary", chromium.to_string_lossy().into());
    }
    let capabilities = json!({
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    });
    capabilities.as_object().cloned().unwrap_or_default()
}
