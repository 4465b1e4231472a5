//! What a config stands for, and how every sample is judged, byte for byte.
//!
//! The digests in `outputs.txt` and `samples.txt` change only with a commit that means to change what runs. Each of them is of 20 configs in
//! one file's kind, or of one sample before every state of the box. `UPDATE_EXPECT=1` renews them.

#![allow(clippy::unwrap_used, reason = "all of it is tests, helpers too")]

mod configs;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use expect_test::expect_file;
use pushbox_shared::assume::{Assumed, try_delivery};
use pushbox_shared::config::{self, Config};
use pushbox_shared::ec2::State;
use pushbox_shared::export::{OUTPUTS, Order, archive};
use pushbox_shared::hash::sha256_hex;
use pushbox_shared::http::Request;
use pushbox_shared::secrets::Secrets;
use pushbox_shared::setup::{Installed, Setup};
use pushbox_shared::unix_time::UnixTime;
use pushbox_shared::user_data::packed;
use pushbox_shared::webhook::{Provider, SignOptions, sign};
use serde_json::Value;

pub(crate) const CONFIGS: usize = 200;
const BLOCK: usize = 20;
const NOW: UnixTime = UnixTime::from_secs(1_790_000_000);

/// A kind of output, and its bytes for a config.
type Kind = (&'static str, Box<dyn Fn(&Setup) -> Vec<u8>>);

fn order(setup: &Setup) -> Order<'_> {
    Order { setup, account: Some("123456789012") }
}

fn kinds() -> Vec<Kind> {
    let mut kinds: Vec<Kind> = vec![
        ("config", Box::new(|setup| config::to_json(&setup.config).into_bytes())),
        ("packed", Box::new(move |setup| packed(&(OUTPUTS[0].render)(&order(setup))).into_bytes())),
        ("archive", Box::new(move |setup| archive::archive(&order(setup), Some(b"a zip")).unwrap())),
    ];
    for output in OUTPUTS {
        kinds.push((output.id, Box::new(move |setup| (output.render)(&order(setup)).into_bytes())));
    }
    kinds
}

/// Every other one knows the function's URL.
fn setup((at, config): (usize, Config)) -> Setup {
    let url =
        (at % 2 == 1).then(|| "https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws".into());
    let secrets = Secrets::new("s3cret", Some("admin"));
    Setup { config, secrets, installed: Installed { function_url: url, ..Installed::default() } }
}

#[test]
fn what_runs_is_what_ran() {
    let setups: Vec<Setup> = configs::configs(CONFIGS).into_iter().enumerate().map(setup).collect();
    let mut digests = String::new();
    for (kind, render) in kinds() {
        for (block, setups) in setups.chunks(BLOCK).enumerate() {
            let outputs: Vec<Vec<u8>> = setups.iter().map(&render).collect();
            let name = format!("{kind} {}-{}", block * BLOCK, block * BLOCK + setups.len() - 1);
            keep(&name, &outputs);
            writeln!(digests, "{name} {}", sha256_hex(outputs.concat())).unwrap();
        }
    }
    expect_file!["outputs.txt"].assert_eq(&digests);
}

#[test]
fn every_sample_is_judged_as_it_was() {
    let mut digests = String::new();
    for name in serde_json::from_value::<Vec<String>>(sample("index")).unwrap() {
        let request = request(&name);
        let states = [None].into_iter().chain([
            Some(State::Pending),
            Some(State::Running),
            Some(State::Stopping),
            Some(State::Stopped),
        ]);
        let tried = states.map(|state| {
            let assumed = Assumed { state, delivery: None };
            try_delivery(&wanting(&name), &request, NOW, &assumed).to_json().to_string().into_bytes()
        });
        let tried: Vec<Vec<u8>> = tried.collect();
        keep(&name, &tried);
        writeln!(digests, "{name} {}", sha256_hex(tried.concat())).unwrap();
    }
    expect_file!["samples.txt"].assert_eq(&digests);
}

/// So that two commits can be compared: `PUSHBOX_KEEP=FOLDER` keeps everything that goes into a digest, a file each.
fn keep(name: &str, contents: &[Vec<u8>]) {
    let Some(folder) = env::var_os("PUSHBOX_KEEP") else { return };
    let folder = Path::new(&folder).join(name);
    fs::create_dir_all(&folder).unwrap();
    for (at, content) in contents.iter().enumerate() {
        fs::write(folder.join(at.to_string()), content).unwrap();
    }
}

fn sample(name: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples").join(format!("{name}.json"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn provider(name: &str) -> Provider {
    sample(name)["provider"].as_str().unwrap().parse().unwrap()
}

/// A config that wants the sample's repository.
fn wanting(name: &str) -> Setup {
    let url = match provider(name) {
        Provider::GitHub => "https://github.com/usil/foo.git",
        Provider::GitLab => "https://gitlab.com/usil/foo.git",
        Provider::Bitbucket => "https://bitbucket.org/usil/foo.git",
        Provider::BitbucketServer => "https://bitbucket.usil.example/scm/usil/foo.git",
        Provider::Gitea => "https://gitea.com/usil/foo.git",
        Provider::Forgejo => "https://codeberg.org/usil/foo.git",
        Provider::Gogs => "https://gogs.usil.example/usil/foo.git",
        Provider::AzureDevOps => "https://dev.azure.com/usil/apps/_git/foo",
    };
    let mut setup = setup((0, Config { app: "my_app".into(), ..Config::default() }));
    setup.config.repo.url = url.into();
    setup
}

fn request(name: &str) -> Request {
    let sample = sample(name);
    let text = |key: &str| sample[key].as_str();
    let (body, query) = (text("body").unwrap_or_default().as_bytes(), text("query"));
    let form = sample["form"].as_bool().unwrap_or_default();
    let options = SignOptions { event: text("event"), form, ..SignOptions::default() };
    let signed = query.map_or(body, str::as_bytes);
    Request {
        method: if query.is_some() { "GET".into() } else { "POST".into() },
        path: "/hook".into(),
        query: query.unwrap_or_default().into(),
        headers: sign(provider(name), "s3cret", signed, &options).unwrap(),
        body: body.into(),
    }
}
