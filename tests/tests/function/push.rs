//! The main job: a signed push becomes a box, and the next one rings its mailbox.

use pushbox_shared::checked;
use pushbox_shared::ec2::State;
use pushbox_shared::protocol::launch::{self, Offer};
use pushbox_shared::setup::{Installed, Setup};
use serde_json::json;
use tests::function::{Function, ROLE_SECRET, bootstrap, check_signed, hook};
use tests::pushbox::{CONFIG, Place, SECRET, push_of};

use crate::simulated::{Simulated, govern, lock, tag};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_push_launches_a_box_and_the_next_one_rings_its_mailbox() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &ec2.address).await;

    let body = push_of("refs/heads/main", 'a');
    let answer = function.request(hook(&place.sign(SECRET, &body, &["--delivery", "first"]), &body)).await;
    assert_eq!((answer.status, answer.json("result")), (202, "accepted".into()), "{}", answer.body);
    assert_eq!(ec2.calls(), ["RunInstances", "CreateTags"]);
    let first = ec2.the_box();
    assert_eq!(
        first.user_data_text(),
        place.output(&["render", "user-data"]),
        "the script that the person was shown"
    );
    assert_eq!(tag(&first.instance.tags, "pushbox:commit"), "a".repeat(40));
    assert_eq!(tag(&first.instance.tags, "pushbox:ref"), "refs%2Fheads%2Fmain");

    let body = push_of("refs/heads/main", 'b');
    let answer = function.request(hook(&place.sign(SECRET, &body, &["--delivery", "second"]), &body)).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(ec2.calls(), ["RunInstances", "CreateTags", "CreateTags"]);
    let second = ec2.the_box();
    assert_eq!(second.instance.id, first.instance.id);
    assert_eq!(tag(&second.instance.tags, "pushbox:commit"), "b".repeat(40));
    assert_eq!(tag(&second.instance.tags, "pushbox:delivery"), "second");
    assert_ne!(
        tag(&second.instance.tags, "pushbox:poke"),
        tag(&first.instance.tags, "pushbox:poke"),
        "the bell rings"
    );
}

/// What arrives at EC2 is what `shared` asked for, member by member: the SDK and the wire lose and add nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_launch_setting_arrives() {
    let Some(program) = bootstrap() else { return };
    let config = json!({
        "app": "my_app", "repo": { "url": "https://github.com/usil/foo.git" },
        "run": { "env": [{ "name": "GREETING", "value": "Grüße & <Küsse> +%20\n'\"$(reboot)" }] },
        "box": { "types": ["t3.micro"], "disk_gb": 33, "image": "debian-13", "key_name": "my key", "cpu_credits": "standard" },
    });
    let installed = Installed {
        function_url: Some("https://abc.lambda-url.eu-west-1.on.aws".into()),
        security_groups: vec!["sg-01234567".into(), "sg-89abcdef".into()],
        subnet: Some("subnet-01234567".into()),
        instance_profile: Some("pushbox-my_app".into()),
    };
    let variables = [
        ("PUSHBOX_FUNCTION_URL", "https://abc.lambda-url.eu-west-1.on.aws/"),
        ("PUSHBOX_SECURITY_GROUPS", "sg-01234567,sg-89abcdef"),
        ("PUSHBOX_SUBNET", "subnet-01234567"),
        ("PUSHBOX_INSTANCE_PROFILE", "pushbox-my_app"),
    ];
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", config.to_string());
    let config = checked::load(config.to_string().as_bytes()).expect("a config");
    let setup = Setup { config, installed, ..Setup::default() };
    govern(&mut lock(&ec2.world), &setup);
    let function = Function::start_with(&program, &place, &ec2.address, &variables, 1).await;
    let body = push_of("refs/heads/main", 'a');
    let answer = function.request(hook(&place.sign(SECRET, &body, &[]), &body)).await;
    assert_eq!(answer.status, 202, "{}\n{}", answer.body, function.log());

    assert_eq!(*ec2.the_box().launch, launch::run_instances(&setup, Offer::on_demand("t3.micro"), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spot_launch_arrives() {
    let Some(program) = bootstrap() else { return };
    let config = json!({
        "app": "my_app", "repo": { "url": "https://github.com/usil/foo.git" }, "box": { "spot": "fallback" },
    });
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", config.to_string());
    let config = checked::load(config.to_string().as_bytes()).expect("a config");
    let setup = Setup { config, ..Setup::default() };
    govern(&mut lock(&ec2.world), &setup);
    let function = Function::start(&program, &place, &ec2.address).await;
    let body = push_of("refs/heads/main", 'a');
    let answer = function.request(hook(&place.sign(SECRET, &body, &[]), &body)).await;
    assert_eq!(answer.status, 202, "{}\n{}", answer.body, function.log());

    assert_eq!(*ec2.the_box().launch, launch::run_instances(&setup, launch::offers(&setup.config)[0], 0));
    assert_eq!(ec2.the_box().instance.lifecycle.as_deref(), Some("spot"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_box_is_started_by_a_reconcile_once_it_has_stopped() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &ec2.address).await;
    let body = push_of("refs/heads/main", 'a');
    let push = || hook(&place.sign(SECRET, &body, &[]), &body);
    assert_eq!(function.request(push()).await.status, 202);
    ec2.pass(60);
    let id = ec2.the_box().instance.id;
    crate::simulated::lock(&ec2.world).stop(ec2.now(), &id).expect("it runs");

    let answer = function.request(push()).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    let plan = answer.json("plan");
    let names: Vec<&str> =
        plan.as_array().expect("a list").iter().filter_map(|call| call["call"].as_str()).collect();
    assert_eq!(names, ["CreateTags", "Reconcile"]);
    let [invocation] = &function.lambda.invocations()[..] else { panic!("one invocation") };
    assert_eq!(
        (invocation.function.as_str(), &invocation.payload),
        ("pushbox-my_app", &json!({ "reconcile": 1 }))
    );
    let header =
        |name: &str| invocation.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!(header("x-amz-invocation-type"), "Event");
    assert!(
        header("authorization").contains("/eu-west-1/lambda/aws4_request,"),
        "the function's own region, not that of the box"
    );
    let body = invocation.payload.to_string();
    let path = "/2015-03-31/functions/pushbox-my_app/invocations";
    check_signed(&invocation.headers, path, body.as_bytes(), ROLE_SECRET);

    ec2.pass(60);
    assert_eq!(ec2.the_box().instance.state, State::Stopped);
    let done = function.lambda.invoke(invocation.payload.clone()).await;
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(ec2.calls().last().map(String::as_str), Some("StartInstances"));
    assert_eq!(ec2.the_box().instance.state, State::Pending);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_deliveries_at_once_make_one_box() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = Function::start_with(&program, &place, &ec2.address, &[], 6).await;
    let body = push_of("refs/heads/main", 'a');
    let event = hook(&place.sign(SECRET, &body, &[]), &body);
    let answers = futures_util::future::join_all((0..30).map(|_| function.request(event.clone()))).await;
    for answer in answers {
        assert_eq!(answer.status, 202, "{}", answer.body);
    }
    ec2.the_box();
    assert_eq!(ec2.calls().iter().filter(|name| *name == "CreateTags").count(), 30);
}
