//! Where the world is as strict as EC2: what is not visible yet, not there to have, too much, or not allowed.

use pushbox_shared::ec2::{
    CreateTags, DescribeInstances, Filter, Instance, InstanceMarketOptions, RunInstances, SpotOptions, State,
};

use super::tests::{at, ids, run};
use super::*;
use crate::faults::Which;
use crate::launch::tests::request;

fn world_with(options: WorldOptions) -> World {
    World::new(WorldOptions { boot_seconds: 20, stop_seconds: 30, ..options })
}

fn of_type(instance_type: &str, token: &str) -> RunInstances {
    RunInstances { instance_type: instance_type.into(), client_token: token.into(), ..request() }
}

fn tag(id: &str, value: &str) -> Action {
    Action::CreateTags(CreateTags {
        resources: vec![id.to_string()],
        tags: vec![Tag::new("pushbox:poke", value)],
    })
}

fn described(world: &mut World, now: UnixTime, name: &str, value: &str) -> Vec<Instance> {
    let filters = vec![Filter { name: name.to_string(), values: vec![value.to_string()] }];
    match world.call(now, &Call::DescribeInstances(DescribeInstances { filters })) {
        Ok(Reply::Instances(instances)) => instances,
        other => panic!("{other:?}"),
    }
}

#[test]
fn changed_tags_show_later_and_are_there_at_once() {
    let mut world =
        world_with(WorldOptions { tags_after: Duration::from_secs(5), ..WorldOptions::default() });
    let id = run(&mut world, at(0), &request()).expect("launched");
    let shown = |world: &mut World, now| {
        described(world, now, "instance-id", &id)[0].tag("pushbox:poke").map(String::from)
    };
    assert_eq!(
        described(&mut world, at(0), "tag:pushbox:app", "my_app").len(),
        1,
        "those of the launch show with it"
    );
    for (now, value) in [(30, "1"), (32, "2")] {
        world.act(at(now), &tag(&id, value)).expect("running");
    }
    assert_eq!(
        [34, 35, 36, 37].map(|now| shown(&mut world, at(now))),
        [None, Some("1".into()), Some("1".into()), Some("2".into())]
    );
    assert!(described(&mut world, at(37), "tag:pushbox:poke", "1").is_empty());
    world.act(at(40), &tag(&id, "3")).expect("running");
    let read =
        world.metadata_tags(at(40), &id).expect("running").iter().find(|tag| tag.key == "pushbox:poke");
    assert_eq!(read.map(|tag| tag.value.as_str()), Some("3"), "the instance reads what is");
}

#[test]
fn an_instance_may_be_visible_before_it_can_be_tagged() {
    let mut world =
        world_with(WorldOptions { taggable_after: Duration::from_secs(5), ..WorldOptions::default() });
    let id = run(&mut world, at(0), &request()).expect("launched");
    assert_eq!(described(&mut world, at(1), "instance-id", &id).len(), 1);
    let early = world.act(at(4), &tag(&id, "1")).map_err(|error| error.code);
    assert_eq!(early.err().as_deref(), Some("InvalidInstanceID.NotFound"));
    assert!(world.act(at(5), &tag(&id, "1")).is_ok());
}

#[test]
fn a_shortage_is_of_one_type_and_meets_launches_and_starts() {
    let mut world = world_with(WorldOptions::default());
    let id = run(&mut world, at(0), &of_type("t4g.small", "a")).expect("launched");
    world.stop(at(20), &id).expect("running");
    world.begin_shortage("t4g.small");
    assert_eq!(run(&mut world, at(60), &of_type("t4g.small", "a")), Ok(id.clone()), "the token is known");
    let short = Err("InsufficientInstanceCapacity".to_string());
    assert_eq!(run(&mut world, at(60), &of_type("t4g.small", "b")), short);
    let start = world.act(at(60), &Action::StartInstances(ids(&id))).map(drop).map_err(|error| error.code);
    assert_eq!(start, Err("InsufficientInstanceCapacity".to_string()));
    assert!(run(&mut world, at(60), &of_type("t4g.micro", "c")).is_ok());
    world.end_shortage();
    assert!(world.act(at(61), &Action::StartInstances(ids(&id))).is_ok());
}

#[test]
fn processors_are_limited_and_a_stopped_instance_uses_none() {
    let mut world = world_with(WorldOptions { vcpu_limit: 4, ..WorldOptions::default() });
    let first = run(&mut world, at(0), &of_type("t4g.small", "a")).expect("launched");
    run(&mut world, at(0), &of_type("t4g.small", "b")).expect("launched");
    assert_eq!(run(&mut world, at(1), &of_type("t4g.nano", "c")), Err("VcpuLimitExceeded".to_string()));
    world.stop(at(20), &first).expect("running");
    assert!(run(&mut world, at(60), &of_type("t4g.nano", "c")).is_ok());
    let start = world.act(at(61), &Action::StartInstances(ids(&first))).map(drop).map_err(|error| error.code);
    assert_eq!(start, Err("VcpuLimitExceeded".to_string()));
}

