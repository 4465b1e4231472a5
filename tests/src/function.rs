//! The real function, `bootstrap`, behind an AWS Lambda of our own: its runtime API, its events and its Invoke call.

mod lambda;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::pushbox::{Answer, Place, SECRET};
pub use crate::signature::check_signed;
pub use lambda::{Invocation, Lambda, Outcome};

/// The secret key of the function's role.
pub const ROLE_SECRET: &str = "secret of the role";

/// The built function, or nothing where there is none; then the reason is printed.
pub fn bootstrap() -> Option<PathBuf> {
    let program = std::env::var_os("PUSHBOX_BOOTSTRAP").map(PathBuf::from);
    if program.is_none() {
        skip("no built function; `cargo xtask test function` builds it");
    }
    program
}

/// In CI nothing may be missing.
pub fn skip(reason: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "in CI this test must run: {reason}");
    println!("skipped: {reason}");
    // The test harness keeps what is printed to itself.
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

/// Processes of the function, all of one Lambda, as AWS starts several when requests come at once.
pub struct Function {
    pub lambda: Lambda,
    processes: Vec<Child>,
    log: PathBuf,
}

impl Function {
    /// With `pushbox.json` of that place, and EC2 at that address.
    pub async fn start(program: &Path, place: &Place, ec2: &str) -> Function {
        Function::start_with(program, place, ec2, &[], 1).await
    }

    /// With more variables, and as many processes as that.
    pub async fn start_with(
        program: &Path,
        place: &Place,
        ec2: &str,
        variables: &[(&str, &str)],
        count: usize,
    ) -> Function {
        let lambda = Lambda::start().await;
        let log = place.path("function.log");
        let mut processes = Vec::new();
        for _ in 0..count {
            let file = std::fs::OpenOptions::new().create(true).append(true).open(&log).expect("our folder");
            let mut command = command(program, place);
            command.env("AWS_LAMBDA_RUNTIME_API", lambda.address.strip_prefix("http://").expect("http"));
            command.env("AWS_ENDPOINT_URL", ec2).env("AWS_ENDPOINT_URL_LAMBDA", &lambda.address);
            command.envs(variables.iter().copied());
            command.stdin(Stdio::null()).stdout(file.try_clone().expect("a file")).stderr(file);
            processes.push(command.spawn().expect("the function starts"));
        }
        Function { lambda, processes, log }
    }

    /// The answer to a request; that must not fail.
    pub async fn request(&self, event: Value) -> Answer {
        let answer = self.lambda.invoke(event).await;
        let answer = answer.unwrap_or_else(|error| panic!("the invocation failed: {error}\n{}", self.log()));
        assert_eq!(answer["isBase64Encoded"], false);
        assert!(answer["headers"]["content-type"].is_string(), "{answer}");
        Answer {
            status: answer["statusCode"]
                .as_u64()
                .and_then(|status| status.try_into().ok())
                .expect("a status"),
            body: answer["body"].as_str().expect("a text").to_string(),
        }
    }

    /// Everything that it printed.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its lines for the invocations so far.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let log = self.log();
        log.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
            .collect()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// The function in Lambda's environment, with the secret of the tests.
pub fn command(program: &Path, place: &Place) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs([
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9"),
        ("AWS_LAMBDA_FUNCTION_NAME", "pushbox-my_app"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", ROLE_SECRET),
        ("AWS_SESSION_TOKEN", "token of the role"),
        ("PUSHBOX_WEBHOOK_SECRETS", SECRET),
    ]);
    command.env("PUSHBOX_CONFIG", place.path("pushbox.json"));
    command
}

/// Runs the function to its end, which comes soon where it refuses to start.
pub fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().expect("the function starts")
}

/// A request as a Function URL makes an event of it: names in lower case, a body of JSON as text.
pub fn event(method: &str, path: &str, headers: &[(String, String)], body: &str) -> Value {
    let headers: serde_json::Map<String, Value> =
        headers.iter().map(|(name, value)| (name.to_lowercase(), json!(value))).collect();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "abc",
            "domainName": "abc.lambda-url.eu-west-1.on.aws",
            "domainPrefix": "abc",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "tests",
            },
            "requestId": "4f2d8a1e-0000-4000-8000-000000000000",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_795_348_800_000_u64,
        },
        "body": body,
        "isBase64Encoded": false,
    })
}

pub fn hook(headers: &[(String, String)], body: &str) -> Value {
    event("POST", "/hook", headers, body)
}

/// The same with a body that was not text.
pub fn in_base64(mut event: Value, encoded: &str) -> Value {
    event["body"] = encoded.into();
    event["isBase64Encoded"] = true.into();
    event
}
