//! The installer, run for real: bash and the aws command line, with moto as AWS.
//!
//! Its URLs lead nowhere, so a `curl` of ours stands for the function.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pushbox_shared::export::policy::policy;
use pushbox_shared::setup::{Installed, Setup};
use serde_json::{Value, json};
use tests::moto::Moto;
use tests::pushbox::Place;

const PLAIN: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}}"#;

/// With everything that the installer knows.
const RICH: &str = r#"{"app": "my_app", "repo": {"url": "https://gitlab.com/usil/foo.git", "auth": "token"},
    "run": {"env": [{"name": "DB_PASSWORD", "secret": true}], "domain": "app.example.org", "extra_ports": ["53:53/udp"]},
    "box": {"address": "elastic"},
    "function": {"log_days": 20, "reserved_concurrency": 3, "budget_usd": 5.5}}"#;

/// The same app later.
const LATER: &str = r#"{"app": "my_app", "repo": {"url": "https://gitlab.com/usil/foo.git", "auth": "token"},
    "run": {"env": [{"name": "DB_PASSWORD", "secret": true}], "extra_ports": ["8080:80"]},
    "box": {"address": "elastic", "types": ["t4g.micro"], "spot": "fallback"}, "function": {"memory_mb": 256}}"#;

const PASSWORD: &str = "p\"a$s'w\\örd `id` ${HOME}\n&second line";
const TOKEN: &str = "glpat-0123456789";

