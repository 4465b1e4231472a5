//! The world's behaviour, call by call and state by state.

use pushbox_shared::ec2::{
    CreateTags, DescribeInstances, Filter, GetConsoleOutput, Instances, RunInstances, State, UserData,
};

use super::*;
use crate::launch::tests::request;

const BOOT: u64 = 20;
const STOP: u64 = 30;

pub(super) fn at(seconds: u64) -> UnixTime {
    UnixTime::from_secs(1_700_000_000 + seconds)
}

pub(super) fn world() -> World {
    World::new(WorldOptions { boot_seconds: BOOT, stop_seconds: STOP, ..WorldOptions::default() })
}

pub(super) fn ids(id: &str) -> Instances {
    Instances { instance_ids: vec![id.to_string()] }
}

pub(super) fn run(world: &mut World, now: UnixTime, request: &RunInstances) -> Result<String, String> {
    match world.call(now, &Call::RunInstances(Box::new(request.clone()))) {
        Ok(Reply::Instances(instances)) => Ok(instances[0].id.clone()),
        Ok(reply) => panic!("{reply:?}"),
        Err(error) => Err(error.code),
    }
}

/// A world and its one instance of that type, in that state at the returned time.
fn with_instance(instance_type: &str, state: State) -> (World, String, UnixTime) {
    let mut world = world();
    let arch = pushbox_shared::machine::arch(instance_type);
    let image = pushbox_shared::image::Image::named("ubuntu-24.04").expect("a known image");
    let request = RunInstances {
        image_id: image.image_id(arch),
        instance_type: instance_type.to_string(),
        ..request()
    };
    let id = run(&mut world, at(0), &request).expect("launched");
    let now = match state {
        State::Pending => at(BOOT - 1),
        State::Running => at(BOOT),
        State::Stopping | State::Stopped => {
            world.stop(at(BOOT), &id).expect("running");
            if state == State::Stopped { at(BOOT + STOP) } else { at(BOOT) }
        }
        State::ShuttingDown | State::Terminated => {
            world.terminate(at(BOOT), &id).expect("running");
            if state == State::Terminated { at(BOOT + STOP) } else { at(BOOT) }
        }
    };
    assert_eq!(world.instances(now)[0].instance.state, state);
    (world, id, now)
}

