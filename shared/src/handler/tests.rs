mod addresses;
mod deadline;
mod pure;
mod routes;
mod spot;
mod status;
mod wake;

use std::collections::VecDeque;
use std::time::Duration;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::run::{World, run};
use super::*;
use crate::checked;
use crate::ec2::{Call, Error, Instance, Reply, State, Tag};
use crate::http::{Headers, Request, Response};
use crate::protocol::launch::{self, Offer};
use crate::protocol::mailbox::{APP, DELIVERY, Mailbox, POKE, SPEC};
use crate::secrets::Secrets;
use crate::setup::Setup;

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

fn setup_with(more: &str) -> Setup {
    let text = format!(r#"{{"app": "my_app", "repo": {{"url": "https://github.com/usil/foo.git"}}{more}}}"#);
    Setup {
        config: checked::load(text.as_bytes()).unwrap(),
        secrets: Secrets::new("s3cret", Some("admin")),
        ..Setup::default()
    }
}

fn instance(id: &str, state: State, instance_type: &str, tags: &[(&str, &str)]) -> Instance {
    Instance {
        id: id.into(),
        state,
        instance_type: instance_type.into(),
        launched: NOW,
        tags: tags.iter().map(|(key, value)| Tag::new(key, *value)).collect(),
        public_ip: None,
        lifecycle: None,
    }
}

fn error(code: &str) -> Result<Reply, Error> {
    Err(Error::new(code, "said EC2"))
}

/// What is done in words, when EC2 answers with these replies in this order; a call without a reply left succeeds, and
/// a look without one of its own sees what the last look saw.
#[track_caller]
fn check(setup: &Setup, goal: Goal, replies: Vec<Result<Reply, Error>>, expected: &Expect) {
    let mut handler = Handler { work: Work::converge(goal), ..Handler::new(setup, &Input::Reconcile, NOW) };
    expected.assert_eq(&drive(&mut handler, replies));
}

fn drive(handler: &mut Handler<'_>, replies: Vec<Result<Reply, Error>>) -> String {
    drive_from(handler, replies, NOW)
}

fn drive_from(handler: &mut Handler<'_>, replies: Vec<Result<Reply, Error>>, now: UnixTime) -> String {
    let mut world = Told::new(replies, now);
    let response = run(handler, &mut world);
    let body: Value = serde_json::from_str(&response.body).unwrap();
    let said = format!("{} {} {}", response.status, body["result"], body["reason"]);
    world.story + &said.replace('"', "") + "\n"
}

/// A world that is told what to reply, and tells what happened, a line each.
struct Told {
    replies: VecDeque<Result<Reply, Error>>,
    /// By the last look.
    seen: Reply,
    clock: UnixTime,
    story: String,
    calls: usize,
}

impl Told {
    fn new(replies: Vec<Result<Reply, Error>>, now: UnixTime) -> Told {
        let seen = Reply::Instances(Vec::new());
        Told { replies: replies.into(), seen, clock: now, story: String::new(), calls: 0 }
    }

    fn tell(&mut self, words: &str) {
        self.story.push_str(words.trim_end());
        self.story.push('\n');
        self.clock += Duration::from_millis(20);
        assert!(self.story.lines().count() < 1_000, "it does not end:\n{}", self.story);
    }
}

impl World for Told {
    fn now(&self) -> UnixTime {
        self.clock
    }

    fn call(&mut self, call: Call, _: Duration) -> Result<Reply, Error> {
        self.calls += 1;
        let looks = matches!(call, Call::DescribeInstances(_));
        let unplanned = || Ok(if looks { self.seen.clone() } else { success(&call) });
        let is_for_it =
            |reply: &mut Result<Reply, Error>| !looks || matches!(reply, Err(_) | Ok(Reply::Instances(_)));
        let reply = self.replies.pop_front_if(is_for_it).unwrap_or_else(unplanned);
        if let (true, Ok(found)) = (looks, &reply) {
            self.seen = found.clone();
        }
        self.tell(&words_of(&call));
        reply
    }

    fn reconcile(&mut self, _: Duration) -> Result<(), Error> {
        self.tell("Reconcile");
        Ok(())
    }

    fn wait(&mut self, time: Duration) {
        self.clock += time;
        self.tell(&format!("wait {time:?}"));
    }
}

fn success(call: &Call) -> Reply {
    match call {
        Call::DescribeInstances(_) => Reply::Instances(Vec::new()),
        Call::DescribeAddresses(_) => Reply::Addresses(Vec::new()),
        Call::GetConsoleOutput(_) => Reply::Console(String::new()),
        Call::RunInstances(launch) => {
            Reply::Instances(vec![instance("i-new", State::Pending, &launch.instance_type, &[])])
        }
        _ => Reply::Done,
    }
}

fn words_of(call: &Call) -> String {
    match call {
        Call::DescribeInstances(_) => "DescribeInstances".into(),
        Call::RunInstances(launch) => {
            let market = launch.instance_market_options.as_ref().map_or("", |_| " spot");
            format!("RunInstances {}{market} {}", launch.instance_type, launch.client_token.split_at(6).0)
        }
        Call::CreateTags(tags) => {
            let keys: Vec<&str> =
                tags.tags.iter().map(|tag| tag.key.trim_start_matches("pushbox:")).collect();
            format!("CreateTags {} {}", tags.resources.join(" "), keys.join(","))
        }
        Call::StartInstances(which) => format!("StartInstances {}", which.instance_ids.join(" ")),
        Call::RebootInstances(which) => format!("RebootInstances {}", which.instance_ids.join(" ")),
        Call::GetConsoleOutput(which) => {
            format!("GetConsoleOutput {} latest={}", which.instance_id, which.latest)
        }
        Call::DescribeAddresses(_) => "DescribeAddresses".into(),
        Call::AssociateAddress(which) => {
            format!("AssociateAddress {} {}", which.allocation_id, which.instance_id)
        }
    }
}

fn boxes(instances: &[Instance]) -> Result<Reply, Error> {
    Ok(Reply::Instances(instances.to_vec()))
}

fn push() -> Goal {
    let mailbox = Mailbox {
        poke: "1700000000".into(),
        commit: "c".repeat(40),
        ref_name: Some("refs/heads/main".into()),
        delivery: "d-1".into(),
        script: "s".repeat(64),
    };
    Goal::deliver(mailbox, NOW)
}

#[test]
fn no_box_launches_one() {
    check(
        &setup_with(""),
        push(),
        vec![],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            CreateTags i-new poke,commit,ref,delivery,script
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
}

#[test]
fn a_dead_box_is_no_box() {
    let dead = [
        instance("i-1", State::Terminated, "t4g.small", &[]),
        instance("i-2", State::ShuttingDown, "t4g.small", &[]),
    ];
    check(
        &setup_with(""),
        push(),
        vec![boxes(&dead)],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            CreateTags i-new poke,commit,ref,delivery,script
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
}

#[test]
fn a_pending_or_running_box_gets_the_mailbox() {
    let pending = boxes(&[instance("i-1", State::Pending, "t4g.small", &[])]);
    check(
        &setup_with(""),
        push(),
        vec![pending],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            202 accepted the box deploys refs/heads/main
        "#]],
    );
    let running = boxes(&[instance("i-1", State::Running, "t4g.small", &[])]);
    check(
        &setup_with(""),
        push(),
        vec![running],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            202 accepted the box deploys refs/heads/main
        "#]],
    );
}

#[test]
fn a_running_box_is_rebooted_on_xen_and_where_the_config_says_so() {
    let xen = boxes(&[instance("i-1", State::Running, "t2.micro", &[])]);
    check(
        &setup_with(r#", "box": {"types": ["t2.micro"]}"#),
        push(),
        vec![xen],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            RebootInstances i-1
            202 accepted the box reboots and deploys refs/heads/main
        "#]],
    );
    let nitro = boxes(&[instance("i-1", State::Running, "t4g.small", &[])]);
    check(
        &setup_with(r#", "deploy": "reboot""#),
        push(),
        vec![nitro],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            RebootInstances i-1
            202 accepted the box reboots and deploys refs/heads/main
        "#]],
    );
}

#[test]
fn a_stopped_box_is_started() {
    let seen = boxes(&[instance("i-1", State::Stopped, "t4g.small", &[])]);
    check(
        &setup_with(""),
        push(),
        vec![seen],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            StartInstances i-1
            202 accepted the box is started and deploys refs/heads/main
        "#]],
    );
}

#[test]
fn a_stopping_box_is_handed_over_and_started_by_the_reconcile() {
    let stopping = || boxes(&[instance("i-1", State::Stopping, "t4g.small", &[])]);
    let stopped = || boxes(&[instance("i-1", State::Stopped, "t4g.small", &[])]);
    check(
        &setup_with(""),
        push(),
        vec![stopping()],
        &expect![[r#"
        DescribeInstances
        CreateTags i-1 poke,commit,ref,delivery,script
        Reconcile
        202 accepted the box is stopping; it is started again once it has stopped
    "#]],
    );
    check(
        &setup_with(""),
        Goal::reconcile(NOW),
        vec![stopping(), stopping(), stopped()],
        &expect![[r#"
            DescribeInstances
            wait 3s
            DescribeInstances
            wait 3s
            DescribeInstances
            StartInstances i-1
            202 accepted the box is started and deploys refs/heads/main
        "#]],
    );
}

#[test]
fn a_reconcile_leaves_a_running_box_alone() {
    let running = boxes(&[instance("i-1", State::Running, "t4g.small", &[])]);
    check(
        &setup_with(r#", "deploy": "reboot""#),
        Goal::reconcile(NOW),
        vec![running],
        &expect![[r#"
            DescribeInstances
            202 accepted the box runs
        "#]],
    );
}

#[test]
fn of_two_boxes_the_oldest_is_the_box() {
    let mut older = instance("i-2", State::Running, "t4g.small", &[]);
    older.launched = older.launched - Duration::from_secs(60);
    let seen = boxes(&[instance("i-1", State::Running, "t4g.small", &[]), older]);
    check(
        &setup_with(""),
        push(),
        vec![seen],
        &expect![[r#"
            DescribeInstances
            CreateTags i-2 poke,commit,ref,delivery,script
            DescribeInstances
            202 accepted the box deploys refs/heads/main; the box is i-2; terminate the others of this app: i-1
        "#]],
    );
}

#[test]
fn changed_launch_settings_are_said() {
    let seen = boxes(&[instance("i-1", State::Running, "t4g.small", &[(SPEC, "of another day")])]);
    check(
        &setup_with(""),
        push(),
        vec![seen],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            202 accepted the box deploys refs/heads/main; launch settings (type, disk, image, …) changed; they take effect with a new box
        "#]],
    );
}

#[test]
fn a_replayed_delivery_does_not_reboot_again() {
    let seen = boxes(&[instance("i-1", State::Running, "t4g.small", &[(DELIVERY, "d-1")])]);
    check(
        &setup_with(r#", "deploy": "reboot""#),
        push(),
        vec![seen.clone()],
        &expect![[r#"
        DescribeInstances
        200 ignored delivery d-1 has rebooted the box already
    "#]],
    );
    // Where nothing reboots, sending it again is harmless.
    check(
        &setup_with(""),
        push(),
        vec![seen],
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            DescribeInstances
            202 accepted the box deploys refs/heads/main
        "#]],
    );
}

#[test]
fn without_capacity_the_next_type_is_tried() {
    let setup = setup_with(r#", "box": {"types": ["t4g.small", "t3.small"]}"#);
    check(
        &setup,
        push(),
        vec![boxes(&[]), error("InsufficientInstanceCapacity")],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 262e94
            DescribeInstances
            RunInstances t3.small 0db6e0
            CreateTags i-new poke,commit,ref,delivery,script
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
    let nothing = || error("InsufficientInstanceCapacity");
    check(
        &setup,
        push(),
        vec![boxes(&[]), nothing(), boxes(&[]), nothing()],
        &expect![[r#"
        DescribeInstances
        RunInstances t4g.small 262e94
        DescribeInstances
        RunInstances t3.small 0db6e0
        Reconcile
        202 accepted AWS needs more time (InsufficientInstanceCapacity)
    "#]],
    );
    // When the first type has its turn again, its used token is not tried once more: with another script it would be waited
    // for a minute each time.
    let used = || error("IdempotentInstanceTerminated");
    check(
        &setup,
        Goal::reconcile(NOW),
        vec![boxes(&[]), used(), nothing(), boxes(&[]), nothing()],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 262e94
            RunInstances t4g.small 3e126b
            DescribeInstances
            RunInstances t3.small 0db6e0
            wait 5s
            DescribeInstances
            RunInstances t4g.small 3e126b
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
    // Somebody else had better luck meanwhile.
    let theirs = boxes(&[instance("i-theirs", State::Pending, "t4g.small", &[])]);
    check(
        &setup,
        push(),
        vec![boxes(&[]), nothing(), theirs],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 262e94
            DescribeInstances
            CreateTags i-theirs poke,commit,ref,delivery,script
            DescribeInstances
            202 accepted the box deploys refs/heads/main
        "#]],
    );
}

#[test]
fn the_token_of_a_terminated_box_is_used_up() {
    let setup = setup_with("");
    check(
        &setup,
        push(),
        vec![boxes(&[]), error("IdempotentInstanceTerminated")],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            RunInstances t4g.small d1f2f5
            CreateTags i-new poke,commit,ref,delivery,script
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
    let gone = boxes(&[instance("i-old", State::Terminated, "t4g.small", &[])]);
    check(
        &setup,
        push(),
        vec![boxes(&[]), gone],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            RunInstances t4g.small d1f2f5
            CreateTags i-new poke,commit,ref,delivery,script
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
}

#[test]
fn another_launch_under_way_is_waited_for() {
    let theirs = boxes(&[instance("i-theirs", State::Pending, "t4g.small", &[])]);
    check(
        &setup_with(""),
        push(),
        vec![boxes(&[]), error("IdempotentParameterMismatch"), theirs],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            wait 200ms
            DescribeInstances
            CreateTags i-theirs poke,commit,ref,delivery,script
            DescribeInstances
            202 accepted the box deploys refs/heads/main
        "#]],
    );
}

#[test]
fn a_new_box_is_not_visible_at_once() {
    let launched = Ok(success(&Call::RunInstances(Box::new(launch::run_instances(
        &setup_with(""),
        Offer::on_demand("t4g.small"),
        0,
    )))));
    check(
        &setup_with(""),
        push(),
        vec![boxes(&[]), launched, error("InvalidInstanceID.NotFound"), boxes(&[])],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            CreateTags i-new poke,commit,ref,delivery,script
            wait 200ms
            DescribeInstances
            CreateTags i-new poke,commit,ref,delivery,script
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
}

#[test]
fn throttling_is_waited_out_within_the_deadline() {
    check(
        &setup_with(""),
        push(),
        vec![error("RequestLimitExceeded"), boxes(&[])],
        &expect![[r#"
            DescribeInstances
            wait 200ms
            DescribeInstances
            RunInstances t4g.small 213dab
            CreateTags i-new poke,commit,ref,delivery,script
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
    let throttled: Vec<_> = (0..100).map(|_| error("RequestLimitExceeded")).collect();
    check(
        &setup_with(""),
        push(),
        throttled,
        &expect![[r#"
            DescribeInstances
            wait 200ms
            DescribeInstances
            wait 400ms
            DescribeInstances
            wait 800ms
            DescribeInstances
            wait 1.36s
            DescribeInstances
            503 failed AWS refused (RequestLimitExceeded); deliver again later
        "#]],
    );
}

#[test]
fn what_reached_the_mailbox_is_handed_over() {
    let stopped = boxes(&[instance("i-1", State::Stopped, "t4g.small", &[])]);
    let mut replies = vec![stopped, Ok(Reply::Done)];
    replies.extend((0..100).map(|_| error("RequestLimitExceeded")));
    check(
        &setup_with(""),
        push(),
        replies,
        &expect![[r#"
            DescribeInstances
            CreateTags i-1 poke,commit,ref,delivery,script
            StartInstances i-1
            wait 200ms
            StartInstances i-1
            wait 400ms
            StartInstances i-1
            wait 800ms
            StartInstances i-1
            wait 1.32s
            StartInstances i-1
            Reconcile
            202 accepted AWS needs more time (RequestLimitExceeded)
        "#]],
    );
}

#[test]
fn a_reboot_that_failed_may_be_delivered_again() {
    let running = boxes(&[instance("i-1", State::Running, "t4g.small", &[])]);
    let replies = vec![running, Ok(Reply::Done), error("UnauthorizedOperation")];
    check(
        &setup_with(r#", "deploy": "reboot""#),
        push(),
        replies,
        &expect![[r#"
        DescribeInstances
        CreateTags i-1 poke,commit,ref,delivery,script
        RebootInstances i-1
        CreateTags i-1 delivery
        503 failed AWS refused (UnauthorizedOperation); deliver again later
    "#]],
    );
}

#[test]
fn what_aws_forbids_is_a_503_and_names_the_code() {
    check(
        &setup_with(""),
        push(),
        vec![error("UnauthorizedOperation")],
        &expect![[r#"
        DescribeInstances
        503 failed AWS refused (UnauthorizedOperation); deliver again later
    "#]],
    );
}

/// Whoever rings at a box that goes down at that moment has told nobody.
#[test]
fn a_box_that_goes_down_between_look_and_bell_is_noticed() {
    for (then, expected) in [
        (
            State::Stopping,
            expect![[r#"
                DescribeInstances
                CreateTags i-1 poke,commit,ref,delivery,script
                DescribeInstances
                Reconcile
                202 accepted the box is stopping; it is started again once it has stopped
            "#]],
        ),
        (
            State::Stopped,
            expect![[r#"
                DescribeInstances
                CreateTags i-1 poke,commit,ref,delivery,script
                DescribeInstances
                StartInstances i-1
                202 accepted the box is started and deploys refs/heads/main
            "#]],
        ),
        (
            State::Terminated,
            expect![[r#"
                DescribeInstances
                CreateTags i-1 poke,commit,ref,delivery,script
                DescribeInstances
                RunInstances t4g.small 213dab
                CreateTags i-new poke,commit,ref,delivery,script
                202 accepted a box is launched and deploys refs/heads/main
            "#]],
        ),
    ] {
        let at = |state| boxes(&[instance("i-1", state, "t4g.small", &[])]);
        check(&setup_with(""), push(), vec![at(State::Running), Ok(Reply::Done), at(then)], &expected);
    }
}
