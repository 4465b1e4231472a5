//! Whole deliveries: what the function, and what a person, gets to see of them.

mod azure_devops;
mod bitbucket;
mod bitbucket_server;
mod github;
mod gitlab;
mod gogs_family;
mod judgement;
mod strange;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::http::{Headers, Request};
use crate::unix_time::UnixTime;
use crate::wants::Wants;
use crate::*;

const COMMIT: &str = "1f2d3c4b5a69788796a5b4c3d2e1f00112233445";
const OTHER: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const ZERO: &str = "0000000000000000000000000000000000000000";

fn wants() -> Wants {
    Wants::of("https://github.com/usil/foo.git")
}

fn secrets() -> Vec<String> {
    wants::secrets("secret")
}

fn request(provider: Provider, event: Option<&str>, body: &[u8]) -> Request {
    let headers = sign(provider, "secret", body, &SignOptions { event, ..SignOptions::default() }).unwrap();
    Request { headers, body: body.into(), ..Request::default() }
}

fn judged(request: &Request) -> Judgement {
    judge(&wants().wanted(&secrets()), request, UnixTime::EPOCH)
}

/// The first change of a delivery, in one line.
#[track_caller]
fn check(provider: Provider, event: Option<&str>, body: &Value, expect: &Expect) {
    let judgement = judged(&request(provider, event, body.to_string().as_bytes()));
    assert_eq!(judgement.problem, None);
    let or = |text: &Option<String>| text.clone().unwrap_or("-".into());
    let line = |change: &RefChange| {
        let RefChange { ref_name, kind, action, commit, message, author, pusher, forced, .. } = change;
        let commit = commit.as_ref().map_or("-", |commit| &commit[..7]);
        let forced = forced.map_or("-".into(), |forced| forced.to_string());
        let (name, email) = (or(&author.name), or(&author.email));
        format!(
            "{ref_name} {kind:?} {action:?} {commit} {:?} by {name} <{email}>, pushed by {}, forced {forced}",
            or(message),
            or(pusher)
        )
    };
    let Repo { full_name, clone_https, clone_ssh } = &judgement.repo;
    let repo: Vec<_> = [full_name, clone_https, clone_ssh].into_iter().map(or).collect();
    let mut lines = vec![format!("{:?} of {}", judgement.event, repo.join(" "))];
    lines.extend(judgement.changes.iter().map(line));
    expect.assert_eq(&lines.join("\n"));
}
