//! Everything else that may come in: forgeries, other branches, odd bodies, people, and events that are none.

use serde_json::json;
use tests::function::{Function, bootstrap, event, hook, in_base64};
use tests::pushbox::{CONFIG, Place, SECRET, push_of};

use crate::simulated::{Simulated, lock};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_a_wanted_push_makes_no_call() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &ec2.address).await;
    let body = push_of("refs/heads/main", 'a');
    let signed = place.sign(SECRET, &body, &[]);

    let forged = function.request(hook(&place.sign("another secret", &body, &[]), &body)).await;
    assert_eq!((forged.status, forged.json("reason")), (401, "not authentic".into()), "no oracle");
    let unsigned = function.request(hook(&[("X-GitHub-Event".into(), "push".into())], &body)).await;
    assert_eq!((unsigned.status, unsigned.body), (401, forged.body), "the same answer whatever failed");
    let changed = function.request(hook(&signed, &body.replace("Say hello", "Say Hello"))).await;
    assert_eq!(changed.status, 401, "a body that is not the signed one");
    let space = function.request(hook(&signed, &format!("{body} "))).await;
    assert_eq!(space.status, 401, "not by one byte");

    let other = push_of("refs/heads/other", 'a');
    let answer = function.request(hook(&place.sign(SECRET, &other, &[]), &other)).await;
    assert_eq!(
        (answer.status, answer.json("result")),
        (200, "ignored".into()),
        "a filtered push is a success"
    );
    let ping = r#"{"zen": "Keep it simple.", "hook_id": 1}"#;
    let answer = function.request(hook(&place.sign(SECRET, ping, &[]), ping)).await;
    assert_eq!((answer.status, answer.json("reason")), (200, "pong".into()));

    assert_eq!(function.request(hook(&[], "hello")).await.status, 400, "no provider");
    let broken = function.request(in_base64(hook(&signed, ""), "abc?")).await;
    assert_eq!((broken.status, broken.json("result")), (400, "refused".into()), "{}", broken.body);
    let marked = function.request(in_base64(hook(&signed, ""), &body)).await;
    assert_eq!(marked.status, 400, "a text that is marked as base64");
    // "\xff\xfe" is not UTF-8, and with a signature of other bytes it is nobody's.
    assert_eq!(function.request(in_base64(hook(&signed, ""), "//4=")).await.status, 401);
    assert_eq!(function.request(event("GET", "/nowhere", &[], "")).await.status, 404);
    assert_eq!(function.request(event("GET", "/hook", &[], "")).await.status, 405);

    assert_eq!(ec2.all_calls(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_in_base64_is_the_same_delivery() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &ec2.address).await;

    let body = push_of("refs/heads/main", 'a');
    let event = in_base64(hook(&place.sign(SECRET, &body, &[]), ""), &base64(&body));
    assert_eq!(function.request(event).await.status, 202);

    // GitHub's and Gitea's other content type, which AWS always hands over in base64.
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("payload", &push_of("refs/heads/main", 'b'))
        .finish();
    let event = in_base64(hook(&place.sign(SECRET, &form, &["--form"]), ""), &base64(&form));
    let answer = function.request(event).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(ec2.calls(), ["RunInstances", "CreateTags", "CreateTags"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_are_none_fail_and_the_next_one_is_served() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &ec2.address).await;
    for foreign in
        [json!({}), json!(null), json!({ "key1": "value1" }), json!({ "reconcile": true }), json!("x")]
    {
        let error = function.lambda.invoke(foreign.clone()).await.expect_err("not an event");
        assert!(
            error["errorMessage"].as_str().is_some_and(|text| text.contains("expected a request")),
            "{error}"
        );
    }
    assert_eq!(ec2.all_calls(), Vec::<String>::new());
    assert_eq!(function.request(event("GET", "/status", &[], "")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_sees_what_runs_and_others_whether_it_does() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let variables = [("PUSHBOX_ADMIN_KEY", "key of the owner")];
    let function = Function::start_with(&program, &place, &ec2.address, &variables, 1).await;
    let key = [("authorization".to_string(), "Bearer key of the owner".to_string())];

    assert_eq!(function.request(event("POST", "/deploy", &[], "")).await.status, 401);
    assert_eq!(function.request(event("POST", "/deploy", &key, "")).await.status, 202, "{}", function.log());
    ec2.pass(60);
    let id = ec2.the_box().instance.id;
    let report = r#"pushbox {"commit":"c","step":"build","state":"failed","seconds":1.5,"detail":"ä"}"#;
    lock(&ec2.world).say(ec2.now(), &id, &format!("boot\n{report}\n"));

    let status = function.request(event("GET", "/status", &key, "")).await;
    assert_eq!(status.json("box")["id"], id.as_str());
    assert_eq!(status.json("reports")[0]["detail"], "ä", "{}", status.body);
    let status = function.request(event("GET", "/status", &[], "")).await;
    assert_eq!((status.json("up"), status.json("box")), (true.into(), json!(null)));
    assert!(function.request(event("GET", "/", &[], "")).await.body.contains("my_app is up"));
    let looks = |name: &str| ec2.all_calls().iter().filter(|call| *call == name).count();
    assert_eq!(
        (looks("DescribeInstances"), looks("GetConsoleOutput")),
        (2, 1),
        "one for the deploy, and one look for everybody"
    );

    let hash = ec2
        .the_box()
        .instance
        .tags
        .iter()
        .find(|tag| tag.key == "pushbox:script")
        .expect("a tag")
        .value
        .clone();
    let script = function.request(event("GET", &format!("/box/{hash}"), &[], "")).await;
    assert_eq!((script.status, script.body), (200, place.output(&["render", "user-data"])));
    assert!(!function.log().contains(&hash), "the log does not open the script");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_says_what_happened_and_nothing_secret() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let variables = [("PUSHBOX_ADMIN_KEY", "key of the owner")];
    let function = Function::start_with(&program, &place, &ec2.address, &variables, 1).await;
    let body = push_of("refs/heads/main", 'a');
    let signed = place.sign(SECRET, &body, &["--delivery", "the-first"]);
    function.request(hook(&signed, &body)).await;
    function.request(hook(&place.sign("another secret", &body, &[]), &body)).await;
    function.request(in_base64(hook(&signed, ""), "?")).await;
    function.lambda.invoke(json!({ "reconcile": 1 })).await.expect("nothing to do");

    let key = |key: &str| [("authorization".to_string(), format!("Bearer {key}"))];
    function.request(event("POST", "/deploy", &key("key of the owner"), "a body of it")).await;
    function.request(event("POST", "/deploy", &key("key of a stranger"), "")).await;
    function.request(event("GET", "/status?key=in+the+address", &key("key of the owner"), "")).await;

    let lines = function.lines();
    let [push, forged, broken, reconcile, deploy, refused, status] = &lines[..] else {
        panic!("a line each: {lines:#?}")
    };
    assert_eq!((&deploy["request"], &deploy["status"]), (&json!("POST /deploy"), &json!(202)));
    assert_eq!((&refused["status"], &refused["calls"]), (&json!(401), &json!([])));
    assert_eq!(status["calls"], json!(["DescribeInstances", "GetConsoleOutput"]));
    assert_eq!((&push["request"], &push["status"]), (&json!("POST /hook"), &json!(202)));
    assert_eq!(push["calls"], json!(["DescribeInstances", "RunInstances", "CreateTags"]));
    assert_eq!(push["delivery"]["id"], "the-first");
    assert_eq!(push["delivery"]["changes"][0]["ref"], "refs/heads/main");
    assert_eq!((&forged["status"], &forged["calls"]), (&json!(401), &json!([])));
    assert_eq!((&forged["delivery"]["id"], &forged["delivery"]["changes"]), (&json!(null), &json!([])));
    assert_eq!(broken["status"], 400);
    assert_eq!((&reconcile["request"], &reconcile["status"]), (&json!("reconcile"), &json!(202)));
    let signature =
        signed.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-hub-signature-256")).expect("signed");
    for secret in [
        SECRET,
        "another secret",
        "Say hello",
        "ada@example.org",
        &signature.1,
        "AKIDEXAMPLE",
        "of the role",
        "key of the owner",
        "key of a stranger",
        "a body of it",
        "in+the+address",
    ] {
        assert!(!function.log().contains(secret), "the log holds {secret}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_visitors_make_one_look() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &ec2.address).await;
    for n in 0..200 {
        let path = if n % 2 == 0 { "/status" } else { "/" };
        assert_eq!(function.request(event("GET", path, &[], "")).await.status, 200);
    }
    assert_eq!(ec2.all_calls(), ["DescribeInstances"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_locked_down() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &ec2.address).await;
    let page = function.lambda.invoke(event("GET", "/", &[], "")).await.expect("an answer");
    assert_eq!(page["headers"]["content-type"], "text/html; charset=utf-8");
    let policy = page["headers"]["content-security-policy"].as_str().unwrap_or_default();
    assert!(policy.starts_with("default-src 'none';"), "{page}");
    assert_eq!(page["headers"]["cache-control"], "no-store");
}

/// With the padding that RFC 4648 asks for.
fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
