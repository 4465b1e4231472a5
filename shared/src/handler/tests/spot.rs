//! `box.spot`: what is asked for, what comes after it, and what EC2 alone can do.

use super::*;
use crate::protocol::launch;

fn spot(how: &str) -> Setup {
    setup_with(&format!(r#", "box": {{"types": ["t4g.small", "t3.small"], "spot": "{how}"}}"#))
}

fn no_room() -> Result<Reply, Error> {
    error("InsufficientInstanceCapacity")
}

#[test]
fn a_spot_launch_can_be_stopped_and_is_found_by_its_tag() {
    let setup = spot("only");
    let launch = launch::run_instances(&setup, launch::offers(&setup.config)[0], 0);
    let tagged: Vec<&str> = launch.tag_specifications.iter().map(|one| one.resource_type.as_str()).collect();
    assert_eq!(tagged, ["instance", "volume", "spot-instances-request"]);
    expect![[r#"{"MarketType":"spot","SpotOptions":{"SpotInstanceType":"persistent","InstanceInterruptionBehavior":"stop"}}"#]].assert_eq(&serde_json::to_string(&launch.instance_market_options).unwrap());
}

#[test]
fn on_demand_is_another_token_and_another_spec() {
    let token = |how: &str, at: usize| {
        let setup = spot(how);
        launch::run_instances(&setup, launch::offers(&setup.config)[at], 0).client_token
    };
    assert_ne!(token("fallback", 0), token("fallback", 2), "the same type, as spot and on demand");
    let specs = ["off", "only", "fallback"].map(|how| launch::spec(&spot(how)));
    assert!(specs[0] != specs[1] && specs[1] != specs[2] && specs[0] != specs[2], "{specs:?}");
}

#[test]
fn only_never_falls_back() {
    check(
        &spot("only"),
        push(),
        vec![boxes(&[]), no_room(), boxes(&[]), error("MaxSpotInstanceCountExceeded")],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small spot 6baa6c
            DescribeInstances
            RunInstances t3.small spot 399663
            Reconcile
            202 accepted AWS needs more time (MaxSpotInstanceCountExceeded)
        "#]],
    );
}

#[test]
fn fallback_takes_every_type_as_spot_first() {
    check(
        &spot("fallback"),
        push(),
        vec![],
        &expect![[r#"
        DescribeInstances
        RunInstances t4g.small spot 0647fc
        CreateTags i-new poke,commit,ref,delivery,script
        202 accepted a box is launched and deploys refs/heads/main
    "#]],
    );
    check(
        &spot("fallback"),
        push(),
        vec![boxes(&[]), no_room(), boxes(&[]), error("SpotMaxPriceTooLow"), boxes(&[]), no_room()],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small spot 0647fc
            DescribeInstances
            RunInstances t3.small spot 961531
            DescribeInstances
            RunInstances t4g.small f7f063
            DescribeInstances
            RunInstances t3.small 9b5566
            CreateTags i-new poke,commit,ref,delivery,script
            202 accepted a box is launched and deploys refs/heads/main; EC2 has no room for a spot box, so this one is on demand
        "#]],
    );
}

/// Not "no room": on demand would hide for good that the account cannot have spot boxes.
#[test]
fn what_is_missing_in_the_account_is_said() {
    check(
        &spot("fallback"),
        push(),
        vec![boxes(&[]), error("AuthFailure.ServiceLinkedRoleCreationNotPermitted")],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small spot 0647fc
            503 failed AWS refused (AuthFailure.ServiceLinkedRoleCreationNotPermitted); deliver again later
        "#]],
    );
}

#[test]
fn a_box_that_ec2_stopped_is_left_to_ec2() {
    let stopped = || boxes(&[instance("i-1", State::Stopped, "t4g.small", &[])]);
    let interrupted = || error("IncorrectSpotRequestState");
    check(
        &spot("only"),
        push(),
        vec![stopped(), Ok(Reply::Done), interrupted()],
        &expect![[r#"
        DescribeInstances
        CreateTags i-1 poke,commit,ref,delivery,script
        StartInstances i-1
        202 accepted EC2 stopped this spot box and alone can start it; it deploys when it is back
    "#]],
    );
    check(
        &spot("only"),
        Goal::reconcile(NOW),
        vec![stopped(), interrupted()],
        &expect![[r#"
        DescribeInstances
        StartInstances i-1
        202 accepted EC2 stopped this spot box and alone can start it; it deploys when it is back
    "#]],
    );
}

/// As any other box: its request is disabled, and starting it enables that again.
#[test]
fn a_box_that_a_person_stopped_is_started() {
    let stopped = boxes(&[instance("i-1", State::Stopped, "t4g.small", &[])]);
    check(
        &spot("only"),
        push(),
        vec![stopped],
        &expect![[r#"
        DescribeInstances
        CreateTags i-1 poke,commit,ref,delivery,script
        StartInstances i-1
        202 accepted the box is started and deploys refs/heads/main
    "#]],
    );
}

#[test]
fn limits_are_no_room_either() {
    for code in ["InstanceLimitExceeded", "VcpuLimitExceeded", "MaxSpotInstanceCountExceeded"] {
        let setup = setup_with(r#", "box": {"types": ["t4g.small", "t3.small"]}"#);
        let mut handler =
            Handler { work: Work::converge(push()), ..Handler::new(&setup, &Input::Reconcile, NOW) };
        let story = drive(&mut handler, vec![boxes(&[]), error(code)]);
        let looked_again = "DescribeInstances\nRunInstances t4g.small 262e94\nDescribeInstances\nRunInstances t3.small 0db6e0\n";
        assert!(story.starts_with(looked_again), "{code}: {story}");
    }
}

/// A token that is used up for one offer says nothing of the next one's.
#[test]
fn each_offer_counts_its_own_tokens() {
    let used_up = error("IdempotentInstanceTerminated");
    check(
        &spot("off"),
        push(),
        vec![boxes(&[]), used_up, no_room(), boxes(&[])],
        &expect![[r#"
        DescribeInstances
        RunInstances t4g.small 262e94
        RunInstances t4g.small 3e126b
        DescribeInstances
        RunInstances t3.small 0db6e0
        CreateTags i-new poke,commit,ref,delivery,script
        202 accepted a box is launched and deploys refs/heads/main
    "#]],
    );
}
