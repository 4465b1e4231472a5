//! A thousand deliveries through as many processes as Lambda might start, and an EC2 that has a bad day meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tests::function::{Function, bootstrap, hook};
use tests::pushbox::{Answer, CONFIG, Place, SECRET, push_of};

use crate::simulated::{Mood, Simulated};

/// Lambda starts another process when all are busy; each has one invocation at a time.
const PROCESSES: usize = 12;
const DELIVERIES: usize = 1_000;

/// Gitea gives up after 5 s by default, the others after 10.
const IN_TIME: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_deliveries_of_one_push_make_one_box() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    let function = crowd(&program, &place, &ec2, PROCESSES).await;
    let push = push(&place);
    for (answer, time) in deliver(&function, DELIVERIES, |_| push.clone()).await {
        assert_eq!((answer.status, answer.json("result")), (202, "accepted".into()), "{}", answer.body);
        assert!(time < IN_TIME, "{time:?}");
    }
    ec2.the_box();
    assert_eq!(function.lines().len(), DELIVERIES, "each has its line in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_forged_deliveries_reach_nothing() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    let function = crowd(&program, &place, &ec2, PROCESSES).await;
    let body = push_of("refs/heads/main", 'a');
    let signed = place.sign(SECRET, &body, &[]);
    let without_signature: Vec<_> =
        signed.iter().filter(|(name, _)| !name.to_lowercase().starts_with("x-hub-")).cloned().collect();
    let forged = [
        hook(&place.sign("another secret", &body, &[]), &body),
        hook(&without_signature, &body),
        hook(&signed, &body.replace("Say hello", "Say Hello")),
        hook(
            &[("X-Gitlab-Event".into(), "Push Hook".into()), ("X-Gitlab-Token".into(), "a guess".into())],
            &body,
        ),
    ];
    for (answer, time) in deliver(&function, DELIVERIES, |number| forged[number % forged.len()].clone()).await
    {
        assert_eq!((answer.status, answer.json("reason")), (401, "not authentic".into()), "{}", answer.body);
        assert!(time < IN_TIME, "{time:?}");
    }
    assert_eq!(ec2.requests(), 0);
    let genuine = function.request(hook(&signed, &body)).await;
    assert_eq!(genuine.status, 202, "and the owner is served: {}", genuine.body);
}

/// Each mood has an EC2 and processes of its own, because their time is spent waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_ec2_does_each_delivery_has_its_answer_in_time() {
    let Some(program) = bootstrap() else { return };
    let moods = [
        Mood::Slow(Duration::from_secs(20)),
        Mood::Refusing("RequestLimitExceeded"),
        Mood::Refusing("UnauthorizedOperation"),
        Mood::Broken,
    ];
    join_all(moods.map(|mood| check_mood(&program, mood))).await;
}

async fn check_mood(program: &Path, mood: Mood) {
    let (place, ec2) = (Place::new(), Simulated::start().await);
    let function = crowd(program, &place, &ec2, 3).await;
    let push = push(&place);
    ec2.be(mood);
    check_in_time(&deliver(&function, 3, |_| push.clone()).await);
    // What was promised or refused meanwhile, the next push finds an EC2 that works.
    ec2.be(Mood::Well);
    assert_eq!(function.request(push).await.status, 202);
    ec2.the_box();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ec2_that_changes_its_mood_all_the_time_ends_with_one_box() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    let function = crowd(&program, &place, &ec2, PROCESSES).await;
    let push = push(&place);
    let moods = [
        Mood::Losing("RunInstances"),
        Mood::Refusing("RequestLimitExceeded"),
        Mood::Slow(Duration::from_millis(300)),
        Mood::Losing("CreateTags"),
        Mood::Broken,
        Mood::Well,
    ];
    let answers = deliver(&function, 60, |number| {
        ec2.be(moods[number / 5 % moods.len()]);
        push.clone()
    });
    check_in_time(&answers.await);
    ec2.be(Mood::Well);
    assert_eq!(function.request(push).await.status, 202);
    ec2.the_box();
}

async fn crowd(program: &Path, place: &Place, ec2: &Simulated, processes: usize) -> Function {
    place.write("pushbox.json", CONFIG);
    Function::start_with(program, place, &ec2.address, &[], processes).await
}

fn push(place: &Place) -> Value {
    let body = push_of("refs/heads/main", 'a');
    hook(&place.sign(SECRET, &body, &[]), &body)
}

/// So many at once that no process waits for work, and none of the deliveries for a process.
async fn deliver(
    function: &Function,
    count: usize,
    event: impl Fn(usize) -> Value,
) -> Vec<(Answer, Duration)> {
    let timed = |number| {
        let event = event(number);
        async move {
            let start = Instant::now();
            (function.request(event).await, start.elapsed())
        }
    };
    stream::iter(0..count).map(timed).buffer_unordered(PROCESSES).collect().await
}

/// A promise or a refusal, and never an error.
#[track_caller]
fn check_in_time(answers: &[(Answer, Duration)]) {
    for (answer, time) in answers {
        let said = (answer.status, answer.json("result"));
        let fit = said == (202, "accepted".into()) || said == (503, "failed".into());
        assert!(fit, "{}: {}", answer.status, answer.body);
        assert!(*time < IN_TIME, "{time:?}: {}", answer.body);
    }
}
