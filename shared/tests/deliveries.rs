//! Whole deliveries through the handler: what is called, and what is answered.

#![allow(clippy::unwrap_used, reason = "all of it is tests, helpers too")]

use pushbox_shared::assume::{Assumed, Tried, try_delivery};
use pushbox_shared::ec2::{Call, CreateTags, State};
use pushbox_shared::http::{Headers, Request};
use pushbox_shared::percent;
use pushbox_shared::plan::Step;
use pushbox_shared::secrets::Secrets;
use pushbox_shared::setup::Setup;
use pushbox_shared::unix_time::UnixTime;
use pushbox_shared::webhook::{BODY_LIMIT, Gate, Provider, SignOptions, sign};
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const SECRET: &str = "s3cret";

/// The box runs.
fn deliver(request: &Request) -> Tried {
    let mut setup = Setup { secrets: Secrets::new(SECRET, None), ..Setup::default() };
    setup.config.repo.url = "https://gitea.com/usil/foo.git".into();
    try_delivery(&setup, request, NOW, &Assumed { state: Some(State::Running), delivery: None })
}

/// Its status, and the calls that change something.
fn outcome(request: &Request) -> (u16, Vec<String>) {
    let tried = deliver(request);
    let calls = tried.plan.iter().map(|step| step.name().to_string());
    (tried.response.status, calls.collect())
}

fn push(before: &str, after: &str) -> Value {
    json!({
        "ref": "refs/heads/main", "before": before, "after": after,
        "commits": [{ "id": after, "message": "x" }],
        "repository": { "full_name": "usil/foo", "clone_url": "https://gitea.com/usil/foo.git" },
        "pusher": { "login": "ana" },
    })
}

fn post(provider: Provider, body: impl Into<Vec<u8>>) -> Request {
    let body = body.into();
    let headers = sign(provider, SECRET, &body, &SignOptions::default()).unwrap();
    Request { method: "POST".into(), path: "/hook".into(), headers, body, ..Request::default() }
}

fn get(provider: Provider, query: &str) -> Request {
    let options = SignOptions { form: true, ..SignOptions::default() };
    // Who sends no forms sends no GET either; whatever it signs then.
    let headers = sign(provider, SECRET, query.as_bytes(), &options)
        .unwrap_or_else(|_| sign(provider, SECRET, b"", &SignOptions::default()).unwrap());
    Request { method: "GET".into(), path: "/hook".into(), query: query.into(), headers, body: Vec::new() }
}

fn without(request: &Request, name: &str) -> Request {
    let headers: Headers = request.headers.iter().filter(|(key, _)| *key != name).collect();
    Request { headers, ..request.clone() }
}

#[test]
fn a_plan_is_printed_step_by_step() {
    let mut setup = Setup { secrets: Secrets::new(SECRET, None), ..Setup::default() };
    setup.config.repo.url = "https://gitea.com/usil/foo.git".into();
    let request = post(Provider::Gitea, push(&"1".repeat(40), &"2".repeat(40)).to_string());
    for state in
        [None, Some(State::Pending), Some(State::Running), Some(State::Stopping), Some(State::Stopped)]
    {
        let tried = try_delivery(&setup, &request, NOW, &Assumed { state, delivery: None });
        let printed = tried.to_json()["plan"].clone();
        let named: Vec<Value> = tried.plan.iter().map(|step| json!(step.name())).collect();
        let calls = printed.as_array().unwrap().iter().map(|step| step["call"].clone());
        assert_eq!(calls.collect::<Vec<_>>(), named, "{state:?}");
        assert!(!tried.plan.is_empty(), "{state:?}");
    }
}