fn describe(world: &mut World, now: UnixTime, name: &str, value: &str) -> Vec<String> {
    let filters = vec![Filter { name: name.to_string(), values: vec![value.to_string()] }];
    match world.call(now, &Call::DescribeInstances(DescribeInstances { filters })) {
        Ok(Reply::Instances(instances)) => instances.into_iter().map(|instance| instance.id).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_call_in_every_state() {
    const BAD: Result<State, &str> = Err("IncorrectInstanceState");
    const GONE: Result<State, &str> = Err("InvalidInstanceID.NotFound");
    use State::{Pending, Running, ShuttingDown, Stopped, Stopping, Terminated};
    // Per state: what start, stop, reboot, terminate and CreateTags lead to at the same instant.
    for (state, start, stop, reboot, terminate, tag) in [
        (Pending, Ok(Pending), BAD, BAD, Ok(ShuttingDown), Ok(Pending)),
        (Running, Ok(Running), Ok(Stopping), Ok(Running), Ok(ShuttingDown), Ok(Running)),
        (Stopping, BAD, Ok(Stopping), BAD, Ok(ShuttingDown), Ok(Stopping)),
        (Stopped, Ok(Pending), Ok(Stopped), BAD, Ok(ShuttingDown), Ok(Stopped)),
        (ShuttingDown, BAD, BAD, BAD, Ok(ShuttingDown), Ok(ShuttingDown)),
        (Terminated, BAD, BAD, BAD, Ok(Terminated), GONE),
    ] {
        let id = with_instance("t4g.small", state).1;
        let tags = CreateTags { resources: vec![id.clone()], tags: vec![Tag::new("a", "b")] };
        for (action, expected) in [
            (Action::StartInstances(ids(&id)), start),
            (Action::StopInstances(ids(&id)), stop),
            (Action::RebootInstances(ids(&id)), reboot),
            (Action::TerminateInstances(ids(&id)), terminate),
            (Action::CreateTags(tags), tag),
        ] {
            let (mut world, _, now) = with_instance("t4g.small", state);
            let found = world.act(now, &action).map(|_| world.instances(now)[0].instance.state);
            let expected = expected.map_err(str::to_string);
            assert_eq!(found.map_err(|error| error.code), expected, "{state:?} {action:?}");
        }
    }
}

#[test]
fn one_token_is_one_instance() {
    let mut world = world();
    let first = run(&mut world, at(0), &request()).expect("launched");
    assert_eq!(run(&mut world, at(1), &request()), Ok(first.clone()));
    let other = RunInstances { user_data: UserData(b"#!/bin/sh\n".to_vec()), ..request() };
    assert_eq!(run(&mut world, at(2), &other), Err("IdempotentParameterMismatch".to_string()));
    let second = RunInstances { client_token: "another".to_string(), ..request() };
    assert_ne!(run(&mut world, at(3), &second), Ok(first.clone()));

    world.terminate(at(100), &first).expect("running");
    assert_eq!(run(&mut world, at(101), &request()), Ok(first), "still shutting down");
    let end = 100 + STOP;
    let ended = Err("IdempotentInstanceTerminated".to_string());
    assert_eq!(run(&mut world, at(end), &request()), ended);
    assert_eq!(run(&mut world, at(end), &other), Err("IdempotentParameterMismatch".to_string()));
    assert_eq!(run(&mut world, at(end + 24 * 3600 - 1), &request()), ended);
    assert!(run(&mut world, at(end + 24 * 3600), &request()).is_ok(), "a day later the token is new");
}

#[test]
fn user_data_is_shown_as_a_person_reads_it() {
    let script = "#!/bin/bash\necho 'ein Wort für viele'\n".repeat(1_000);
    for given in [script.clone().into_bytes(), pushbox_shared::gzip::gzip(script.as_bytes())] {
        let mut world = world();
        let fits = given.len() <= 16_384;
        let request = RunInstances { user_data: UserData(given), ..request() };
        match run(&mut world, at(0), &request) {
            Ok(_) => assert!(fits && world.instances(at(0))[0].user_data_text() == script),
            Err(code) => assert_eq!((fits, code.as_str()), (false, "InvalidParameterValue")),
        }
    }
    let mut world = world();
    run(&mut world, at(0), &request()).expect("launched");
    assert_eq!(world.instances(at(0))[0].user_data_text().as_bytes(), request().user_data.0);
}

#[test]
fn no_token_is_no_idempotency() {
    let mut world = world();
    let request = RunInstances { client_token: String::new(), ..request() };
    assert_ne!(run(&mut world, at(0), &request), run(&mut world, at(0), &request));
}

#[test]
fn a_new_instance_is_not_known_at_once() {
    let visible_after = Duration::from_secs(5);
    let mut world = World::new(WorldOptions { visible_after, ..WorldOptions::default() });
    let id = run(&mut world, at(0), &request()).expect("launched");
    let tags = CreateTags { resources: vec![id.clone()], tags: vec![Tag::new("a", "b")] };
    assert!(describe(&mut world, at(4), "tag:pushbox:app", "my_app").is_empty());
    let early = world.call(at(4), &Call::CreateTags(tags.clone())).map_err(|error| error.code);
    assert_eq!(early, Err("InvalidInstanceID.NotFound".to_string()));
    assert_eq!(run(&mut world, at(4), &request()), Ok(id.clone()), "the token is known at once");
    assert_eq!(world.instances(at(4)).len(), 1);
    assert_eq!(describe(&mut world, at(5), "tag:pushbox:app", "my_app"), [id]);
    assert!(world.call(at(5), &Call::CreateTags(tags)).is_ok());
}

#[test]
fn a_terminated_instance_shows_for_an_hour() {
    let (mut world, id, _) = with_instance("t4g.small", State::Terminated);
    let end = BOOT + STOP;
    assert_eq!(
        describe(&mut world, at(end + 3599), "instance-state-name", "terminated"),
        std::slice::from_ref(&id)
    );
    assert!(describe(&mut world, at(end + 3600), "instance-id", &id).is_empty());
    assert!(world.instances(at(end + 3600)).is_empty());
    let error = world.terminate(at(end + 3600), &id).map_err(|error| error.code);
    assert_eq!(error, Err("InvalidInstanceID.NotFound".to_string()));
}

#[test]
fn filters_choose() {
    let mut world = world();
    let id = run(&mut world, at(0), &request()).expect("launched");
    for (name, value, found) in [
        ("tag:pushbox:app", "my_app", true),
        ("tag:pushbox:app", "my_*", true),
        ("tag:pushbox:app", "other", false),
        ("tag:other", "my_app", false),
        ("tag-key", "pushbox:app", true),
        ("tag-key", "my_app", false),
        ("instance-state-name", "pending", true),
        ("instance-state-name", "running", false),
        ("instance-id", &id, true),
        ("client-token", "token", true),
        ("client-token", "nekot", false),
    ] {
        assert_eq!(describe(&mut world, at(1), name, value).len(), usize::from(found), "{name}={value}");
    }
    let filters = vec![Filter { name: "colour".to_string(), values: vec!["red".to_string()] }];
    let error =
        world.call(at(1), &Call::DescribeInstances(DescribeInstances { filters })).map_err(|e| e.code);
    assert_eq!(error, Err("InvalidParameterValue".to_string()));
}

#[test]
fn the_public_address_comes_with_running_and_changes_with_a_start() {
    let (mut world, id, now) = with_instance("t4g.small", State::Pending);
    let address = |world: &World, now| world.instances(now)[0].instance.public_ip.clone();
    assert_eq!(address(&world, now), None);
    let first = address(&world, at(BOOT)).expect("asked for");
    assert!(first.starts_with("203.0.113."));
    world.act(at(40), &Action::RebootInstances(ids(&id))).expect("running");
    assert_eq!(address(&world, at(41)), Some(first.clone()), "a reboot keeps it");
    world.stop(at(50), &id).expect("running");
    assert_eq!(address(&world, at(51)), None);
    world.act(at(100), &Action::StartInstances(ids(&id))).expect("stopped");
    let second = address(&world, at(100 + BOOT)).expect("asked for");
    assert_ne!(first, second);
    assert_eq!(
        world.instances(at(130))[0].instance.launched,
        at(100),
        "the launch time is that of the last start"
    );
}

#[test]
fn nobody_asks_for_an_address() {
    let mut world = world();
    let mut request = request();
    request.network_interfaces[0].associate_public_ip_address = false;
    run(&mut world, at(0), &request).expect("launched");
    assert_eq!(world.instances(at(BOOT))[0].instance.public_ip, None);
}

#[test]
fn metadata_follows_tags_at_once_on_nitro_and_after_a_start_on_xen() {
    for (instance_type, at_once) in [("t4g.small", true), ("t2.micro", false)] {
        let (mut world, id, now) = with_instance(instance_type, State::Running);
        let reads = |world: &World, now, id: &str| {
            let tags = world.metadata_tags(now, id)?;
            Some(tags.iter().any(|tag| tag.key == "pushbox:poke"))
        };
        let tags = CreateTags { resources: vec![id.clone()], tags: vec![Tag::new("pushbox:poke", "1")] };
        world.act(now, &Action::CreateTags(tags)).expect("running");
        assert_eq!(reads(&world, now, &id), Some(at_once), "{instance_type}");
        world.act(now, &Action::RebootInstances(ids(&id))).expect("running");
        assert_eq!(reads(&world, now, &id), Some(at_once), "{instance_type} after a reboot");
        world.stop(now, &id).expect("running");
        assert_eq!(reads(&world, now, &id), None, "a stopped instance reads nothing");
        world.act(at(100), &Action::StartInstances(ids(&id))).expect("stopped");
        assert_eq!(reads(&world, at(100), &id), Some(true), "{instance_type} after a start");
    }
}

#[test]
fn metadata_shows_no_tags_unless_enabled() {
    let mut world = world();
    let mut request = request();
    request.metadata_options.instance_metadata_tags = "disabled".to_string();
    let id = run(&mut world, at(0), &request).expect("launched");
    assert_eq!(world.metadata_tags(at(BOOT), &id), None);
}

#[test]
fn the_console_is_live_on_nitro_alone() {
    for (instance_type, live) in [("t4g.small", Ok("hello\n")), ("t2.micro", Err("UnsupportedOperation"))] {
        let (mut world, id, now) = with_instance(instance_type, State::Running);
        let read = |world: &mut World, now, latest| {
            let request = GetConsoleOutput { instance_id: id.clone(), latest };
            match world.call(now, &Call::GetConsoleOutput(request)) {
                Ok(Reply::Console(text)) => Ok(text),
                Ok(reply) => panic!("{reply:?}"),
                Err(error) => Err(error.code),
            }
        };
        assert_eq!(read(&mut world, now, false), Ok(String::new()));
        world.say(now, &id, "hello\n");
        let expected = live.map(str::to_string).map_err(str::to_string);
        assert_eq!(read(&mut world, now, true), expected, "{instance_type}");
        assert_eq!(read(&mut world, now, false), Ok(String::new()), "{instance_type}: not posted yet");
        assert_eq!(read(&mut world, at(120), false), Ok("hello\n".to_string()), "{instance_type}");
    }
}

#[test]
fn ids_are_told_apart() {
    let mut world = world();
    for (id, code) in [
        ("i-0123456789abcdef0", "InvalidInstanceID.NotFound"),
        ("i-01234567", "InvalidInstanceID.NotFound"),
        ("i-0123", "InvalidInstanceID.Malformed"),
        ("i-0123456789ABCDEF0", "InvalidInstanceID.Malformed"),
        ("box", "InvalidInstanceID.Malformed"),
        ("", "InvalidInstanceID.Malformed"),
    ] {
        let error = world.act(at(0), &Action::StartInstances(ids(id))).map_err(|error| error.code);
        assert_eq!(error.err().as_deref(), Some(code), "{id}");
    }
    let none = Instances { instance_ids: Vec::new() };
    let error = world.act(at(0), &Action::RebootInstances(none)).map_err(|error| error.code);
    assert_eq!(error.err().as_deref(), Some("MissingParameter"));
}

#[test]
fn fifty_tags_fit() {
    let (mut world, id, now) = with_instance("t4g.small", State::Running);
    let mut set = |range: std::ops::Range<u32>| {
        let tags = range.map(|n| Tag::new(&format!("k{n}"), "v")).collect();
        let request = CreateTags { resources: vec![id.clone()], tags };
        world.act(now, &Action::CreateTags(request)).map(drop).map_err(|error| error.code)
    };
    assert_eq!(set(0..49), Ok(()), "49 and the one of the launch");
    assert_eq!(set(48..50), Err("TagLimitExceeded".to_string()));
    assert_eq!(set(40..49), Ok(()), "known keys are overwritten");
    assert_eq!(world.instances(now)[0].instance.tags.len(), 50);
}

#[test]
fn the_number_of_instances_is_limited() {
    let mut world = World::new(WorldOptions { instance_limit: 3, ..WorldOptions::default() });
    let some = |token: &str, min_count, max_count| RunInstances {
        client_token: token.to_string(),
        min_count,
        max_count,
        ..request()
    };
    assert!(run(&mut world, at(0), &some("a", 2, 2)).is_ok());
    assert_eq!(run(&mut world, at(0), &some("b", 2, 2)), Err("InstanceLimitExceeded".to_string()));
    assert!(run(&mut world, at(0), &some("b", 1, 5)).is_ok(), "as many as fit");
    assert_eq!(world.instances(at(0)).len(), 3);
}

#[test]
fn the_log_says_what_was_asked_and_answered() {
    let mut world = world();
    let id = run(&mut world, at(0), &request()).expect("launched");
    world.stop(at(1), &id).expect_err("pending");
    let [launch, stop] = world.calls() else { panic!("{:?}", world.calls()) };
    assert_eq!((launch.at, launch.result.clone()), (at(0), Ok(format!("{id} pending"))));
    assert_eq!(launch.call["call"], "RunInstances");
    assert_eq!(launch.call["UserData"], request().user_data.digest());
    assert_eq!(stop.call, serde_json::json!({ "call": "StopInstances", "InstanceIds": [id] }));
    assert_eq!(stop.result.as_ref().map_err(|error| error.code.as_str()), Err("IncorrectInstanceState"));
    for _ in 0..crate::KEPT {
        describe(&mut world, at(2), "tag-key", "*");
    }
    assert_eq!(world.calls().len(), crate::KEPT);
    assert_eq!(world.calls()[0].call["call"], "DescribeInstances");
}

#[test]
fn time_does_not_run_backwards() {
    let (mut world, id, _) = with_instance("t4g.small", State::Stopped);
    describe(&mut world, at(1000), "tag-key", "*");
    world.act(at(0), &Action::StartInstances(ids(&id))).expect("stopped for long");
    assert_eq!(world.instances(at(0))[0].instance.launched, at(1000));
}

#[test]
fn time_ends_without_a_panic() {
    let options = WorldOptions { boot_seconds: u64::MAX, stop_seconds: u64::MAX, ..WorldOptions::default() };
    for (mut world, now) in [(World::new(options), at(0)), (world(), UnixTime::MAX)] {
        let id = run(&mut world, now, &request()).expect("launched");
        for now in [now, UnixTime::MAX] {
            let _ = world.stop(now, &id);
            let _ = world.terminate(now, &id);
            world.say(now, &id, "hello\n");
            world.instances(now);
        }
    }
}
