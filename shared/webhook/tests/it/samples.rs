//! The project's own sample deliveries show what they say they show.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::wants::{Wants, secrets};
use pushbox_webhook::http::Request;
use pushbox_webhook::unix_time::UnixTime;
use pushbox_webhook::{Problem, Provider, SignOptions, judge, judge_openly, sign};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

fn read(name: &str) -> Value {
    let text = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn names() -> Vec<String> {
    serde_json::from_value(read("index")).unwrap()
}

fn wants(provider: Provider) -> Wants {
    let url = match provider {
        Provider::GitHub => "https://github.com/usil/foo.git",
        Provider::GitLab => "https://gitlab.com/usil/foo.git",
        Provider::Bitbucket => "https://bitbucket.org/usil/foo.git",
        Provider::BitbucketServer => "https://bitbucket.usil.example/scm/usil/foo.git",
        Provider::Gitea => "https://gitea.com/usil/foo.git",
        Provider::Forgejo => "https://codeberg.org/usil/foo.git",
        Provider::Gogs => "https://gogs.usil.example/usil/foo.git",
        Provider::AzureDevOps => "https://dev.azure.com/usil/apps/_git/foo",
    };
    Wants::of(url)
}

#[test]
fn the_index_lists_every_sample_once() {
    let files =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = files
        .filter_map(|name| name.strip_suffix(".json").map(String::from))
        .filter(|name| name != "index")
        .collect();
    let names = names();
    assert_eq!(names.iter().cloned().collect::<BTreeSet<_>>(), files);
    assert_eq!(names.len(), files.len());
}

#[test]
fn samples_are_judged_as_they_expect() {
    for name in names() {
        let sample = read(&name);
        let text = |key: &str| sample[key].as_str().unwrap_or_else(|| panic!("{name} has no {key}"));
        assert!(!text("title").is_empty() && text("shows").ends_with('.'), "{name}");
        let provider: Provider = text("provider").parse().unwrap();
        let body = text("body").as_bytes();
        let form = sample["form"].as_bool().unwrap_or_default();
        let options = SignOptions { event: Some(text("event")), form, ..SignOptions::default() };
        // A GET has everything in its query.
        let query = sample["query"].as_str();
        let headers = sign(provider, "secret", query.map_or(body, str::as_bytes), &options).unwrap();
        let request = Request {
            method: if query.is_some() { "GET".into() } else { "POST".into() },
            query: query.unwrap_or_default().into(),
            headers,
            body: body.into(),
            ..Request::default()
        };

        let judgement = judge(&wants(provider).wanted(&secrets("secret")), &request, UnixTime::EPOCH);
        assert!(judgement.auth.ok, "{name}");
        let found = serde_json::to_value(&judgement).unwrap();
        let change = |change: &Value| json!({ "ref": change["ref"], "action": change["action"], "gate": change["verdict"]["gate"] });
        let changes: Vec<Value> = found["changes"].as_array().unwrap().iter().map(change).collect();
        let mut shown = json!({ "event": found["event"], "changes": changes });
        match &judgement.problem {
            Some(Problem::NotADelivery(_)) => shown["problem"] = "NotADelivery".into(),
            Some(Problem::TooLarge(_)) => shown["problem"] = "TooLarge".into(),
            None => {}
        }
        assert_eq!(shown, sample["expect"], "{name}");

        // With another secret a person still sees what it says, and nothing deploys.
        let openly = judge_openly(&wants(provider).wanted(&secrets("other")), &request, UnixTime::EPOCH);
        assert!(!openly.auth.ok, "{name}");
        assert_eq!(openly.changes.len(), judgement.changes.len(), "{name}");
        assert!(openly.changes.iter().all(|change| !change.verdict.deploy), "{name}");
    }
}

/// A sample's title says whose it is, and the first of each provider deploys.
#[test]
fn each_provider_has_a_sample_that_deploys() {
    for provider in Provider::ALL {
        let sample = read(&format!("{provider}-push"));
        assert_eq!(sample["expect"]["changes"][0]["gate"], "", "{provider}");
    }
}