#[test]
fn what_ec2_interrupted_it_alone_starts() {
    let mut world = world_with(WorldOptions::default());
    let id = run(&mut world, at(0), &request()).expect("launched");
    world.interrupt(at(10), &id);
    assert_eq!(world.instances(at(10))[0].instance.state, State::Pending, "only what runs is interrupted");
    world.interrupt(at(20), &id);
    let seen = world.instances(at(20)).remove(0).instance;
    assert_eq!((seen.state, seen.lifecycle.as_deref()), (State::Stopping, Some("spot")));
    world.resume(at(21), &id);
    for by_person in [false, true] {
        let start = if by_person {
            world.start(at(60), &id)
        } else {
            world.act(at(60), &Action::StartInstances(ids(&id))).map(drop)
        };
        assert_eq!(start.map_err(|error| error.code), Err("IncorrectSpotRequestState".to_string()));
    }
    world.resume(at(60), &id);
    assert_eq!(world.instances(at(80))[0].instance.state, State::Running);
    world.stop(at(90), &id).expect("running");
    assert!(world.start(at(120), &id).is_ok(), "a person stopped it this time");
}

/// "Terminate a Spot Instance" of the EC2 user guide.
#[test]
fn whoever_terminates_a_spot_instance_and_keeps_its_request_gets_another() {
    for (is_cancelled, live) in [(false, 1), (true, 0)] {
        let mut world = world_with(WorldOptions::default());
        let market = InstanceMarketOptions {
            market_type: "spot".to_string(),
            spot_options: SpotOptions {
                spot_instance_type: "persistent".to_string(),
                instance_interruption_behavior: "stop".to_string(),
            },
        };
        let id = run(&mut world, at(0), &RunInstances { instance_market_options: Some(market), ..request() })
            .expect("launched");
        if is_cancelled {
            world.cancel_spot_request(at(30), &id);
            assert_eq!(world.instances(at(30))[0].instance.state, State::Running, "it runs on");
        }
        world.terminate(at(30), &id).expect("running");
        let living: Vec<_> =
            world.instances(at(60)).into_iter().filter(|seen| seen.instance.state.is_live()).collect();
        assert_eq!(living.len(), live, "cancelled: {is_cancelled}");
        assert!(living.iter().all(|seen| seen.instance.id != id));
    }
}

#[test]
fn without_its_request_a_spot_instance_never_starts_again() {
    let mut world = world_with(WorldOptions::default());
    let id = run(&mut world, at(0), &request()).expect("launched");
    world.interrupt(at(20), &id);
    world.resume(at(60), &id);
    world.cancel_spot_request(at(90), &id);
    world.stop(at(90), &id).expect("running");
    let start = world.start(at(120), &id).map_err(|error| error.code);
    assert_eq!(start, Err("IncorrectSpotRequestState".to_string()));
}

#[test]
fn it_says_when_an_instance_came_up() {
    let mut world = world_with(WorldOptions::default());
    let id = run(&mut world, at(0), &request()).expect("launched");
    let booted = |world: &World, now| world.instances(at(now))[0].booted;
    assert_eq!([booted(&world, 19), booted(&world, 20)], [None, Some(at(20))]);
    world.reboot(at(30), &id).expect("running");
    assert_eq!(booted(&world, 30), Some(at(30)));
    world.stop(at(40), &id).expect("running");
    world.start(at(70), &id).expect("stopped");
    assert_eq!(booted(&world, 95), Some(at(90)));
}

#[test]
fn too_many_launches_at_once_are_refused() {
    let throttling = Some(Throttling::default());
    let mut world = world_with(WorldOptions { throttling, ..WorldOptions::default() });
    let launches: Vec<_> = (0..6).map(|_| run(&mut world, at(0), &request())).collect();
    assert!(launches[..5].iter().all(|launched| *launched == launches[0]), "{launches:?}");
    assert_eq!(launches[5], Err("RequestLimitExceeded".to_string()));
    assert!(run(&mut world, at(1), &request()).is_ok());
}

#[test]
fn a_planned_fault_meets_the_call_that_it_is_meant_for() {
    let mut world = world_with(WorldOptions::default());
    let launch = Which::Named("RunInstances");
    world.faults.next(launch, Fault::NotReached);
    world.faults.next(launch, Fault::AnswerLost);
    world.faults.next(launch, Fault::Refused("InternalError"));
    assert!(described(&mut world, at(0), "tag:pushbox:app", "my_app").is_empty());
    let lost = Err(Error::UNREACHABLE.to_string());
    assert_eq!(run(&mut world, at(0), &request()), lost);
    assert!(world.instances(at(0)).is_empty(), "it did not arrive");
    assert_eq!(run(&mut world, at(1), &request()), lost);
    assert_eq!(world.instances(at(1)).len(), 1, "it was done all the same");
    assert_eq!(run(&mut world, at(2), &request()), Err("InternalError".to_string()));
    assert!(run(&mut world, at(3), &request()).is_ok());
    world.faults.next(Which::Any, Fault::NotReached);
    world.faults.clear();
    assert!(run(&mut world, at(4), &request()).is_ok());
}
