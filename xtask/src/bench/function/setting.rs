//! What the programs find in place of AWS: a simulated EC2, Lambda's variables, a signed push.

use super::build::Built;
use super::run::Program;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const CONFIG: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}}"#;
/// A push that deploys with this config, as GitHub sends it.
const PUSH: &str = include_str!("../../../../samples/github-push.json");
const SECRET: &str = "secret of the measurement";

/// The programs to start, in the order in which they are shown.
pub(super) struct Programs {
    pub(super) function: Program,
    pub(super) hello: Program,
    pub(super) node: Program,
}

pub(super) fn programs(built: &Built, folder: &Path, ec2: &Ec2) -> Result<Programs> {
    let config = folder.join("pushbox.json");
    fs::write(&config, CONFIG).with_context(|| format!("cannot write {}", config.display()))?;
    let event = push(&built.pushbox, folder)?;
    let program = |name, command: &[&PathBuf], status, more: &[(&'static str, &str)]| {
        let lambda = [
            ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret of the role"),
            ("AWS_SESSION_TOKEN", "token of the role"),
            ("AWS_ENDPOINT_URL", &ec2.address),
        ];
        let environment = lambda.iter().chain(more).map(|(name, value)| (*name, (*value).to_owned()));
        Program {
            name,
            command: command.iter().map(|part| (*part).clone()).collect(),
            environment: environment.collect(),
            event: event.clone(),
            status,
        }
    };
    let config = config.to_str().context("the path of the target directory is not UTF-8")?;
    let of_function = [("PUSHBOX_CONFIG", config), ("PUSHBOX_WEBHOOK_SECRETS", SECRET)];
    Ok(Programs {
        function: program("pushbox", &[&built.function], 202, &of_function),
        hello: program("hello", &[&built.hello], 200, &[]),
        node: program("Node.js", &[&built.node, &built.node_main], 202, &[("WEBHOOK_SECRET", SECRET)]),
    })
}

/// A signed push, as a Function URL makes an event of it.
fn push(pushbox: &Path, folder: &Path) -> Result<Value> {
    let sample: Value = serde_json::from_str(PUSH).context("the sample is JSON")?;
    let body = sample["body"].as_str().context("the sample has a body")?;
    let file = folder.join("body.json");
    fs::write(&file, body).with_context(|| format!("cannot write {}", file.display()))?;
    let signed = Command::new(pushbox)
        .args(["sign", "--provider", "github", "--secret", SECRET, "--body"])
        .arg(&file)
        .output()
        .context("cannot start pushbox")?;
    ensure!(signed.status.success(), "pushbox sign: {}", String::from_utf8_lossy(&signed.stderr));
    let headers: Value = serde_json::from_slice(&signed.stdout).context("pushbox sign prints JSON")?;
    let headers = headers.as_object().context("pushbox sign prints an object")?;
    let headers: serde_json::Map<String, Value> =
        headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    Ok(json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/hook",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "bench",
            "domainName": "bench.lambda-url.us-east-1.on.aws",
            "domainPrefix": "bench",
            "http": {
                "method": "POST", "path": "/hook", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "bench",
            },
            "requestId": "00000000-0000-4000-8000-000000000000",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_795_348_800_000_u64,
        },
        "body": body,
        "isBase64Encoded": false,
    }))
}

/// A running `ec2-sim`, which ends with this value.
pub(super) struct Ec2 {
    server: Child,
    address: String,
}

impl Ec2 {
    /// Its boxes run at once.
    pub(super) fn start(program: &Path) -> Result<Ec2> {
        let mut command = Command::new(program);
        command.args(["--port=0", "--boot-seconds=0"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut server = command.spawn().context("cannot start ec2-sim")?;
        let stdout = server.stdout.take().expect("stdout is piped");
        let mut ec2 = Ec2 { server, address: String::new() };
        BufReader::new(stdout).read_line(&mut ec2.address)?;
        ec2.address.truncate(ec2.address.trim_end().len());
        ensure!(ec2.address.starts_with("http://"), "ec2-sim does not say where it is: {}", ec2.address);
        Ok(ec2)
    }
}

impl Drop for Ec2 {
    fn drop(&mut self) {
        // Either fails only when it has ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
