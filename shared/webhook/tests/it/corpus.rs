//! Every real delivery: what pushes, tags, deletions and pings say, and that nothing else deploys or panics.

use std::fmt::Write;

use expect_test::expect_file;
use pushbox_webhook::http::Request;
use pushbox_webhook::unix_time::UnixTime;
use pushbox_webhook::{Event, Gate, Judgement, Problem, Provider, judge, judge_openly};
use serde_json::Value;

use crate::payloads;
use crate::wants::{Wants, secrets};

/// What can be seen in the files by eye, one line each: the event, and for each change its action, ref, commit and verdict.
#[test]
fn pushes_tags_deletions_and_pings_give_the_expected_values() {
    let mut table = String::new();
    for (provider, payload) in payloads::ours().into_iter().filter(|(_, payload)| payload.family == "push") {
        let judgement = payload.judge(provider, payload.event(provider).as_deref());
        assert!(judgement.auth.ok, "{}", payload.path);
        assert_eq!(judgement.problem, None, "{}", payload.path);
        writeln!(table, "{}: {}", payload.path, line(&judgement)).unwrap();
    }
    if !table.is_empty() {
        expect_file!["corpus.txt"].assert_eq(&table);
    }
}

fn line(judgement: &Judgement) -> String {
    let mut line = format!("{:?}", judgement.event).to_lowercase();
    for change in &judgement.changes {
        let commit = change.commit.as_ref().map_or("-", |commit| &commit[..7]);
        let action = format!("{:?} {:?}", change.action, change.kind).to_lowercase();
        let verdict = match change.verdict.gate {
            Gate::None => "deploys".to_string(),
            gate => format!("gate {gate:?}").to_lowercase(),
        };
        let forced = change.forced.map_or("", |forced| if forced { ", forced" } else { "" });
        write!(line, ", {action} {} {commit}{forced}, {verdict}", change.ref_name).unwrap();
    }
    line
}

/// The same fields read a second time, straight from where the provider's documentation puts them.
#[test]
fn people_messages_and_repositories_are_those_of_the_payload() {
    for (provider, payload) in payloads::ours().into_iter().filter(|(_, payload)| payload.family == "push") {
        let judgement = payload.judge(provider, payload.event(provider).as_deref());
        if judgement.event != Event::Push {
            continue;
        }
        let body: Value = serde_json::from_slice(&payload.body).unwrap();
        let places = places(provider);
        let text = |places: &[&str]| {
            let found = places.iter().filter_map(|place| body.pointer(place)?.as_str());
            found.map(String::from).find(|text| !text.is_empty())
        };
        let full_name = match places.full_name {
            [one] => text(&[one]),
            several => several
                .iter()
                .map(|place| text(&[place]))
                .collect::<Option<Vec<_>>>()
                .map(|parts| parts.join("/")),
        };
        assert_eq!(judgement.repo.full_name, full_name, "{}", payload.path);
        let head = |part: &str| {
            if let Some(head) = body.pointer(places.head).filter(|head| head.is_object()) {
                return head.pointer(part)?.as_str().map(String::from);
            }
            let head =
                places.heads.iter().find_map(|place| body.pointer(place).filter(|id| id.is_string()))?;
            let commits = body.pointer(places.commits)?.as_array()?;
            let commit = commits.iter().find(|commit| commit[places.id] == *head)?;
            commit.pointer(part)?.as_str().map(String::from)
        };
        for change in &judgement.changes {
            assert_eq!(change.pusher, text(places.pusher), "{}", payload.path);
            assert_eq!(change.message, head(places.message), "{}", payload.path);
            if provider != Provider::Bitbucket {
                assert_eq!(change.author.name, head("/author/name"), "{}", payload.path);
                assert_eq!(change.author.email, head("/author/email"), "{}", payload.path);
            }
        }
    }
}

/// Where a provider's documentation puts things.
struct Places {
    /// Joined by slashes.
    full_name: &'static [&'static str],
    /// The first that says something.
    pusher: &'static [&'static str],
    /// The head commit, or else how to find it: its id, the list, and the id's name there.
    head: &'static str,
    heads: &'static [&'static str],
    commits: &'static str,
    id: &'static str,
    message: &'static str,
}

fn places(provider: Provider) -> Places {
    let github = Places {
        full_name: &["/repository/full_name"],
        pusher: &["/pusher/name", "/sender/login"],
        head: "/head_commit",
        heads: &["/after"],
        commits: "/commits",
        id: "id",
        message: "/message",
    };
    match provider {
        Provider::GitHub => github,
        Provider::Gitea | Provider::Forgejo | Provider::Gogs => {
            Places { pusher: &["/pusher/login", "/pusher/username", "/sender/login"], ..github }
        }
        Provider::GitLab => Places {
            full_name: &["/project/path_with_namespace"],
            pusher: &["/user_username", "/user_name"],
            heads: &["/checkout_sha", "/after"],
            ..github
        },
        Provider::Bitbucket => Places {
            pusher: &["/actor/nickname", "/actor/display_name"],
            head: "/push/changes/0/new/target",
            ..github
        },
        Provider::BitbucketServer => Places {
            full_name: &["/repository/project/key", "/repository/slug"],
            pusher: &["/actor/name"],
            head: "/toCommit",
            heads: &["/changes/0/toHash"],
            ..github
        },
        Provider::AzureDevOps => Places {
            full_name: &["/resource/repository/project/name", "/resource/repository/name"],
            pusher: &["/resource/pushedBy/displayName"],
            heads: &["/resource/refUpdates/0/newObjectId"],
            commits: "/resource/commits",
            id: "commitId",
            message: "/comment",
            ..github
        },
    }
}