/// A delivery only rings. Twice, late or out of order, it leaves the same word: look at the ref; and the agent deploys the
/// head that the git host then serves (`tests/tests/box/pushes.rs`), so no order can bring an old version back.
#[test]
fn a_change_that_comes_twice_late_or_out_of_order_only_rings() {
    let (one, two, three) = ("1".repeat(40), "2".repeat(40), "3".repeat(40));
    let first = post(Provider::Gitea, push(&one, &two).to_string());
    let second = post(Provider::Gitea, push(&two, &three).to_string());
    for request in [&second, &first, &first, &second] {
        let tried = deliver(request);
        assert_eq!(tried.response.status, 202);
        let [Step::Call(Call::CreateTags(CreateTags { tags, .. }))] = tried.plan.as_slice() else {
            panic!("{:?}", tried.plan)
        };
        let tag = |key: &str| tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str());
        assert_eq!(tag("pushbox:ref"), Some("refs%2Fheads%2Fmain"));
        assert_eq!(tag("pushbox:poke"), Some(NOW.as_secs().to_string().as_str()));
        let commit = &tried.judgement.changes[0].commit;
        assert_eq!(tag("pushbox:commit"), commit.as_deref());
    }
}

#[test]
fn a_get_is_a_delivery_of_gitea_and_forgejo_only() {
    let body = push(&"1".repeat(40), &"2".repeat(40)).to_string();
    let query = format!("key=1&payload={}", percent::encode(&body));
    for provider in Provider::ALL {
        let expected = if provider.sends_gets() { (202, vec!["CreateTags".into()]) } else { (405, vec![]) };
        assert_eq!(outcome(&get(*provider, &query)), expected, "{provider}");
    }
    assert_eq!(
        outcome(&Request { headers: Headers::default(), ..get(Provider::Gitea, &query) }),
        (405, vec![])
    );
    let good = get(Provider::Gitea, &query);
    for (query, signature) in [
        (query.replace("main", "evil"), true),
        (query.clone(), false),
        (query.replace("payload", "other"), true),
        (format!("{query}&payload=%7B%7D"), true),
        (format!("{query}%"), true),
        (String::new(), true),
    ] {
        let request = Request { query: query.clone(), body: body.clone().into(), ..good.clone() };
        let request = if signature { request } else { without(&request, "x-gitea-signature") };
        assert_eq!(outcome(&request), (401, vec![]), "{query}");
    }
    // The same query, sent with a POST, is no part of a delivery.
    assert_eq!(outcome(&Request { method: "POST".into(), ..good }).0, 401);
}

#[test]
fn a_test_of_the_connection_needs_no_signature_and_does_nothing() {
    let ping = |body: &str| without(&post(Provider::BitbucketServer, body), "x-hub-signature");
    assert_eq!(ping("{\"test\": true}").headers.get("x-event-key"), Some("diagnostics:ping"));
    for body in ["{\"test\": true}", "{\"test\":true}", "{\n  \"test\" : true\n}\r\n"] {
        assert_eq!(outcome(&ping(body)), (200, vec![]), "{body:?}");
        let tried = deliver(&ping(body));
        assert!(!tried.judgement.auth.ok);
        assert!(tried.response.body.contains("pong"));
        assert_eq!(outcome(&post(Provider::BitbucketServer, body)), (200, vec![]), "signed");
    }
    for body in ["{}", "", "{\"test\": false}", "{\"test\": true, \"changes\": []}", "[{\"test\": true}]"] {
        let mut request = ping(body);
        request.headers = request.headers.iter().filter(|(name, _)| *name != "x-event-key").collect();
        request.headers.push("X-Event-Key", "diagnostics:ping");
        assert_eq!(outcome(&request).0, 401, "{body}");
    }
    let test = "{\"test\": true}";
    for (name, value) in [("X-Hub-Signature", "sha256=00"), ("Authorization", "Basic dTpw")] {
        let mut request = ping(test);
        request.headers.push(name, value);
        assert_eq!(outcome(&request).0, 401, "{name}: what is there has to be right");
    }
    let mut push = ping(test);
    push.headers = [("X-Event-Key", "repo:refs_changed"), ("X-Request-Id", "1")].into_iter().collect();
    assert_eq!(outcome(&push).0, 401, "it is for the test alone");
}

