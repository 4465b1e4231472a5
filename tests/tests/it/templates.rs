//! What is rendered for CloudFormation and Terraform, read by their own linters, and made in moto as far as moto goes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tests::moto::Moto;
use tests::pushbox::Place;

const PLAIN: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}}"#;

/// With everything that the templates know but a subnet, and a name that means something to them.
const RICH: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git", "auth": "token"},
    "run": {"env": [{"name": "DB_PASSWORD", "secret": true}], "domain": "app.example.org", "extra_ports": ["53:53/udp"]},
    "box": {"address": "elastic", "spot": "fallback", "key_name": "${AWS::Region} %{if} it's \"mine\""},
    "function": {"arch": "x86_64", "reserved_concurrency": 3, "budget_usd": 5.5}}"#;

#[test]
fn templates_hold_the_same_policies_and_nothing_that_a_linter_minds() {
    let Some(moto) = Moto::start() else { return };
    for config in [PLAIN, RICH] {
        let place = rendered(config);
        moto_forgets(&moto);
        let lint = Command::new(beside(&moto.python, "cfn-lint"))
            .arg(place.path("cloudformation.yaml"))
            .output()
            .expect("cfn-lint is in the environment that has moto");
        assert!(lint.status.success(), "{}", said_by(&lint));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/templates.py");
        let output = Command::new(&moto.python)
            .arg(script)
            .arg(place.path("."))
            .arg(&moto.address)
            .output()
            .expect("the interpreter just ran");
        assert!(output.status.success() && said_by(&output).trim().is_empty(), "{}", said_by(&output));
    }
}

/// Not everybody has Terraform, and nobody else may hand it out.
#[test]
fn terraform_is_as_it_formats_it() {
    for config in [PLAIN, RICH] {
        let place = rendered(config);
        let mut command = Command::new("terraform");
        command.args(["fmt", "-check", "-diff", "main.tf"]).current_dir(place.path("."));
        match command.env("TF_CLI_CONFIG_FILE", "/dev/null").output() {
            Ok(output) => assert!(output.status.success(), "{}", said_by(&output)),
            Err(_) => println!("skipped: there is no terraform here"),
        }
    }
}

/// What checkov minds, and why it stays.
const WANTED_SO: [(&str, &str); 13] = [
    ("CKV_AWS_115", "new accounts have too little concurrency to reserve any, so it is a choice"),
    ("CKV_AWS_116", "a reconcile that fails is run again by Lambda, and the next push does the same work"),
    ("CKV_AWS_117", "in a VPC the function would need a gateway to reach EC2's own API"),
    ("CKV_AWS_272", "nobody but the owner puts code there"),
    ("CKV_AWS_173", "Lambda encrypts the environment; a key of one's own costs as much as the rest"),
    ("CKV_AWS_50", "X-Ray would be one more service"),
    ("CKV_AWS_158", "CloudWatch encrypts logs; there are no secrets in them"),
    ("CKV_AWS_338", "function.log_days says how long"),
    ("CKV_AWS_258", "a git host cannot sign for AWS; the function checks the webhook's signature"),
    ("CKV_AWS_301", "the same"),
    ("CKV_AWS_260", "visitors come by port 80"),
    ("CKV_AWS_382", "a build fetches from anywhere"),
    ("CKV2_AWS_19", "the function gives the address to the box"),
];

#[test]
fn checkov_finds_nothing_else() {
    let Some(checkov) = std::env::var_os("PUSHBOX_CHECKOV") else {
        println!("skipped: no checkov; `cargo xtask test cross` brings one");
        return;
    };
    for config in [PLAIN, RICH] {
        let place = rendered(config);
        let skipped: Vec<&str> = WANTED_SO.iter().map(|(check, _)| *check).collect();
        let output = Command::new(&checkov)
            .args(["--skip-download", "--compact", "--quiet", "--directory", ".", "--skip-check"])
            .arg(skipped.join(","))
            .current_dir(place.path("."))
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{}", said_by(&output));
    }
}

fn rendered(config: &str) -> Place {
    let place = Place::new();
    place.write("pushbox.json", config);
    place.write("function.zip", [b"PK\x05\x06".as_slice(), &[0; 18]].concat());
    let known = ["--account", "123456789012", "--security-group", "sg-0123456789abcdef0"];
    for (what, file) in [
        ("cloudformation", "cloudformation.yaml"),
        ("terraform", "main.tf"),
        ("policy", "policy.json"),
        ("box-policy", "box-policy.json"),
    ] {
        let mut words = vec!["render", what, "--out", file];
        if what == "policy" && config == RICH {
            words.extend(["--instance-profile", "pushbox-my_app-box"]);
        }
        words.extend(known);
        place.output(&words);
    }
    place
}

fn beside(python: &str, program: &str) -> PathBuf {
    Path::new(python).with_file_name(program)
}

fn moto_forgets(moto: &Moto) {
    ureq::post(format!("{}/moto-api/reset", moto.address)).send_empty().expect("moto answers");
}

fn said_by(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat()
}
