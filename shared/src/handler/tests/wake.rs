//! `/wake`: who wakes what, how often, and what he sees meanwhile.

use super::routes::{answer_at, request};
use super::*;
use crate::protocol::wakes::WAKES;

/// 2026-11-23, noon.
const NOON: UnixTime = UnixTime::from_secs(1_795_435_200);

fn sleepy() -> Setup {
    setup_with(r#", "sleep": {"after_idle_minutes": 30, "max_wakes_per_day": 3}"#)
}

fn visit() -> Input {
    request("GET", "/wake", &[("accept", "text/html")])
}

fn press() -> Input {
    request("POST", "/wake", &[("accept", "text/html,*/*;q=0.8")])
}

fn the_box(state: State, wakes: &str) -> Instance {
    let mut one = instance("i-1", state, "t4g.small", &[(APP, "my_app"), (WAKES, wakes)]);
    one.launched = NOON - Duration::from_secs(30);
    one.public_ip = (state == State::Running).then(|| "203.0.113.7".to_string());
    one
}

fn serving_since(at: UnixTime) -> Result<Reply, Error> {
    Ok(Reply::Console(format!(
        "pushbox {{\"commit\":\"\",\"step\":\"serve\",\"state\":\"done\",\"seconds\":9.1,\"detail\":\"since {}\"}}\n",
        at.as_secs()
    )))
}

/// What a program is told, and what is done for it.
#[track_caller]
fn check_wake(found: &[Instance], replies: Vec<Result<Reply, Error>>, expected: &Expect) {
    let setup = sleepy();
    let mut handler = Handler::new(&setup, &request("POST", "/wake", &[]), NOON);
    let replies = [vec![boxes(found)], replies].concat();
    let mut story = drive_from(&mut handler, replies, NOON);
    for step in handler.plan() {
        if let Step::Call(Call::CreateTags(counted)) = step {
            story.push_str(&format!("{}\n", counted.tags[0].value));
        }
    }
    expected.assert_eq(&story);
}

#[test]
fn a_sleeping_box_is_counted_and_started() {
    let asleep = the_box(State::Stopped, "2026-11-23:1@1");
    check_wake(
        &[asleep],
        vec![],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 wakes
            StartInstances i-1
            202 accepted the box is started
            2026-11-23:2@1795435200
        "#]],
    );
}

#[test]
fn nothing_is_done_to_a_box_that_runs_or_starts() {
    check_wake(
        &[the_box(State::Pending, "")],
        vec![],
        &expect![[r#"
            DescribeInstances
            202 accepted the box is started
        "#]],
    );
    check_wake(
        &[the_box(State::Running, "")],
        vec![serving_since(NOON)],
        &expect![[r#"
            DescribeInstances
            GetConsoleOutput i-1 latest=true
            202 accepted the box runs
        "#]],
    );
}

/// A visit does not pay for a machine; a push does.
#[test]
fn without_a_box_none_is_launched() {
    check_wake(
        &[the_box(State::Terminated, "")],
        vec![],
        &expect![[r#"
            DescribeInstances
            409 refused there is no box yet; the next push launches one
        "#]],
    );
}

#[test]
fn a_box_that_falls_asleep_is_started_once_it_is_off() {
    check_wake(
        &[the_box(State::Stopping, "")],
        vec![],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 wakes
            Reconcile
            202 accepted the box is started
            2026-11-23:1@1795435200
        "#]],
    );
    // The next visitor meanwhile.
    check_wake(
        &[the_box(State::Stopping, "2026-11-23:1@1795435190")],
        vec![],
        &expect![[r#"
            DescribeInstances
            202 accepted the box is started
        "#]],
    );
}

#[test]
fn the_limit_of_a_day_holds_until_the_next() {
    check_wake(
        &[the_box(State::Stopped, "2026-11-23:3@1795426800")],
        vec![],
        &expect![[r#"
            DescribeInstances
            429 refused my_app has been woken 3 times today, and sleep.max_wakes_per_day allows 3; a push still wakes it, and so does the button tomorrow (UTC)
        "#]],
    );
    check_wake(
        &[the_box(State::Stopped, "2026-11-22:3@1795390000")],
        vec![],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 wakes
            StartInstances i-1
            202 accepted the box is started
            2026-11-23:1@1795435200
        "#]],
    );
    // The third of today was a moment ago, and this visitor is a part of it.
    check_wake(
        &[the_box(State::Stopped, "2026-11-23:3@1795435195")],
        vec![],
        &expect![[r#"
            DescribeInstances
            StartInstances i-1
            202 accepted the box is started
        "#]],
    );
}

#[test]
fn what_takes_longer_is_handed_over_and_what_is_refused_is_said() {
    let asleep = || [the_box(State::Stopped, "")];
    for passing in ["InsufficientInstanceCapacity", "IncorrectInstanceState", "RequestLimitExceeded"] {
        check_wake(
            &asleep(),
            vec![Ok(Reply::Done), error(passing)],
            &expect![[r#"
                DescribeInstances
                CreateTags i-1 wakes
                StartInstances i-1
                Reconcile
                202 accepted the box is started
                2026-11-23:1@1795435200
            "#]],
        );
    }
    check_wake(
        &asleep(),
        vec![Ok(Reply::Done), error("UnauthorizedOperation")],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 wakes
            StartInstances i-1
            503 failed AWS refused (UnauthorizedOperation); deliver again later
            2026-11-23:1@1795435200
        "#]],
    );
    check_wake(
        &asleep(),
        vec![error("RequestLimitExceeded")],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 wakes
            503 failed AWS refused (RequestLimitExceeded); deliver again later
        "#]],
    );
}

/// What a page does by itself, beside its words.
fn shown(response: &Response) -> String {
    let body = &response.body;
    let between = |start: &str, end: &str| {
        let text =
            body.split_once(start).map_or("", |(_, rest)| rest.split_once(end).map_or("", |(text, _)| text));
        text.to_string()
    };
    let button = if body.contains("<form method=\"post\" action=\"/wake\">") { " [button]" } else { "" };
    let refresh = between("http-equiv=\"refresh\" content=\"", "\"");
    format!("{} {}{button} {refresh}", response.status, between("<p>", "</p>")).trim_end().to_string()
}

#[test]
fn the_page_follows_the_box_until_it_answers() {
    let with_domain = r#", "sleep": {"after_idle_minutes": 30}, "run": {"domain": "app.example.org"}, "box": {"address": "elastic"}"#;
    let old = NOON - Duration::from_secs(3_600);
    for (setup, found, console, expected) in [
        (sleepy(), None, None, "200 my_app has no box yet; the next push launches one."),
        (sleepy(), Some(the_box(State::Stopped, "")), None, "200 my_app is asleep. [button]"),
        (sleepy(), Some(the_box(State::Stopping, "")), None, "200 my_app is falling asleep. [button]"),
        // Whoever pressed while it fell asleep waits on this page, too.
        (
            sleepy(),
            Some(the_box(State::Stopping, "2026-11-23:1@1795435190")),
            None,
            "202 my_app is being woken. 5; url=/wake",
        ),
        (
            sleepy(),
            Some(the_box(State::Stopped, "2026-11-23:3@1795435190")),
            None,
            "202 my_app is being woken. 5; url=/wake",
        ),
        (
            sleepy(),
            Some(the_box(State::Stopped, "2026-11-23:3@1")),
            None,
            "429 my_app has been woken 3 times today, and sleep.max_wakes_per_day allows 3; a push still wakes it, and so does the button tomorrow (UTC).",
        ),
        (
            sleepy(),
            Some(the_box(State::Pending, "")),
            None,
            "200 my_app is starting; you are sent there once it answers. 5; url=/wake",
        ),
        // Its console still ends with what it said before it slept.
        (
            sleepy(),
            Some(the_box(State::Running, "")),
            Some(serving_since(old)),
            "200 my_app is starting; you are sent there once it answers. 5; url=/wake",
        ),
        (
            sleepy(),
            Some(the_box(State::Running, "")),
            Some(serving_since(NOON)),
            "200 my_app is up. 0; url=http://203.0.113.7/.pushbox/wake",
        ),
        (
            setup_with(with_domain),
            Some(the_box(State::Running, "")),
            Some(serving_since(NOON)),
            "200 my_app is up. 0; url=https://app.example.org/.pushbox/wake",
        ),
        // So long ago that the console need not show it any more.
        (
            sleepy(),
            Some(Instance { launched: old, ..the_box(State::Running, "") }),
            None,
            "200 my_app is up. 0; url=http://203.0.113.7/.pushbox/wake",
        ),
    ] {
        let found: Vec<Instance> = found.into_iter().collect();
        let replies = std::iter::once(boxes(&found)).chain(console).collect();
        let (response, _) = answer_at(&setup, &visit(), replies, &mut Cache::default(), NOON);
        assert_eq!(shown(&response), expected);
        assert!(!response.body.contains("<script"));
    }
}

#[test]
fn a_visitor_presses_and_waits() {
    let (setup, mut cache) = (sleepy(), Cache::default());
    let (response, calls) =
        answer_at(&setup, &press(), vec![boxes(&[the_box(State::Stopped, "")])], &mut cache, NOON);
    assert_eq!((shown(&response).as_str(), calls), ("202 my_app is being woken. 5; url=/wake", 3));
    // The look of before is forgotten; the next is kept for as long as a page waits.
    let later = |seconds| NOON + Duration::from_secs(seconds);
    for (seconds, looks) in [(5, 1), (6, 0), (10, 1)] {
        let starting = vec![boxes(&[the_box(State::Pending, "")])];
        let (response, calls) = answer_at(&setup, &visit(), starting, &mut cache, later(seconds));
        assert_eq!((response.status, calls), (200, looks), "after {seconds} s");
    }
    // Whoever presses now changes nothing and asks nobody.
    let (response, calls) = answer_at(&setup, &press(), vec![], &mut cache, later(11));
    assert_eq!((response.status, calls), (200, 0));
}

/// Without sleep there is nothing to wake.
#[test]
fn it_is_there_with_sleep_alone_and_a_get_starts_nothing() {
    for (setup, method, status) in [
        (setup_with(""), "GET", 404),
        (setup_with(""), "POST", 404),
        (sleepy(), "PUT", 405),
        (sleepy(), "HEAD", 405),
    ] {
        let (response, calls) =
            answer_at(&setup, &request(method, "/wake", &[]), vec![], &mut Cache::default(), NOON);
        assert_eq!((response.status, calls), (status, 0), "{method}");
    }
    let asleep = vec![boxes(&[the_box(State::Stopped, "")])];
    let (_, calls) = answer_at(&sleepy(), &visit(), asleep.clone(), &mut Cache::default(), NOON);
    assert_eq!(calls, 1);
    let (front, _) = answer_at(&sleepy(), &request("GET", "/", &[]), asleep, &mut Cache::default(), NOON);
    assert!(front.body.contains("a push or <a href=\"/wake\">you</a> can wake it."), "{}", front.body);
}

#[test]
fn who_may_not_wake_it_any_more_asks_ec2_twice_a_minute() {
    let (setup, mut cache) = (sleepy(), Cache::default());
    let tired = || vec![boxes(&[the_box(State::Stopped, "2026-11-23:3@1795426800")])];
    let mut calls = 0;
    for seconds in 0..60 {
        let now = NOON + Duration::from_secs(seconds);
        let (response, asked) = answer_at(&setup, &press(), tired(), &mut cache, now);
        assert_eq!(response.status, 429);
        calls += asked;
    }
    assert!(calls <= 4, "{calls}");
}

/// With sleep on, `running` may be a box that is on its way down and hears nothing: somebody looks again.
#[test]
fn after_a_push_somebody_sees_whether_the_box_really_runs() {
    let setup = sleepy();
    let running = || boxes(&[the_box(State::Running, "")]);
    check(
        &setup,
        push(),
        vec![running()],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            Reconcile
            202 accepted the box deploys refs/heads/main
        "#]],
    );
    check(
        &setup,
        Goal::reconcile(NOW),
        vec![
            running(),
            running(),
            boxes(&[the_box(State::Stopping, "")]),
            boxes(&[the_box(State::Stopped, "")]),
        ],
        &expect![[r#"
            DescribeInstances
            wait 20s
            DescribeInstances
            wait 20s
            DescribeInstances
            wait 3s
            DescribeInstances
            StartInstances i-1
            202 accepted the box is started and deploys refs/heads/main
        "#]],
    );
}