#[test]
fn other_events_are_ignored() {
    for (provider, payload) in payloads::ours().into_iter().filter(|(_, payload)| payload.family == "other") {
        let judgement = payload.judge(provider, payload.event(provider).as_deref());
        assert_eq!(judgement.problem, None, "{}", payload.path);
        assert_eq!(judgement.event, Event::Other, "{}", payload.path);
        assert_eq!(judgement.changes, [], "{}", payload.path);
    }
}

/// Bodies of other events that hold everything that makes a push, so that only the header tells them apart.
const LIKE_A_PUSH: &[&str] = &[
    // `ref`, `before` and `after` of a replica of GitHub Enterprise Server that was brought up to date.
    "octokit-webhooks/github/other/ghes-34__cache_sync__synced.json",
    "octokit-webhooks/github/other/ghes-35__cache_sync__synced.json",
];

/// The worst case: the header says push, the body is another event's.
#[test]
fn other_events_do_not_deploy_even_if_the_header_says_push() {
    let mut like_a_push = Vec::new();
    for (provider, payload) in payloads::ours().into_iter().filter(|(_, payload)| payload.family == "other") {
        let headers: &[&str] = match provider {
            Provider::GitHub => &["push"],
            Provider::GitLab => &["Push Hook", "Tag Push Hook", "System Hook"],
            Provider::Bitbucket => &["repo:push"],
            Provider::BitbucketServer => &["repo:refs_changed"],
            Provider::Gitea | Provider::Forgejo | Provider::Gogs | Provider::AzureDevOps => &["push"],
        };
        for header in headers {
            let judgement = payload.judge(provider, Some(header));
            if judgement.changes.iter().any(|change| change.verdict.deploy) {
                like_a_push.push(payload.path.clone());
            }
        }
    }
    if payloads::folder().is_some() {
        assert_eq!(like_a_push, LIKE_A_PUSH);
    }
}

/// The headers that they really send. What is no delivery is answered with 400.
#[test]
fn hosts_that_are_not_known_are_told_so() {
    for payload in payloads::all() {
        let headers: &[(&str, &str)] = match payload.provider.as_str() {
            "gitee" => &[
                ("User-Agent", "git-oschina-hook"),
                ("X-Gitee-Event", "Push Hook"),
                ("X-Gitee-Token", "secret"),
            ],
            "harness" => &[("X-Harness-Trigger", "branch_updated"), ("X-Harness-Signature", "00")],
            _ => continue,
        };
        let headers = headers.iter().copied().collect();
        let request = Request { method: "POST".into(), headers, body: payload.body, ..Request::default() };
        let (wants, secrets) = (Wants::default(), secrets("secret"));
        for judge in [judge, judge_openly] {
            let judgement = judge(&wants.wanted(&secrets), &request, UnixTime::EPOCH);
            assert_eq!(judgement.provider, None, "{}", payload.path);
            assert!(matches!(judgement.problem, Some(Problem::NotADelivery(_))), "{}", payload.path);
        }
    }
}

/// Whoever it is from, and whoever it claims to be from.
#[test]
fn no_payload_panics() {
    let (wants, no_secrets) = (Wants::default(), []);
    // Each by its own provider's reader and by one other's, in turn.
    for (payload, other) in payloads::all().into_iter().zip(Provider::ALL.iter().cycle()) {
        let own = payload.provider.parse().ok();
        for provider in own.into_iter().chain([*other]) {
            let request = payload.request(provider, Some("push"));
            judge_openly(&wants.wanted(&no_secrets), &request, UnixTime::EPOCH);
        }
    }
}

/// Each field of a real push, one after the other, null.
#[test]
fn every_field_may_be_null() {
    let (wants, no_secrets) = (Wants::default(), []);
    for (provider, payload) in payloads::ours().into_iter().filter(|(_, payload)| payload.family == "push") {
        let body: Value = serde_json::from_slice(&payload.body).unwrap();
        let mut request = payload.request(provider, Some("push"));
        for (key, value) in body.as_object().unwrap() {
            let inner = value.as_object().into_iter().flatten().map(|(inner, _)| Some(inner));
            for inner in inner.chain([None]) {
                let mut body = body.clone();
                match inner {
                    Some(inner) => body[key][inner] = Value::Null,
                    None => body[key] = Value::Null,
                }
                request.body = serde_json::to_vec(&body).unwrap();
                let judgement = judge_openly(&wants.wanted(&no_secrets), &request, UnixTime::EPOCH);
                assert_eq!(judgement.problem, None, "{} without {key} {inner:?}", payload.path);
            }
        }
    }
}
