//! Whether the policy that pushbox exports allows what pushbox does and nothing else, and whether policies are read
//! strictly.

use pushbox_shared::checked;
use pushbox_shared::config;
use pushbox_shared::ec2::{
    AssociateAddress, Call, CreateTags, DescribeAddresses, GetConsoleOutput, Instances, RunInstances, Tag,
    TagSpecification,
};
use pushbox_shared::export::policy::policy;
use pushbox_shared::protocol::launch::{offers, run_instances};
use pushbox_shared::setup::Setup;
use pushbox_shared::unix_time::UnixTime;

use super::*;
use crate::{Action, AllocateAddress, Answer, World, WorldOptions};

/// Makes another launch of one that is allowed.
type Change<'a> = &'a dyn Fn(&mut RunInstances);

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

fn setup_with(more: &str) -> Setup {
    let text = format!(r#"{{"app": "my_app", "repo": {{"url": "https://github.com/usil/foo.git"}}{more}}}"#);
    Setup { config: checked::load(text.as_bytes()).expect("a config"), ..Setup::default() }
}

/// A world in which the function of that setup may do what its policy says.
fn world_of(setup: &Setup) -> World {
    let policy = Policy::parse(&policy(setup, ACCOUNT)).expect("it is understood");
    World::new(WorldOptions {
        boot_seconds: 0,
        stop_seconds: 0,
        policy: Some(policy),
        ..WorldOptions::default()
    })
}

/// The code of the refusal, or "ok".
fn outcome(world: &mut World, action: &Action) -> String {
    world.act(NOW, action).map_or_else(|error| error.code, |_| "ok".to_string())
}

fn launch(setup: &Setup) -> RunInstances {
    run_instances(setup, offers(&setup.config)[0], 0)
}

fn run(request: RunInstances) -> Action {
    Action::RunInstances(Box::new(request))
}

fn tag(id: &str, tags: &[(&str, &str)]) -> Action {
    let tags = tags.iter().map(|(key, value)| Tag::new(key, *value)).collect();
    Action::CreateTags(CreateTags { resources: vec![id.to_string()], tags })
}

fn only(id: &str) -> Instances {
    Instances { instance_ids: vec![id.to_string()] }
}

const MAILBOX: [(&str, &str); 5] = [
    ("pushbox:poke", "1"),
    ("pushbox:commit", "c"),
    ("pushbox:ref", "r"),
    ("pushbox:delivery", "d"),
    ("pushbox:script", "s"),
];

#[test]
fn the_function_may_launch_what_its_config_says() {
    for more in [
        "",
        r#", "box": {"types": ["t3.micro", "t4g.small"], "image": "debian-13", "region": "eu-central-1"}"#,
        r#", "box": {"region": "cn-north-1", "key_name": "me"}"#,
        r#", "box": {"subnet": "subnet-0123456789abcdef0", "security_groups": ["sg-0123456789abcdef0", "sg-01234567"]}"#,
        r#", "box": {"instance_profile": "my_profile", "region": "us-gov-west-1"}"#,
        r#", "box": {"spot": "fallback"}"#,
    ] {
        let setup = setup_with(more);
        let region = setup.config.box_.region.clone();
        let policy = Policy::parse(&policy(&setup, ACCOUNT)).expect("it is understood");
        let mut world = World::new(WorldOptions { region, policy: Some(policy), ..WorldOptions::default() });
        for offer in offers(&setup.config) {
            let answer = world.call(NOW, &Call::RunInstances(Box::new(run_instances(&setup, offer, 0))));
            assert!(answer.is_ok(), "{more} {offer:?}: {answer:?}");
        }
    }
}

#[test]
fn the_function_may_launch_nothing_else() {
    let setup = setup_with("");
    let mut world = world_of(&setup);
    let mut try_with = |change: &dyn Fn(&mut RunInstances)| {
        let mut request = launch(&setup);
        change(&mut request);
        outcome(&mut world, &run(request))
    };
    assert_eq!(try_with(&|_| {}), "ok");
    let other = |request: &mut RunInstances, index: usize, value: &str| {
        for tag in &mut request.tag_specifications[index].tags {
            if tag.key == "pushbox:app" {
                tag.value = value.to_string();
            }
        }
    };
    let changes: [(&str, Change<'_>); 9] = [
        ("no tags", &|r| r.tag_specifications.clear()),
        ("no tag on the instance", &|r| drop(r.tag_specifications.remove(0))),
        ("no tag on the volume", &|r| drop(r.tag_specifications.remove(1))),
        ("the tag of another app", &|r| other(r, 0, "other")),
        ("the tag of another app on the volume", &|r| other(r, 1, "other")),
        ("a dear type", &|r| r.instance_type = "c7g.metal".into()),
        ("IMDSv1", &|r| r.metadata_options.http_tokens = "optional".into()),
        ("a key pair", &|r| r.key_name = Some("mine".into())),
        ("a role", &|r| {
            r.iam_instance_profile = Some(pushbox_shared::ec2::IamInstanceProfile { name: "admin".into() });
        }),
    ];
    for (what, change) in changes {
        assert_eq!(try_with(change), "UnauthorizedOperation", "{what}");
    }
}

#[test]
fn another_group_subnet_role_or_image_parameter_is_refused() {
    let more = r#", "box": {"subnet": "subnet-0123456789abcdef0", "security_groups": ["sg-0123456789abcdef0"],
                   "instance_profile": "my_profile"}"#;
    let setup = setup_with(more);
    let changes: [Change<'_>; 4] = [
        &|r| r.network_interfaces[0].groups.push("sg-11111111".into()),
        &|r| r.network_interfaces[0].subnet_id = None,
        &|r| r.iam_instance_profile = Some(pushbox_shared::ec2::IamInstanceProfile { name: "admin".into() }),
        &|r| {
            r.image_id =
                "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64".into();
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut request = launch(&setup);
        change(&mut request);
        let asks = ask::asks(&run(request), "us-east-1", |_| None);
        let policy = Policy::parse(&policy(&setup, ACCOUNT)).expect("it is understood");
        assert_eq!(asks.iter().filter(|ask| !policy.allows(ask)).count(), 1, "change {number}");
    }
}

#[test]
fn the_function_may_use_its_own_box_alone() {
    let setup = setup_with("");
    let mut world = world_of(&setup);
    let own = world.launch(NOW, launch(&setup)).expect("a launch");
    let bare = RunInstances { tag_specifications: Vec::new(), client_token: "bare".into(), ..launch(&setup) };
    let bare = world.launch(NOW, bare).expect("a launch");
    let foreign =
        Setup { config: config::Config { app: "my_app2".into(), ..setup.config.clone() }, ..setup.clone() };
    let foreign = world.launch(NOW, launch(&foreign)).expect("a launch");
    for (id, expected) in
        [(&own, "ok"), (&bare, "UnauthorizedOperation"), (&foreign, "UnauthorizedOperation")]
    {
        let console = GetConsoleOutput { instance_id: id.clone(), latest: true };
        for action in [
            tag(id, &MAILBOX),
            tag(id, &MAILBOX[3..4]),
            Action::StartInstances(only(id)),
            Action::RebootInstances(only(id)),
            Action::GetConsoleOutput(console),
        ] {
            assert_eq!(outcome(&mut world, &action), expected, "{action:?}");
        }
    }
    let both = Action::StartInstances(Instances { instance_ids: vec![own.clone(), foreign.clone()] });
    assert_eq!(outcome(&mut world, &both), "UnauthorizedOperation", "one of two is not enough");
    for never in [
        tag(&own, &[]),
        tag(&own, &[("pushbox:app", "my_app")]),
        tag(&own, &[("pushbox:app", "other")]),
        tag(&own, &[("pushbox:spec", "x")]),
        tag(&own, &[("Name", "x")]),
        tag(&own, &[("pushbox:poke", "1"), ("pushbox:app", "my_app")]),
        tag(&foreign, &[("pushbox:app", "my_app")]),
        Action::StopInstances(only(&own)),
        Action::TerminateInstances(only(&own)),
    ] {
        assert_eq!(outcome(&mut world, &never), "UnauthorizedOperation", "{never:?}");
    }
    for seen in world.instances(NOW) {
        let poked = seen.instance.tag("pushbox:poke").is_some();
        assert_eq!(poked, seen.instance.id == own, "a refused call changes nothing");
    }
}

/// Counting wakes is for those whose box sleeps.
#[test]
fn the_count_of_wakes_is_written_with_sleep_alone() {
    for (more, expected) in
        [("", "UnauthorizedOperation"), (r#", "sleep": {"after_idle_minutes": 30}"#, "ok")]
    {
        let setup = setup_with(more);
        let mut world = world_of(&setup);
        let own = world.launch(NOW, launch(&setup)).expect("a launch");
        let count = tag(&own, &[("pushbox:wakes", "2026-11-23:1@1795435200")]);
        assert_eq!(outcome(&mut world, &count), expected, "{more}");
        let with_another = tag(&own, &[("pushbox:wakes", "x"), ("pushbox:app", "my_app")]);
        assert_eq!(outcome(&mut world, &with_another), "UnauthorizedOperation");
    }
}

#[test]
fn who_names_nobody_hears_so_and_not_that_it_is_forbidden() {
    let mut world = world_of(&setup_with(""));
    assert_eq!(outcome(&mut world, &tag("i-0123456789abcdef0", &MAILBOX)), "InvalidInstanceID.NotFound");
    assert_eq!(outcome(&mut world, &Action::StartInstances(only("box"))), "InvalidInstanceID.Malformed");
}

#[test]
fn a_policy_that_is_not_understood_is_refused() {
    let statement = |more: &str| {
        let start = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "S", "Effect": "Allow", "#;
        Policy::parse(&format!("{start}{more}}}]}}")).map(drop)
    };
    let of_all = |more: &str| statement(&format!(r#""Action": "ec2:*", "Resource": "*"{more}"#));
    assert_eq!(of_all(""), Ok(()));
    for (found, said) in [
        (Policy::parse("{").map(drop), "not JSON"),
        (Policy::parse(r#"{"Version": "2008-10-17", "Statement": []}"#).map(drop), "2012-10-17"),
        (Policy::parse(r#"{"Version": "2012-10-17"}"#).map(drop), "Statement"),
        (of_all(r#", "NotAction": "ec2:RunInstances""#), "NotAction is not modelled"),
        (of_all(r#", "Principal": "*""#), "Principal is not modelled"),
        (of_all(r#", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#), "operator IpAddress"),
        (
            of_all(r#", "Condition": {"StringEqualsIfExists": {"ec2:InstanceType": "x"}}"#),
            "StringEqualsIfExists",
        ),
        (of_all(r#", "Condition": {"StringEquals": {"aws:SourceIp": "x"}}"#), "key aws:SourceIp"),
        (of_all(r#", "Condition": {"StringEquals": {"aws:RequestTag/": "x"}}"#), "key aws:RequestTag/"),
        (of_all(r#", "Condition": {"StringEquals": {"aws:TagKeys": "x"}}"#), "many values"),
        (of_all(r#", "Condition": {"Null": {"aws:TagKeys": "no"}}"#), "true or false"),
        (of_all(r#", "Condition": {"StringEquals": {"aws:ResourceTag/a": "${aws:username}"}}"#), "variables"),
        (of_all(r#", "Condition": {"StringEquals": {"aws:ResourceTag/a": []}}"#), "a list of texts"),
        (statement(r#""Action": "RunInstances", "Resource": "*""#), "is no action"),
        (statement(r#""Action": "ec2:*", "Resource": "instance/*""#), "is no ARN"),
        (statement(r#""Action": "ec2:*""#), "Resource"),
        (statement(r#""Resource": "*""#), "Action"),
    ] {
        let error = found.expect_err(said);
        assert!(error.contains(said), "{said} in {error}");
    }
}

#[test]
fn conditions_hold_as_iam_says() {
    let holds = |condition: &str, context: &[(&str, &[&str])]| {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "EC2:create*", "Resource": "*",
                "Condition": {condition}}}}}"#
        );
        let context = context
            .iter()
            .map(|(key, values)| ((*key).to_string(), values.iter().map(ToString::to_string).collect()));
        let ask = Ask {
            action: "ec2:CreateTags",
            resource: "arn:aws:ec2:r:a:b".into(),
            context: context.collect(),
        };
        Policy::parse(&text).expect(condition).allows(&ask)
    };
    const KEYS: &str = r#"{"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}"#;
    const SOME: &str =
        r#"{"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}, "Null": {"aws:TagKeys": "false"}}"#;
    const TYPE: &str = r#"{"StringEquals": {"ec2:InstanceType": ["t4g.small", "t3.small"]}}"#;
    const LIKE: &str = r#"{"StringLike": {"ec2:InstanceType": "t?.*"}}"#;
    const BOTH: &str = r#"{"StringEquals": {"aws:ResourceTag/a": "1", "aws:ResourceTag/b": "2"}}"#;
    const FLAG: &str = r#"{"Bool": {"aws:ResourceTag/flag": "true"}}"#;
    for (condition, context, expected) in [
        (KEYS, vec![("aws:TagKeys", &["a", "b"][..])], true),
        (KEYS, vec![("aws:TagKeys", &["a", "c"][..])], false),
        (KEYS, vec![], true),
        (SOME, vec![], false),
        (SOME, vec![("aws:TagKeys", &[][..])], false),
        (SOME, vec![("aws:TagKeys", &["b"][..])], true),
        (TYPE, vec![("ec2:InstanceType", &["t3.small"][..])], true),
        (TYPE, vec![("ec2:InstanceType", &["T3.small"][..])], false),
        (TYPE, vec![], false),
        (LIKE, vec![("ec2:InstanceType", &["t3.small"][..])], true),
        (LIKE, vec![("ec2:InstanceType", &["t4g.small"][..])], false),
        (BOTH, vec![("aws:ResourceTag/a", &["1"][..]), ("aws:ResourceTag/b", &["2"][..])], true),
        (BOTH, vec![("aws:ResourceTag/a", &["1"][..])], false),
        (FLAG, vec![("aws:ResourceTag/flag", &["true"][..])], true),
        (FLAG, vec![("aws:ResourceTag/flag", &["false"][..])], false),
    ] {
        assert_eq!(holds(condition, &context), expected, "{condition} of {context:?}");
    }
}

#[test]
fn a_deny_wins_and_wildcards_stay_within_their_part() {
    let allows = |statements: &str, resource: &str| {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let ask = Ask {
            action: "ec2:StartInstances",
            resource: resource.into(),
            context: condition::Context::new(),
        };
        Policy::parse(&text).expect(statements).allows(&ask)
    };
    let allow = |resource: &str| {
        format!(r#"{{"Effect": "Allow", "Action": ["ec2:StartInstances"], "Resource": "{resource}"}}"#)
    };
    let deny = r#"{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:ec2:*:*:instance/i-2"}"#;
    for (statements, resource, expected) in [
        (allow("*"), "arn:aws:ec2:r:1:instance/i-1", true),
        (allow("arn:aws:ec2:r:1:instance/*"), "arn:aws:ec2:r:1:instance/i-1", true),
        (allow("arn:aws:ec2:r:1:instance/*"), "arn:aws:ec2:r:2:instance/i-1", false),
        (allow("arn:aws:ec2:r:1:instance/*"), "arn:aws:ec2:r:1:volume/i-1", false),
        (allow("arn:aws:ec2:*:instance/i-1:*"), "arn:aws:ec2:r:1:instance/i-1", false),
        (allow("arn:aws:ec2:r:*:*"), "arn:aws:ec2:r:1:a:b:c", true),
        (allow("arn:aws:ec2:r:*:*"), "arn:aws:logs:r:1:a", false),
        (format!("{deny}, {}", allow("*")), "arn:aws:ec2:r:1:instance/i-1", true),
        (format!("{}, {deny}", allow("*")), "arn:aws:ec2:r:1:instance/i-2", false),
        (deny.to_string(), "arn:aws:ec2:r:1:instance/i-1", false),
    ] {
        assert_eq!(allows(&statements, resource), expected, "{statements} of {resource}");
    }
}

#[test]
fn the_function_gives_the_apps_address_to_the_apps_box_alone() {
    let setup = setup_with(r#", "box": {"address": "elastic"}"#);
    let mut world = world_of(&setup);
    let mut allocate = |app: &str| {
        let tags = vec![Tag::new("pushbox:app", app)];
        let tag_specifications = vec![TagSpecification { resource_type: "elastic-ip".into(), tags }];
        let request = Action::AllocateAddress(AllocateAddress { tag_specifications });
        assert_eq!(outcome(&mut world, &request), "UnauthorizedOperation", "only an installer may");
        match world.act_as_owner(NOW, &request) {
            Ok(Answer::Allocated(elastic)) => elastic.allocation_id,
            other => panic!("{other:?}"),
        }
    };
    let (own, foreign) = (allocate(&setup.config.app), allocate("other_app"));
    let the_box = world.launch(NOW, launch(&setup)).expect("a box");
    let mut of_other = launch(&setup);
    of_other.client_token = "another".into();
    of_other.tag_specifications.clear();
    let other_box = world.launch(NOW, of_other).expect("an instance of somebody");
    let give = |allocation_id: &String, instance_id: &String| {
        Action::AssociateAddress(AssociateAddress {
            allocation_id: allocation_id.clone(),
            instance_id: instance_id.clone(),
            allow_reassociation: true,
        })
    };
    assert_eq!(outcome(&mut world, &give(&own, &other_box)), "UnauthorizedOperation");
    assert_eq!(outcome(&mut world, &give(&foreign, &the_box)), "UnauthorizedOperation");
    assert_eq!(outcome(&mut world, &give(&own, &the_box)), "ok");
    let look = Action::DescribeAddresses(DescribeAddresses { filters: Vec::new() });
    assert_eq!(outcome(&mut world, &look), "ok");
    assert_eq!(outcome(&mut world_of(&setup_with("")), &look), "UnauthorizedOperation", "nobody needs it");
}
