//! `box.address = "elastic"`: the box gets the app's Elastic IP once it runs.

use super::*;
use crate::ec2::Address;

fn elastic() -> Setup {
    setup_with(r#", "box": {"address": "elastic"}"#)
}

fn a_box(state: State) -> Result<Reply, Error> {
    boxes(&[instance("i-1", state, "t4g.small", &[])])
}

fn address(allocation_id: &str, instance_id: Option<&str>) -> Address {
    Address {
        allocation_id: allocation_id.into(),
        public_ip: "203.0.113.9".into(),
        instance_id: instance_id.map(String::from),
    }
}

fn addresses(all: &[Address]) -> Result<Reply, Error> {
    Ok(Reply::Addresses(all.to_vec()))
}

const DONE: Result<Reply, Error> = Ok(Reply::Done);

#[test]
fn a_running_box_gets_it() {
    check(
        &elastic(),
        push(),
        vec![a_box(State::Running), DONE, addresses(&[address("eipalloc-1", None)])],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            DescribeAddresses
            AssociateAddress eipalloc-1 i-1
            202 accepted the box deploys refs/heads/main
        "#]],
    );
    // Another instance has it, or of several none is the box's: the first, so that everybody chooses the same.
    let theirs = [address("eipalloc-2", None), address("eipalloc-1", Some("i-other"))];
    check(
        &elastic(),
        push(),
        vec![a_box(State::Running), DONE, addresses(&theirs)],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            DescribeAddresses
            AssociateAddress eipalloc-1 i-1
            202 accepted the box deploys refs/heads/main
        "#]],
    );
}

#[test]
fn what_the_box_has_stays() {
    let told = expect![[r#"
        DescribeInstances
        CreateTags i-1 poke,commit,ref,delivery,script
        DescribeInstances
        DescribeAddresses
        202 accepted the box deploys refs/heads/main
    "#]];
    for state in [State::Running, State::Pending] {
        let has_it = addresses(&[address("eipalloc-1", Some("i-1"))]);
        check(&elastic(), push(), vec![a_box(state), DONE, has_it], &told);
    }
    // It stayed with the box while that was stopped.
    check(
        &elastic(),
        push(),
        vec![a_box(State::Stopped), DONE, DONE, addresses(&[address("eipalloc-1", Some("i-1"))])],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            StartInstances i-1
            DescribeAddresses
            202 accepted the box is started and deploys refs/heads/main
        "#]],
    );
}

#[test]
fn a_box_that_does_not_run_yet_gets_it_from_the_reconcile() {
    let launched = Ok(Reply::Instances(vec![instance("i-1", State::Pending, "t4g.small", &[])]));
    check(
        &elastic(),
        push(),
        vec![boxes(&[]), launched, DONE, addresses(&[address("eipalloc-1", None)])],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeAddresses
            Reconcile
            202 accepted a box is launched and deploys refs/heads/main; its Elastic IP follows once it runs
        "#]],
    );
    check(
        &elastic(),
        Goal::reconcile(NOW),
        vec![
            a_box(State::Pending),
            addresses(&[address("eipalloc-1", None)]),
            a_box(State::Pending),
            a_box(State::Running),
        ],
        &expect![[r#"
            DescribeInstances
            DescribeAddresses
            wait 3s
            DescribeInstances
            wait 3s
            DescribeInstances
            AssociateAddress eipalloc-1 i-1
            202 accepted the box runs
        "#]],
    );
    // A stopped box is started and waited for.
    check(
        &elastic(),
        Goal::reconcile(NOW),
        vec![
            a_box(State::Stopped),
            DONE,
            addresses(&[address("eipalloc-1", None)]),
            a_box(State::Pending),
            a_box(State::Running),
        ],
        &expect![[r#"
            DescribeInstances
            StartInstances i-1
            DescribeAddresses
            wait 3s
            DescribeInstances
            wait 3s
            DescribeInstances
            AssociateAddress eipalloc-1 i-1
            202 accepted the box is started and deploys refs/heads/main
        "#]],
    );
}

/// DescribeInstances can be ahead of AssociateAddress.
#[test]
fn a_box_that_ec2_does_not_find_running_is_looked_at_again() {
    check(
        &elastic(),
        push(),
        vec![
            a_box(State::Running),
            DONE,
            addresses(&[address("eipalloc-1", None)]),
            error("InvalidInstanceID"),
            a_box(State::Running),
        ],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            DescribeAddresses
            AssociateAddress eipalloc-1 i-1
            wait 200ms
            DescribeInstances
            AssociateAddress eipalloc-1 i-1
            202 accepted the box deploys refs/heads/main
        "#]],
    );
}

#[test]
fn without_one_it_is_said_what_to_do() {
    check(
        &elastic(),
        push(),
        vec![a_box(State::Running), DONE, addresses(&[])],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            DescribeAddresses
            202 accepted the box deploys refs/heads/main; box.address is elastic, and no Elastic IP carries the tag pushbox:app=my_app: allocate one, tag it, and POST /deploy
        "#]],
    );
    // Released between the two calls.
    check(
        &elastic(),
        push(),
        vec![
            a_box(State::Running),
            DONE,
            addresses(&[address("eipalloc-1", None)]),
            error("InvalidAllocationID.NotFound"),
            addresses(&[]),
        ],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            DescribeAddresses
            AssociateAddress eipalloc-1 i-1
            wait 200ms
            DescribeAddresses
            202 accepted the box deploys refs/heads/main; box.address is elastic, and no Elastic IP carries the tag pushbox:app=my_app: allocate one, tag it, and POST /deploy
        "#]],
    );
}

/// The push has reached the box: it is accepted. A reconcile fails, so that Lambda tries again.
#[test]
fn what_aws_forbids_is_said() {
    check(
        &elastic(),
        push(),
        vec![a_box(State::Running), DONE, a_box(State::Running), error("UnauthorizedOperation")],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            DescribeAddresses
            202 accepted the box deploys refs/heads/main; the box did not get its Elastic IP: AWS refused (UnauthorizedOperation)
        "#]],
    );
    check(
        &elastic(),
        Goal::reconcile(NOW),
        vec![a_box(State::Running), error("UnauthorizedOperation")],
        &expect![[r#"
            DescribeInstances
            DescribeAddresses
            503 failed AWS refused (UnauthorizedOperation); deliver again later
        "#]],
    );
}

#[test]
fn throttling_is_waited_out_or_handed_over() {
    let mut replies = vec![a_box(State::Running), DONE, a_box(State::Running)];
    replies.extend((0..100).map(|_| error("RequestLimitExceeded")));
    check(
        &elastic(),
        push(),
        replies,
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            DescribeAddresses
            wait 200ms
            DescribeAddresses
            wait 400ms
            DescribeAddresses
            wait 800ms
            DescribeAddresses
            wait 1.3s
            DescribeAddresses
            Reconcile
            202 accepted AWS needs more time (RequestLimitExceeded)
        "#]],
    );
}

#[test]
fn other_apps_make_no_call_for_it() {
    check(
        &setup_with(""),
        push(),
        vec![a_box(State::Running)],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            202 accepted the box deploys refs/heads/main
        "#]],
    );
}
