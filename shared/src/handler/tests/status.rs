//! What `/status` and `/` say to whom, and how often EC2 is asked for it.

use super::routes::{answer_at, request};
use super::*;
use crate::ec2::Address;
use crate::protocol::mailbox::{COMMIT, REF};

const CONSOLE: &str = "[    1.0] kernel: pushbox {\"commit\":\"c0\",\"step\":\"deploy\",\"state\":\"done\",\"seconds\":60.0,\"detail\":\"\"}\n\
                       [    2.0] eth0: pushbox {\"commit\":\"c1\",\"step\":\"bui[    2.1] eth1: up\n\
                       pushbox {\"commit\":1}\npushbox {nonsense\nsomething else\n\
                       pushbox {\"commit\":\"c1\",\"step\":\"build\",\"state\":\"failed\",\"seconds\":41.2,\"detail\":\"<b>\"}\n";

fn anyone() -> Input {
    request("GET", "/status", &[])
}

fn people() -> Input {
    request("GET", "/", &[])
}

fn owner() -> Input {
    request("GET", "/status", &[("authorization", "Bearer admin")])
}

fn the_box(state: State) -> Instance {
    let tags = [(APP, "my_app"), (POKE, "1699999990.500"), (COMMIT, "c1"), (REF, "refs%2Fheads%2Fmain")];
    let mut one = instance("i-1", state, "t4g.small", &tags);
    one.public_ip = (state == State::Running).then(|| "203.0.113.7".to_string());
    one
}

fn console() -> Result<Reply, Error> {
    Ok(Reply::Console(CONSOLE.into()))
}

/// The answer of a new process, and the calls that it made.
fn ask(setup: &Setup, input: &Input, replies: Vec<Result<Reply, Error>>) -> (Response, usize) {
    answer_at(setup, input, replies, &mut Cache::default(), NOW)
}