#[test]
fn who_is_not_known_is_answered_with_400() {
    for headers in [
        &[("User-Agent", "git-oschina-hook"), ("X-Gitee-Event", "Push Hook"), ("X-Gitee-Token", SECRET)][..],
        &[("X-Harness-Trigger", "branch_updated"), ("X-Harness-Signature", "00")],
    ] {
        let body = push(&"1".repeat(40), &"2".repeat(40)).to_string().into();
        let headers = headers.iter().copied().collect();
        let request =
            Request { method: "POST".into(), path: "/hook".into(), headers, body, ..Request::default() };
        let tried = deliver(&request);
        assert_eq!((tried.judgement.provider, tried.response.status), (None, 400), "{request:?}");
        assert_eq!(tried.plan, []);
    }
}

/// What is larger is not even hashed: its signature is right, and nobody looks.
#[test]
fn a_large_delivery_deploys_and_a_larger_one_is_too_large() {
    let mut body = push(&"1".repeat(40), &"2".repeat(40));
    let commit = |at: usize| json!({ "id": format!("{at:040x}"), "message": "🚀 ".repeat(40), "modified": [format!("src/{at}.rs")] });
    body["commits"] = (3..5_000).map(commit).collect();
    let body = body.to_string();
    assert!(body.len() > 1_000_000, "{}", body.len());
    for provider in [Provider::GitHub, Provider::Gitea] {
        assert_eq!(outcome(&post(provider, body.clone())).0, 202, "{provider}");
        let form = format!("payload={}", percent::encode(&body));
        let options = SignOptions { form: true, ..SignOptions::default() };
        let headers = sign(provider, SECRET, form.as_bytes(), &options).unwrap();
        assert_eq!(
            outcome(&Request { headers, body: form.into(), ..post(provider, "") }).0,
            202,
            "{provider}"
        );
    }
    let at_most = body.clone() + &" ".repeat(BODY_LIMIT - body.len());
    assert_eq!(outcome(&post(Provider::GitHub, at_most.clone())).0, 202);
    let larger = at_most + " ";
    assert_eq!(outcome(&post(Provider::GitHub, larger.clone())), (413, vec![]));
    for provider in Provider::ALL {
        let request = Request { body: larger.clone().into(), ..post(*provider, "{}") };
        assert_eq!(outcome(&request), (413, vec![]), "{provider}");
    }
    let query = format!("payload={}", "a".repeat(BODY_LIMIT));
    assert_eq!(outcome(&get(Provider::Gitea, &query)), (413, vec![]));
}

/// Deliveries of Azure DevOps have their id in the body.
#[test]
fn azure_devops_names_event_and_id_in_the_body() {
    let body = json!({
        "id": "0a0a0a0a-1b1b", "eventType": "git.push",
        "resource": { "refUpdates": [{ "name": "refs/heads/main", "oldObjectId": "1".repeat(40), "newObjectId": "2".repeat(40) }],
                      "repository": { "name": "foo", "project": { "name": "usil" }, "remoteUrl": "https://gitea.com/usil/foo.git" } },
    });
    let tried = deliver(&post(Provider::AzureDevOps, body.to_string()));
    assert_eq!(tried.judgement.delivery.as_deref(), Some("0a0a0a0a-1b1b"));
    assert_eq!(tried.judgement.changes[0].verdict.gate, Gate::None);
    let mut forged = post(Provider::AzureDevOps, body.to_string());
    forged.headers = [("X-Pushbox-Token", "wrong")].into_iter().collect();
    assert_eq!(outcome(&forged), (401, vec![]));
    for (body, event) in [
        (body.to_string().replace("git.push", "git.pullrequest.created"), 200),
        ("{}".into(), 200),
        ("[]".into(), 400),
    ] {
        assert_eq!(outcome(&post(Provider::AzureDevOps, body)), (event, vec![]));
    }
}
