//! The `pushbox` program and its local run, as tests use them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A config for which the samples and bodies of these tests deploy.
pub const CONFIG: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}}"#;

pub const SECRET: &str = "s3cret of the tests";

/// The same with so many variables that the script is longer than EC2 takes.
pub fn long_config() -> String {
    let mut config: Value = serde_json::from_str(CONFIG).expect("JSON");
    let variable = |at| json!({"name": format!("SETTING_{at}"), "value": format!("value {at} of the app")});
    config["run"] = json!({"env": (0..400).map(variable).collect::<Vec<_>>()});
    config.to_string()
}

/// A GitHub push of that ref, of a commit whose hash is that digit again and again.
pub fn push_of(ref_name: &str, digit: char) -> String {
    push_of_commit(ref_name, &std::iter::repeat_n(digit, 40).collect::<String>())
}

/// A GitHub push of that ref.
pub fn push_of_commit(ref_name: &str, commit: &str) -> String {
    json!({
        "ref": ref_name, "before": "0123456789012345678901234567890123456789", "after": commit,
        "repository": {"full_name": "usil/foo", "clone_url": "https://github.com/usil/foo.git"},
        "head_commit": {"id": commit, "message": "Say hello", "author": {"name": "Ada", "email": "ada@example.org"}},
        "commits": [], "pusher": {"name": "ada"},
    })
    .to_string()
}

/// The folder of the built programs: that which xtask names, or the one that this test was built into.
pub fn program(name: &str) -> PathBuf {
    let folder = std::env::var_os("PUSHBOX_BIN_DIR").map_or_else(
        || {
            let this = std::env::current_exe().expect("a test has a path");
            this.parent().and_then(Path::parent).expect("target/debug/deps").to_path_buf()
        },
        PathBuf::from,
    );
    let program = folder.join(name);
    assert!(
        program.exists(),
        "{} is missing; run `cargo build -p pushbox`, or `cargo xtask test`",
        program.display()
    );
    program
}

/// A folder of its own in which `pushbox` is run.
pub struct Place(TempDir);

impl Default for Place {
    fn default() -> Place {
        Place::new()
    }
}

impl Place {
    pub fn new() -> Place {
        Place(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).expect("the folder is ours");
    }

    pub fn run(&self, args: &[&str]) -> Output {
        Command::new(program("pushbox")).args(args).current_dir(self.0.path()).output().expect("pushbox runs")
    }

    /// What `pushbox` prints; it must succeed.
    #[track_caller]
    pub fn output(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "pushbox {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("pushbox prints UTF-8")
    }

    /// The headers that `pushbox sign` makes for a body.
    #[track_caller]
    pub fn sign(&self, secret: &str, body: &str, more: &[&str]) -> Vec<(String, String)> {
        self.write("body", body);
        let mut args = vec!["sign", "--provider", "github", "--secret", secret, "--body", "body"];
        args.extend(more);
        let headers: Value = serde_json::from_str(&self.output(&args)).expect("sign prints JSON");
        let members = headers.as_object().expect("an object").iter();
        members.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_string())).collect()
    }
}

/// A running `pushbox local`. It ends with this value.
pub struct LocalRun {
    process: Child,
    pub address: String,
}

pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    /// Of the JSON body.
    #[track_caller]
    pub fn json(&self, key: &str) -> Value {
        let body: Value =
            serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body));
        body[key].clone()
    }
}

impl LocalRun {
    /// With `pushbox.json` of that place, and the page if there is one.
    pub fn start(place: &Place, page: Option<&Path>) -> LocalRun {
        let mut command = Command::new(program("pushbox"));
        command.args(["local", "--port", "0", "--secret", SECRET]).current_dir(place.0.path());
        if let Some(page) = page {
            command.arg("--page").arg(page);
        }
        let mut process = command.stdout(Stdio::piped()).spawn().expect("pushbox runs");
        let mut first = String::new();
        let stdout = process.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut first).expect("it says where it is");
        let address =
            first.trim().strip_prefix("pushbox runs at ").expect("the address").trim_end_matches('/');
        LocalRun { address: address.to_string(), process }
    }

    pub fn get(&self, path: &str) -> Answer {
        read(agent().get(format!("{}{path}", self.address)).call())
    }

    pub fn post(&self, path: &str, headers: &[(String, String)], body: &str) -> Answer {
        let mut request = agent().post(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        read(request.send(body))
    }

    /// The simulated EC2: `instances` and `calls`.
    pub fn ec2(&self) -> Value {
        serde_json::from_str(&self.get("/local/ec2.json").body).expect("JSON")
    }

    /// The names of the calls made so far, without those that only read.
    pub fn calls(&self) -> Vec<String> {
        let ec2 = self.ec2();
        let names = ec2["calls"].as_array().expect("a list").iter().map(|call| call["call"]["call"].as_str());
        names.flatten().filter(|name| !name.starts_with("Describe")).map(String::from).collect()
    }

    /// Follows the simulated EC2 until a call of that name was made.
    pub fn await_call(&self, name: &str) {
        let response = agent().get(format!("{}/local/events", self.address)).call().expect("events");
        let mut events = BufReader::new(response.into_body().into_reader());
        while !self.calls().iter().any(|call| call == name) {
            let mut line = String::new();
            let read = events.read_line(&mut line).expect("events");
            assert!(read > 0, "the local run ended before {name} was called");
        }
    }
}

impl Drop for LocalRun {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

fn read(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = response.expect("the local run answers");
    let body = response.body_mut().read_to_string().expect("UTF-8");
    Answer { status: response.status().as_u16(), body }
}