#[test]
fn all_of_it_is_made_brought_up_to_date_and_removed() {
    let Some(aws) = Aws::start() else { return };
    let given: [(&str, &str); 3] = [
        ("PUSHBOX_ENV_DB_PASSWORD", PASSWORD),
        ("PUSHBOX_REPO_TOKEN", TOKEN),
        ("PUSHBOX_BUDGET_EMAIL", "ada@example.org"),
    ];
    aws.write_zip("function.zip", ARM64);
    let said = aws.install(RICH, &[], &given);
    let first = aws.state();
    let function = &first["functions"][0];
    let variables = &function["variables"];
    let (secret, key) = (text(&variables["PUSHBOX_WEBHOOK_SECRETS"]), text(&variables["PUSHBOX_ADMIN_KEY"]));
    let url = text(&function["url"]).trim_end_matches('/').to_string();

    for told in [format!("URL: {url}/hook"), format!("Secret token: {secret}"), key.clone()] {
        assert!(said.contains(&told), "{told} in {said}");
    }
    assert!(secret.len() >= 32 && key.len() >= 32 && secret != key);
    assert_eq!(
        *function,
        json!({
            "name": "pushbox-my_app", "arch": ["arm64"], "memory": 128, "timeout": 300, "runtime": "provided.al2023",
            "role": "arn:aws:iam::123456789012:role/pushbox-my_app", "code": function["code"], "url": function["url"],
            "concurrency": 3,
            "variables": {
                "PUSHBOX_WEBHOOK_SECRETS": secret, "PUSHBOX_ADMIN_KEY": key, "PUSHBOX_FUNCTION_URL": url,
                "PUSHBOX_SECURITY_GROUPS": first["groups"][0]["id"], "PUSHBOX_INSTANCE_PROFILE": "pushbox-my_app-box",
            },
            "permissions": {"url": ["lambda:InvokeFunctionUrl", "*"], "invoke": ["lambda:InvokeFunction", "*"]},
        })
    );
    assert_eq!(
        first["groups"][0]["rules"],
        json!(["tcp/443 0.0.0.0/0", "tcp/80 0.0.0.0/0", "udp/53 0.0.0.0/0"])
    );
    assert_eq!(first["logs"], json!([["/aws/lambda/pushbox-my_app", 30]]));
    assert_eq!(first["budgets"], json!([{"name": "pushbox-my_app", "amount": 5.5}]));
    assert_eq!(first["profiles"], json!([["pushbox-my_app-box", ["pushbox-my_app-box"]]]));
    assert_eq!(first["addresses"][0][1], json!({"pushbox:app": "my_app"}));
    assert!(said.contains(&format!("app.example.org have the A record {}", text(&first["addresses"][0][0]))));
    let secure = |name: &str, value: &str| json!({"name": name, "type": "SecureString", "value": value});
    assert_eq!(
        first["parameters"],
        json!([
            secure("/pushbox/my_app/env/DB_PASSWORD", PASSWORD),
            secure("/pushbox/my_app/repo-token", TOKEN)
        ])
    );
    let [function_role, box_role] = &first["roles"].as_array().expect("a list")[..] else {
        panic!("two roles: {}", first["roles"])
    };
    assert_eq!(function_role["policies"], json!({"pushbox": aws.policy(RICH, &first["groups"][0]["id"])}));
    assert_eq!(function_role["trusts"], "lambda.amazonaws.com");
    let account = ["--account", "123456789012"];
    assert_eq!(box_role["policies"], json!({"pushbox": aws.rendered("box-policy", &account)}));
    assert_eq!(box_role["trusts"], "ec2.amazonaws.com");
    assert_eq!(aws.deploys(), [format!("{key} {url}/deploy")]);

    // A box from before, without a role, and a rule of a person's own.
    let id = aws.cli(&[
        "ec2",
        "run-instances",
        "--image-id",
        "ami-12345678",
        "--instance-type",
        "t4g.small",
        "--tag-specifications",
        "ResourceType=instance,Tags=[{Key=pushbox:app,Value=my_app}]",
        "--query",
        "Instances[0].InstanceId",
    ]);
    let group = text(&first["groups"][0]["id"]);
    aws.cli(&[
        "ec2",
        "authorize-security-group-ingress",
        "--group-id",
        &group,
        "--protocol",
        "tcp",
        "--port",
        "22",
        "--cidr",
        "192.0.2.1/32",
    ]);
    // The program that is installed stays, and needs not be here.
    std::fs::rename(aws.place.path("function.zip"), aws.place.path("installed.zip")).expect("it is there");
    aws.install(LATER, &["--rotate"], &[]);
    let later = aws.state();
    let function = &later["functions"][0];
    let secrets = text(&function["variables"]["PUSHBOX_WEBHOOK_SECRETS"]);
    let [new, old] = secrets.lines().collect::<Vec<_>>()[..] else { panic!("two secrets: {secrets}") };
    assert_eq!(old, secret, "the git host still has it");
    assert_ne!(function["variables"]["PUSHBOX_ADMIN_KEY"], json!(key));
    assert_eq!((&function["memory"], &function["concurrency"]), (&json!(256), &Value::Null));
    assert_ne!(function["code"], first["functions"][0]["code"], "it holds the new config");
    assert_eq!(function["url"], first["functions"][0]["url"]);
    assert_eq!(later["groups"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        later["groups"][0]["rules"],
        json!(["tcp/22 192.0.2.1/32", "tcp/80 0.0.0.0/0", "tcp/8080 0.0.0.0/0"])
    );
    assert_eq!(later["budgets"], json!([]));
    assert_eq!(later["logs"], json!([["/aws/lambda/pushbox-my_app", 14]]));
    assert_eq!(later["addresses"], first["addresses"]);
    assert_eq!(later["parameters"], first["parameters"]);
    assert_eq!(
        later["roles"][0]["policies"],
        json!({"pushbox": aws.policy(LATER, &first["groups"][0]["id"])})
    );
    assert_eq!(later["instances"][0]["profile"], "pushbox-my_app-box");

    let shown = ok(&aws.run(&["--show-secrets"], &[], ""));
    assert!(
        shown.contains(new) && shown.contains(&text(&function["variables"]["PUSHBOX_ADMIN_KEY"])),
        "{shown}"
    );
    assert_eq!(ok(&aws.run(&["--status"], &[], "")).trim(), "{\n    \"up\": true\n}");

    let refused = aws.run(&["--uninstall"], &[], "another_app\n");
    assert_eq!((refused.status.code(), &aws.state()), (Some(1), &later), "{}", said_by(&refused));
    let said = ok(&aws.run(&["--uninstall"], &[], "my_app\n"));
    assert!(said.contains(&id), "it names the box: {said}");
    let gone = aws.state();
    assert_eq!(gone["instances"][0]["state"], "terminated");
    assert_eq!(gone["parameters"], first["parameters"], "secrets stay until asked for");
    for what in ["functions", "roles", "groups", "budgets", "logs", "profiles", "addresses"] {
        assert_eq!(gone[what], json!([]), "{what}");
    }
    ok(&aws.run(&["--uninstall", "--with-secrets"], &[], "my_app\n"));
    assert_eq!(aws.state()["parameters"], json!([]));

    let arguments = std::fs::read_to_string(aws.place.path("arguments")).expect("recorded");
    assert!(arguments.contains("put-parameter") && arguments.contains("/deploy"), "{arguments}");
    // moto keeps no conditions.
    for condition in
        ["InvokeFunctionUrl --function-url-auth-type NONE", "InvokeFunction --invoked-via-function-url"]
    {
        assert!(arguments.contains(&format!("--principal * --action lambda:{condition} ")), "{arguments}");
    }
    for secret in [PASSWORD, TOKEN, &secret, &key, new, "örd"] {
        assert!(!arguments.contains(secret), "a secret is on a command line: {arguments}");
    }
}

/// A request that lasts would have EC2 launch another.
#[test]
fn the_request_of_a_spot_box_goes_before_the_box() {
    let Some(aws) = Aws::start() else { return };
    aws.write_zip("function.zip", ARM64);
    aws.install(&PLAIN.replace("}}", r#"}, "box": {"spot": "only"}}"#), &[], &[]);
    // What a launch leaves in EC2; moto has no request for an instance that was launched with RunInstances.
    let tags = "Tags=[{Key=pushbox:app,Value=my_app}]";
    let id = aws.cli(&[
        "ec2",
        "run-instances",
        "--image-id",
        "ami-12c6146b",
        "--instance-type",
        "t4g.small",
        "--tag-specifications",
        &format!("ResourceType=instance,{tags}"),
        "--query",
        "Instances[].InstanceId",
    ]);
    let request = aws.cli(&[
        "ec2",
        "request-spot-instances",
        "--type",
        "persistent",
        "--launch-specification",
        "ImageId=ami-12c6146b,InstanceType=t4g.small",
        "--tag-specifications",
        &format!("ResourceType=spot-instances-request,{tags}"),
        "--query",
        "SpotInstanceRequests[].SpotInstanceRequestId",
    ]);
    let said = ok(&aws.run(&["--uninstall"], &[], "my_app\n"));
    assert!(said.contains(&format!("Spot request {request}")), "{said}");
    let arguments = std::fs::read_to_string(aws.place.path("arguments")).expect("recorded");
    let at = |words: &str| arguments.find(words).unwrap_or_else(|| panic!("no {words} in {arguments}"));
    let cancelled = at(&format!("cancel-spot-instance-requests --spot-instance-request-ids {request}"));
    assert!(cancelled < at(&format!("terminate-instances --instance-ids {id}")));
}

#[test]
fn running_it_again_changes_nothing_and_it_stays_in_its_region() {
    let Some(aws) = Aws::start() else { return };
    aws.write_zip("function.zip", ARM64);
    aws.install(PLAIN, &[], &[]);
    let first = aws.state();
    for what in ["parameters", "budgets", "profiles", "addresses"] {
        assert_eq!(first[what], json!([]), "{what}");
    }
    assert_eq!(first["functions"][0]["variables"]["PUSHBOX_INSTANCE_PROFILE"], "");
    assert_eq!(first["roles"].as_array().map(Vec::len), Some(1));
    let said = aws.install(PLAIN, &[], &[]);
    assert_eq!(aws.state(), first);
    let secret = text(&first["functions"][0]["variables"]["PUSHBOX_WEBHOOK_SECRETS"]);
    assert!(!said.contains(&secret), "it is shown once: {said}");

    let elsewhere = PLAIN.replace("}}", r#"}, "box": {"region": "eu-west-1"}}"#);
    aws.render(&elsewhere);
    let refused = aws.run(&[], &[], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(said_by(&refused).contains("my_app is installed in us-east-1"), "{}", said_by(&refused));
    assert_eq!(aws.state(), first);
    // It knows where to remove it.
    ok(&aws.run(&["--uninstall"], &[], "my_app\n"));
    assert_eq!((&aws.state()["functions"], &aws.state()["roles"]), (&json!([]), &json!([])));
}

#[test]
fn what_is_missing_is_said_before_anything_is_made() {
    let Some(aws) = Aws::start() else { return };
    let before = aws.state();
    let refused = |config: &str, options: &[&str], variables: &[(&str, &str)]| {
        aws.render(config);
        let output = aws.run(options, variables, "");
        assert_eq!(output.status.code(), Some(1), "{}", said_by(&output));
        said_by(&output)
    };
    let nobody = [("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")];
    let said = refused(PLAIN, &[], &nobody);
    assert!(said.contains("the aws command line is not logged in"), "{said}");
    let said = refused(PLAIN, &[], &[]);
    assert!(said.contains("function.zip is not in this folder"), "{said}");
    aws.write_zip("function.zip", X86_64);
    let said = refused(PLAIN, &[], &[]);
    assert!(said.contains("its program is for x86_64, and function.arch is arm64"), "{said}");
    aws.place.write("function.zip", "no zip");
    let said = refused(PLAIN, &[], &[]);
    assert!(said.contains("expected the zip of the function"), "{said}");
    let said = refused(PLAIN, &["--sideways"], &[]);
    assert!(said.contains("found --sideways"), "{said}");
    assert_eq!(aws.state(), before);

    aws.write_zip("function.zip", ARM64);
    let said = refused(RICH, &[], &[("PUSHBOX_ENV_DB_PASSWORD", PASSWORD)]);
    assert!(said.contains("set PUSHBOX_REPO_TOKEN") && said.contains("run the same command again"), "{said}");
    assert_eq!(aws.state()["functions"], json!([]));
}

#[test]
fn at_a_terminal_it_asks_for_secrets_and_makes_up_what_it_can() {
    let Some(aws) = Aws::start() else { return };
    aws.write_zip("function.zip", ARM64);
    let variables = r#""env": [{"name": "TYPED", "secret": true}, {"name": "MADE_UP", "secret": true}]"#;
    aws.render(&LATER.replace(r#""env": [{"name": "DB_PASSWORD", "secret": true}]"#, variables));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/install/terminal.py");
    let mut command = Command::new(&aws.moto.python);
    command.arg(script).args(["typed in", "", ""]);
    aws.set(&mut command);
    let output = command.output().expect("the interpreter just ran");
    let said = said_by(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("repo-token is needed; run this again once you have it"), "{said}");
    assert!(!said.contains("typed in"), "what is typed is not shown: {said}");
    let parameters = &aws.state()["parameters"];
    assert_eq!(parameters.as_array().map(Vec::len), Some(2), "{parameters}");
    assert_eq!(parameters[1]["value"], "typed in");
    let made_up = text(&parameters[0]["value"]);
    assert!(made_up.len() == 64 && made_up.bytes().all(|byte| byte.is_ascii_hexdigit()), "{made_up}");
}

#[test]
fn shellcheck_finds_nothing() {
    let Some(shellcheck) = std::env::var_os("PUSHBOX_SHELLCHECK") else {
        println!("skipped: no shellcheck; `cargo xtask test` finds or brings one");
        return;
    };
    // Said once of functions in conditions, which are written for that, and of quotes that hold queries for aws.
    const WRITTEN_FOR: &str = "SC2016,SC2250,SC2310,SC2311,SC2312";
    for config in [PLAIN, RICH] {
        let place = Place::new();
        place.write("pushbox.json", config);
        place.output(&["render", "install", "--out", "install.sh"]);
        let mut command = Command::new(&shellcheck);
        command
            .args(["--norc", "--enable=all", "--exclude", WRITTEN_FOR, "install.sh"])
            .current_dir(place.path("."));
        ok(&command.output().expect("it runs"));
    }
    let mut command = Command::new(&shellcheck);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/install/curl.sh"));
    ok(&command.output().expect("it runs"));
}

/// What an ELF file says of the machine that it is for.
const X86_64: u8 = 0x3e;
const ARM64: u8 = 0xb7;

/// An AWS of our own, and a folder in which the installer is run.
struct Aws {
    moto: Moto,
    place: Place,
}

impl Aws {
    fn start() -> Option<Aws> {
        let aws = Aws { moto: Moto::start()?, place: Place::new() };
        std::fs::create_dir(aws.place.path("bin")).expect("the folder is ours");
        let recorded = format!(
            "#!/bin/bash\nprintf '%s\\n' \"$*\" >>'{}'\nexec '{}' \"$@\"\n",
            aws.place.path("arguments").display(),
            aws.real_cli().display()
        );
        aws.write_program("aws", &recorded);
        aws.write_program("curl", include_str!("install/curl.sh"));
        Some(aws)
    }

    /// Of the environment that has moto.
    fn real_cli(&self) -> PathBuf {
        let aws = Path::new(&self.moto.python).with_file_name("aws");
        assert!(aws.exists(), "{} is missing; `cargo xtask test cross` installs it", aws.display());
        aws
    }

    fn write_program(&self, name: &str, content: &str) {
        let name = format!("bin/{name}");
        self.place.write(&name, content);
        let file = self.place.path(&name);
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o755)).expect("the file is ours");
    }

    /// Not a program of any use, but one that says which machine it is for.
    fn write_zip(&self, name: &str, machine: u8) {
        let code = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as zip:\n  \
                    zip.writestr('bootstrap', b'\\x7fELF' + bytes(14) + bytes([int(sys.argv[2])]))";
        let output = Command::new(&self.moto.python)
            .args(["-c", code])
            .arg(self.place.path(name))
            .arg(machine.to_string())
            .output()
            .expect("the interpreter just ran");
        assert!(output.status.success(), "{}", said_by(&output));
    }

    fn render(&self, config: &str) {
        self.place.write("pushbox.json", config);
        self.place.output(&["render", "install", "--out", "install.sh"]);
    }

    /// What it says; it must succeed.
    #[track_caller]
    fn install(&self, config: &str, options: &[&str], variables: &[(&str, &str)]) -> String {
        self.render(config);
        ok(&self.run(options, variables, ""))
    }

    fn run(&self, options: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
        let mut command = Command::new("bash");
        command.arg("install.sh").args(options);
        self.set(&mut command);
        command.envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("bash runs");
        // It need not read what it does not ask for.
        let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
        child.wait_with_output().expect("bash ends")
    }

    /// Nobody's own settings and keys, and our programs first.
    fn set(&self, command: &mut Command) {
        command.current_dir(self.place.path("."));
        for (name, value) in [
            ("AWS_ENDPOINT_URL", self.moto.address.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_CONFIG_FILE", "/nowhere"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/nowhere"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ] {
            command.env(name, value);
        }
        command.env_remove("AWS_PROFILE").env_remove("AWS_SESSION_TOKEN");
        let path = std::env::var_os("PATH").expect("bash is somewhere");
        let folders = [self.place.path("bin")].into_iter().chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).expect("it was one"));
    }

    fn cli(&self, words: &[&str]) -> String {
        let mut command = Command::new(self.real_cli());
        command.args(words).args(["--region", "us-east-1", "--output", "text"]);
        self.set(&mut command);
        ok(&command.output().expect("it is there")).trim().to_string()
    }

    /// All that AWS has.
    fn state(&self) -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/install/state.py");
        let mut command = Command::new(&self.moto.python);
        command.arg(script).args([&self.moto.address, "us-east-1"]);
        serde_json::from_str(&ok(&command.output().expect("the interpreter just ran"))).expect("JSON")
    }

    /// The keys and URLs with which the function was told to deploy.
    fn deploys(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.place.path("deploys")).unwrap_or_default();
        calls.lines().map(String::from).collect()
    }

    fn rendered(&self, what: &str, options: &[&str]) -> Value {
        let words: Vec<&str> = ["render", what].iter().chain(options).copied().collect();
        serde_json::from_str(&self.place.output(&words)).expect("JSON")
    }

    /// The policy that the tests of the simulated EC2 evaluate.
    fn policy(&self, config: &str, group: &Value) -> Value {
        let installed = Installed {
            security_groups: vec![text(group)],
            instance_profile: Some("pushbox-my_app-box".into()),
            ..Installed::default()
        };
        let config = pushbox_shared::checked::load(config.as_bytes()).expect("a config of ours");
        let policy = policy(&Setup { config, installed, ..Setup::default() }, "123456789012");
        serde_json::from_str(&policy).expect("JSON")
    }
}

/// What it printed; it must have succeeded.
#[track_caller]
fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", said_by(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn said_by(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("expected a text, found {value}")).to_string()
}