#[test]
fn strangers_learn_whether_the_app_is_up() {
    let setup = setup_with("");
    for (state, up, words) in [
        (Some(State::Running), true, "my_app is up."),
        (Some(State::Pending), false, "my_app is starting."),
        (Some(State::Stopping), false, "my_app is asleep; the next push wakes it."),
        (Some(State::Stopped), false, "my_app is asleep; the next push wakes it."),
        (Some(State::Terminated), false, "my_app has no box yet; the next push launches one."),
        (None, false, "my_app has no box yet; the next push launches one."),
    ] {
        let seen: Vec<Instance> = state.map(the_box).into_iter().collect();
        let (response, calls) = ask(&setup, &anyone(), vec![boxes(&seen)]);
        assert_eq!(response.body, format!(r#"{{"app":"my_app","up":{up}}}"#), "and no more");
        assert_eq!((response.status, calls), (200, 1));
        let (response, calls) = ask(&setup, &people(), vec![boxes(&seen)]);
        assert!(response.body.contains(&format!("<p>{words}</p>")), "{}", response.body);
        assert!(!response.body.contains("203.0.113.7"), "no details");
        assert_eq!((response.status, calls), (200, 1));
    }
}

#[test]
fn the_page_is_locked_down() {
    let (page, _) = ask(&setup_with(""), &people(), vec![]);
    let headers: Vec<(&str, &str)> = page.headers().collect();
    assert!(headers.contains(&("content-type", "text/html; charset=utf-8")));
    assert!(headers.contains(&(
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )));
    let (json, _) = ask(&setup_with(""), &anyone(), vec![]);
    assert_eq!(json.headers().next(), Some(("content-type", "application/json")));
    assert!(json.headers().all(|(name, _)| name != "content-security-policy"), "it is no page");
}

#[test]
fn the_owner_learns_everything() {
    let (response, calls) =
        ask(&setup_with(""), &owner(), vec![boxes(&[the_box(State::Running)]), console()]);
    assert_eq!(calls, 2);
    let body: Value = serde_json::from_str(&response.body).unwrap();
    expect![[r#"
        {
          "app": "my_app",
          "up": true,
          "box": {
            "id": "i-1",
            "state": "running",
            "type": "t4g.small",
            "address": "203.0.113.7",
            "spot": false,
            "started_s_ago": 0,
            "wanted": {
              "commit": "c1",
              "ref": "refs/heads/main",
              "s_ago": 10
            },
            "launch_settings_changed": false
          },
          "runs": {
            "commit": "c0"
          },
          "others": [],
          "notes": [],
          "reports": [
            {
              "commit": "c1",
              "step": "build",
              "state": "failed",
              "seconds": 41.2,
              "detail": "<b>"
            },
            {
              "commit": "c0",
              "step": "deploy",
              "state": "done",
              "seconds": 60.0,
              "detail": ""
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&body).unwrap());
}

#[test]
fn only_nitro_has_the_latest_console() {
    let setup = setup_with("");
    for (instance_type, latest) in [("t4g.small", true), ("t3.micro", true), ("t2.micro", false)] {
        let running = boxes(&[instance("i-1", State::Running, instance_type, &[])]);
        let mut handler = Handler::new(&setup, &owner(), NOW);
        assert!(matches!(handler.step(NOW, Event::Start), Do::Call(Call::DescribeInstances(_))));
        let Do::Call(Call::GetConsoleOutput(asked)) = handler.step(NOW, Event::Reply(running)) else {
            panic!("the console is asked for")
        };
        assert_eq!((asked.instance_id.as_str(), asked.latest), ("i-1", latest), "{instance_type}");
    }
}

#[test]
fn a_box_without_console_output_still_has_a_status() {
    let running = boxes(&[the_box(State::Running)]);
    let (response, _) = ask(&setup_with(""), &owner(), vec![running, error("InvalidInstanceID.NotFound")]);
    assert_eq!(response.status, 200);
}

#[test]
fn only_the_owner_learns_why_aws_refuses() {
    let setup = setup_with("");
    let refuse = || vec![error("UnauthorizedOperation")];
    let (response, _) = ask(&setup, &anyone(), refuse());
    assert_eq!((response.status, response.body.as_str()), (503, r#"{"app":"my_app","up":null}"#));
    let (response, _) = ask(&setup, &people(), refuse());
    assert_eq!(response.status, 503);
    assert!(!response.body.contains("Unauthorized"), "{}", response.body);
    let (response, _) = ask(&setup, &owner(), refuse());
    assert!(response.body.contains("AWS refused (UnauthorizedOperation)"), "{}", response.body);
}

#[test]
fn what_the_owner_should_do_is_said() {
    let notes = |more: &str, replies: Vec<Result<Reply, Error>>| {
        let (response, calls) = ask(&setup_with(more), &owner(), replies);
        let body: Value = serde_json::from_str(&response.body).unwrap();
        (body["notes"].clone(), calls)
    };
    let addresses = |has: Option<&str>| {
        Ok(Reply::Addresses(vec![Address {
            allocation_id: "eipalloc-1".into(),
            public_ip: "203.0.113.9".into(),
            instance_id: has.map(String::from),
        }]))
    };
    let elastic = r#", "box": {"address": "elastic"}"#;
    let running = || boxes(&[the_box(State::Running)]);
    assert_eq!(notes("", vec![running(), console()]), (json!([]), 2));
    assert_eq!(notes(elastic, vec![running(), console(), addresses(Some("i-1"))]), (json!([]), 3));
    assert_eq!(
        notes(elastic, vec![running(), console(), addresses(Some("i-2"))]).0,
        json!(["the box does not have its Elastic IP 203.0.113.9 yet; POST /deploy gives it"])
    );
    assert_eq!(
        notes(elastic, vec![running(), console()]).0,
        json!([
            "box.address is elastic, and no Elastic IP carries the tag pushbox:app=my_app: allocate one, tag it, and POST /deploy"
        ])
    );
    assert_eq!(
        notes(elastic, vec![running(), console(), error("UnauthorizedOperation")]).0,
        json!(["the Elastic IP could not be looked up: AWS refused (UnauthorizedOperation)"])
    );
    let mut spot = the_box(State::Stopped);
    spot.lifecycle = Some("spot".into());
    assert_eq!(
        notes("", vec![boxes(&[spot]), console()]).0,
        json!([
            "a spot box that EC2 has stopped can only be started by EC2; one that a person has stopped starts with the next push"
        ])
    );
    let second = Instance { id: "i-2".into(), ..the_box(State::Running) };
    assert_eq!(
        notes("", vec![boxes(&[the_box(State::Running), second]), console()]).0,
        json!(["the box is i-1; terminate the others"])
    );
}

#[test]
fn a_thousand_visitors_in_half_a_minute_make_one_look() {
    let setup = setup_with("");
    let mut cache = Cache::default();
    let mut ask = |input: &Input, millis: u64| {
        let replies = match input {
            Input::Http(request) if request.headers.get("authorization").is_none() => {
                vec![boxes(&[the_box(State::Running)])]
            }
            _ => vec![console()],
        };
        answer_at(&setup, input, replies, &mut cache, NOW + Duration::from_millis(millis)).1
    };
    let visitors = [anyone(), people()];
    let calls: usize = (0..500).flat_map(|n| visitors.each_ref().map(|input| ask(input, n * 58))).sum();
    assert_eq!(calls, 1);
    assert_eq!(ask(&owner(), 29_500), 1, "the console alone");
    assert_eq!(ask(&owner(), 29_600), 0);
    assert_eq!(ask(&anyone(), 29_999), 0);
    assert_eq!(ask(&anyone(), 30_000), 1, "the look is old");
}

#[test]
fn a_stranger_is_never_given_what_the_owner_saw() {
    let setup = setup_with("");
    let mut cache = Cache::default();
    let running = vec![boxes(&[the_box(State::Running)]), console()];
    let (response, _) = answer_at(&setup, &owner(), running, &mut cache, NOW);
    assert!(response.body.contains("203.0.113.7") && response.body.contains("reports"), "{}", response.body);
    for input in [anyone(), people(), request("GET", "/status", &[("authorization", "Bearer wrong")])] {
        let (response, calls) = answer_at(&setup, &input, vec![], &mut cache, NOW);
        assert_eq!(calls, 0, "from the same look");
        for detail in ["203.0.113.7", "reports", "i-1", "c0", "t4g"] {
            assert!(!response.body.contains(detail), "{detail} in {}", response.body);
        }
    }
}

/// Otherwise visitors could make a throttled account worse.
#[test]
fn a_failure_is_kept_too_but_not_from_the_owner() {
    let setup = setup_with("");
    let mut cache = Cache::default();
    let throttled = || vec![error("RequestLimitExceeded")];
    let mut ask = |input: &Input, replies| {
        let (response, calls) = answer_at(&setup, input, replies, &mut cache, NOW);
        (response.status, calls)
    };
    assert_eq!(ask(&anyone(), throttled()), (503, 1));
    assert_eq!(ask(&anyone(), throttled()), (503, 0));
    assert_eq!(ask(&owner(), throttled()), (503, 1));
    assert_eq!(ask(&owner(), vec![boxes(&[])]), (200, 1));
    assert_eq!(ask(&anyone(), vec![]), (200, 0));
}

#[test]
fn a_look_is_forgotten_when_the_box_or_the_app_changes() {
    let setup = setup_with("");
    let mut cache = Cache::default();
    let mut ask = |setup: &Setup, input: &Input, now| answer_at(setup, input, vec![], &mut cache, now).1;
    assert_eq!(ask(&setup, &anyone(), NOW), 1);
    let deploy = request("POST", "/deploy", &[("authorization", "Bearer admin")]);
    assert_eq!(ask(&setup, &deploy, NOW), 3, "a box is launched");
    assert_eq!(ask(&setup, &anyone(), NOW), 1);
    let mut renamed = setup_with("");
    renamed.config.app = "other_app".into();
    assert_eq!(ask(&renamed, &anyone(), NOW), 1);
    let earlier = NOW - Duration::from_secs(3600);
    assert_eq!(ask(&renamed, &anyone(), earlier), 1, "the clock was set back");
}
