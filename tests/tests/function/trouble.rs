//! An EC2 or a Lambda that is slow, refuses, or speaks nonsense: the answer still comes in time.

use std::path::Path;
use std::time::{Duration, Instant};

use pushbox_shared::checked;
use pushbox_shared::ec2::Call;
use pushbox_shared::handler::ANSWER_WITHIN;
use pushbox_shared::protocol::launch::{self, Offer};
use pushbox_shared::setup::Setup;
use serde_json::json;
use tests::function::{Function, bootstrap, event, hook};
use tests::pushbox::{Answer, CONFIG, Place, SECRET, push_of};

use crate::simulated::{Mood, Simulated, lock};

/// Gitea gives up after 5 s by default, the others after 10.
const IN_TIME: Duration = ANSWER_WITHIN;

/// A function that waits for its first delivery: its start is no part of an answer's time.
async fn start(program: &Path, place: &Place, ec2: &Simulated) -> Function {
    let function = Function::start(program, place, &ec2.address).await;
    assert_eq!(function.request(event("GET", "/nowhere", &[], "")).await.status, 404);
    function
}

/// Pushes while EC2 is in that mood.
async fn push(function: &Function, place: &Place) -> (Answer, Duration) {
    let body = push_of("refs/heads/main", 'a');
    let event = hook(&place.sign(SECRET, &body, &[]), &body);
    let start = Instant::now();
    (function.request(event).await, start.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_comes_in_time_however_slow_ec2_is() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = start(&program, &place, &ec2).await;

    ec2.be(Mood::Slow(Duration::from_secs(20)));
    let (answer, time) = push(&function, &place).await;
    assert_eq!((answer.status, answer.json("result")), (503, "failed".into()), "{}", answer.body);
    assert!(time < IN_TIME, "{time:?}");
    assert!(time > Duration::from_secs(3), "it tried for a while: {time:?}");

    ec2.be(Mood::Slow(Duration::from_millis(500)));
    let (answer, time) = push(&function, &place).await;
    assert_eq!((answer.status, answer.json("result")), (202, "accepted".into()), "{}", answer.body);
    assert!(time < IN_TIME, "{time:?}");
}

/// The answer promises a reconcile, and asking for it is slow too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_comes_in_time_also_where_the_hand_over_is_slow() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = start(&program, &place, &ec2).await;
    assert_eq!(push(&function, &place).await.0.status, 202);
    ec2.pass(60);
    let id = ec2.the_box().instance.id;
    lock(&ec2.world).stop(ec2.now(), &id).expect("it runs");

    ec2.be(Mood::Slow(Duration::from_millis(1_300)));
    function.lambda.answer_invoke_after(Duration::from_secs(20));
    let (answer, time) = push(&function, &place).await;
    assert_eq!(answer.status, 503, "nothing is promised that was not asked for: {}", answer.body);
    assert!(answer.body.contains("Unreachable"), "{}", answer.body);
    assert!(time < IN_TIME, "{time:?}");
    assert!(time > Duration::from_millis(2_600), "both calls were waited for: {time:?}");

    function.lambda.answer_invoke_after(Duration::from_millis(500));
    let (answer, time) = push(&function, &place).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert!(time < IN_TIME, "{time:?}");
}

/// EC2 acted, and its answer got lost: the same client token makes no second box.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_launch_whose_answer_is_lost_makes_one_box() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = start(&program, &place, &ec2).await;
    ec2.be(Mood::Losing("RunInstances"));
    let (answer, time) = push(&function, &place).await;
    assert_eq!(answer.status, 202, "{}\n{}", answer.body, function.log());
    assert!(time < IN_TIME, "{time:?}");
    assert_eq!(ec2.calls(), ["RunInstances", "RunInstances", "CreateTags"]);
    ec2.the_box();
}

/// Boxes of the past come first in the list, and EC2 gives it in pages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_on_a_later_page_is_seen() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = start(&program, &place, &ec2).await;
    let config = checked::load(CONFIG.as_bytes()).expect("a config");
    let setup = Setup { config, ..Setup::default() };
    for generation in 0..7 {
        let launch = launch::run_instances(&setup, Offer::on_demand("t4g.small"), generation);
        let mut world = lock(&ec2.world);
        world.call(ec2.now(), &Call::RunInstances(Box::new(launch))).expect("a launch");
        let id = world.instances(ec2.now()).last().expect("launched").instance.id.clone();
        if generation < 6 {
            world.terminate(ec2.now(), &id).expect("it is there");
        }
    }
    ec2.be(Mood::Paging);
    let (answer, _) = push(&function, &place).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(ec2.calls().last().map(String::as_str), Some("CreateTags"));
    assert_eq!(ec2.boxes().len(), 7, "no other box is launched");
    // It looks before it rings and after, and each look has two pages.
    assert_eq!(ec2.all_calls().iter().filter(|name| *name == "DescribeInstances").count(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_aws_refuses_is_answered_with_503_and_logged() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = start(&program, &place, &ec2).await;

    ec2.be(Mood::Refusing("UnauthorizedOperation"));
    let (answer, _) = push(&function, &place).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json("reason"), "AWS refused (UnauthorizedOperation); deliver again later");
    assert_eq!(ec2.requests(), 1, "it does not try again what cannot succeed");
    assert!(function.log().contains("DescribeInstances: UnauthorizedOperation: No."), "{}", function.log());
    let error =
        function.lambda.invoke(json!({ "reconcile": 1 })).await.expect_err("so that Lambda tries again");
    assert!(
        error["errorMessage"].as_str().is_some_and(|text| text.contains("UnauthorizedOperation")),
        "{error}"
    );

    ec2.be(Mood::Broken);
    let before = ec2.requests();
    let (answer, time) = push(&function, &place).await;
    assert_eq!(answer.json("reason"), "AWS refused (Unreachable); deliver again later");
    assert!(time < IN_TIME, "{time:?}");
    let calls = function.lines().last().and_then(|line| line["calls"].as_array().map(Vec::len));
    let asked = usize::try_from(ec2.requests() - before).ok();
    assert_eq!(asked, calls, "the handler tries again, and nobody else");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hand_over_that_is_refused_is_not_promised() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", CONFIG);
    let function = start(&program, &place, &ec2).await;
    assert_eq!(push(&function, &place).await.0.status, 202);
    ec2.pass(60);
    let id = ec2.the_box().instance.id;
    lock(&ec2.world).stop(ec2.now(), &id).expect("it runs");

    function.lambda.answer_invoke_with(403);
    let (answer, _) = push(&function, &place).await;
    assert_eq!(
        (answer.status, answer.json("reason")),
        (503, "AWS refused (AccessDeniedException); deliver again later".into())
    );
}
