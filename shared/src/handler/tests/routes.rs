//! Who may ask for what, and what the launch says.

use std::io;

use flate2::read::GzDecoder;

use super::*;
use crate::ec2::TagSpecification;
use crate::hash::sha256_hex;
use crate::protocol::{launch, mailbox};

pub(super) fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Input {
    Input::Http(Request {
        method: method.into(),
        path: path.into(),
        headers: headers.iter().map(|(name, value)| (*name, *value)).collect::<Headers>(),
        ..Request::default()
    })
}

/// The status of the answer and the calls made for it.
fn answer_to(setup: &Setup, input: &Input, replies: Vec<Result<Reply, Error>>) -> (Response, usize) {
    answer_at(setup, input, replies, &mut Cache::default(), NOW)
}

/// The same in a process that lives on.
pub(super) fn answer_at(
    setup: &Setup,
    input: &Input,
    replies: Vec<Result<Reply, Error>>,
    cache: &mut Cache,
    now: UnixTime,
) -> (Response, usize) {
    let mut handler = Handler::with_cache(setup, input, std::mem::take(cache), now);
    let mut world = Told::new(replies, now);
    let response = run(&mut handler, &mut world);
    *cache = handler.into_cache();
    (response, world.calls)
}

#[test]
fn routes() {
    let setup = setup_with("");
    for (method, path, status) in [
        ("GET", "/", 200),
        ("GET", "/status", 200),
        ("POST", "/status", 405),
        ("POST", "/", 405),
        ("PUT", "/hook", 405),
        ("GET", "/deploy", 405),
        ("POST", "/deploy", 401),
        ("GET", "/box/0000", 404),
        ("GET", "/favicon.ico", 404),
        ("POST", "/wake", 404),
    ] {
        assert_eq!(
            answer_to(&setup, &request(method, path, &[]), vec![]).0.status,
            status,
            "{method} {path}"
        );
    }
}

#[test]
fn a_deploy_needs_the_admin_key() {
    let setup = setup_with("");
    for wrong in ["Bearer wrong", "Bearer ", "admin", "Basic admin", ""] {
        let (response, calls) =
            answer_to(&setup, &request("POST", "/deploy", &[("authorization", wrong)]), vec![]);
        assert_eq!((response.status, calls), (401, 0), "{wrong}");
    }
    let (response, calls) =
        answer_to(&setup, &request("POST", "/deploy", &[("authorization", "Bearer admin")]), vec![]);
    assert_eq!((response.status, calls), (202, 3), "describe, run, tag");
    let keyless = Setup { secrets: Secrets::new("s3cret", None), ..setup };
    let (response, calls) =
        answer_to(&keyless, &request("POST", "/deploy", &[("authorization", "Bearer ")]), vec![]);
    assert_eq!((response.status, calls), (401, 0));
}

/// Again what the last push asked for: of several wanted refs, nobody else knows which.
#[test]
fn a_deploy_leaves_the_ref_as_it_is() {
    for refs in [r#"["refs/heads/main"]"#, r#"["refs/heads/main", "refs/tags/v*"]"#, r#"["refs/heads/*"]"#] {
        let setup = setup_with("");
        let config = format!(
            r#"{{"app": "my_app", "repo": {{"url": "https://github.com/usil/foo.git", "refs": {refs}}}}}"#
        );
        let setup = Setup { config: checked::load(config.as_bytes()).unwrap(), ..setup };
        let mailbox = || Mailbox::of_request(&setup, NOW);
        let wanted = [(mailbox::REF, "refs%2Fheads%2Ffeature%2Fx")];
        check(
            &setup,
            Goal::deliver(mailbox(), NOW),
            vec![boxes(&[instance("i-1", State::Running, "t4g.small", &wanted)])],
            &expect![[r#"
                DescribeInstances
                CreateTags i-1 poke,commit,delivery,script
                DescribeInstances
                202 accepted the box deploys refs/heads/feature/x
            "#]],
        );
        let tags = mailbox().tags();
        let commit = tags.iter().find(|tag| tag.key == mailbox::COMMIT);
        assert_eq!(commit.map(|tag| tag.value.as_str()), Some(""), "the head, whatever was pushed last");
    }
}

#[test]
fn a_new_box_chooses_its_ref_itself() {
    let setup = setup_with("");
    check(
        &setup,
        Goal::deliver(Mailbox::of_request(&setup, NOW), NOW),
        vec![],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            CreateTags i-new poke,commit,delivery,script
            202 accepted a box is launched and deploys refs/heads/main
        "#]],
    );
}

/// A reconcile knows nothing of the push: a new box would deploy another ref.
#[test]
fn what_a_new_box_would_not_choose_is_not_handed_over() {
    let config =
        r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git", "refs": ["refs/heads/*"]}}"#;
    let setup = Setup { config: checked::load(config.as_bytes()).unwrap(), ..setup_with("") };
    check(
        &setup,
        push(),
        vec![boxes(&[]), error("InsufficientInstanceCapacity")],
        &expect![[r#"
            DescribeInstances
            RunInstances t4g.small 213dab
            503 failed AWS refused (InsufficientInstanceCapacity); deliver again later
        "#]],
    );
}

#[test]
fn the_script_is_served_to_those_who_know_its_hash() {
    let setup = setup_with("");
    let path = format!("/box/{}", mailbox::script_hash(&setup));
    let (response, calls) = answer_to(&setup, &request("GET", &path, &[]), vec![]);
    assert_eq!((response.status, calls), (200, 0));
    assert_eq!(response.body, crate::user_data::script(&setup.config, None));
}

/// A box holds the script that cloud-init has unpacked.
#[test]
fn a_script_that_is_too_long_for_ec2_is_given_as_gzip_and_served_as_it_is() {
    let env: Vec<_> =
        (0..400).map(|at| json!({"name": format!("SETTING_{at}"), "value": format!("value {at}")})).collect();
    let setup = setup_with(&format!(r#", "run": {{"env": {}}}"#, json!(env)));
    let script = crate::user_data::script(&setup.config, None);
    assert!(script.len() > crate::user_data::LIMIT);

    let launch = launch::run_instances(&setup, Offer::on_demand("t4g.small"), 0);
    let given = &launch.user_data.0;
    assert!(given.len() <= crate::user_data::LIMIT, "{} bytes", given.len());
    assert_eq!(io::read_to_string(GzDecoder::new(&given[..])).unwrap(), script);
    let named = launch.tag_specifications[0].tags.iter().find(|tag| tag.key == mailbox::SCRIPT).unwrap();
    assert_eq!(named.value, sha256_hex(&script));
    let (response, _) = answer_to(&setup, &request("GET", &format!("/box/{}", named.value), &[]), vec![]);
    assert_eq!(response.body, script);

    let short = launch::run_instances(&setup_with(""), Offer::on_demand("t4g.small"), 0);
    assert!(short.user_data.0.starts_with(b"#!/bin/bash\n"), "it fits, and stays readable");
}

#[test]
fn a_launch_carries_neither_commit_nor_delivery() {
    let setup = setup_with("");
    let tagged = |one: &TagSpecification| {
        let keys: Vec<&str> = one.tags.iter().map(|tag| tag.key.as_str()).collect();
        format!("{}: {}", one.resource_type, keys.join(" "))
    };
    let launch = launch::run_instances(&setup, Offer::on_demand("t4g.small"), 0);
    assert_eq!(launch, launch::run_instances(&setup, Offer::on_demand("t4g.small"), 0));
    assert_ne!(
        launch.client_token,
        launch::run_instances(&setup, Offer::on_demand("t4g.small"), 1).client_token
    );
    expect![[r#"
        {
          "ImageId": "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
          "MetadataOptions": {
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 1,
            "InstanceMetadataTags": "enabled"
          },
          "Network": [
            {
              "DeviceIndex": 0,
              "AssociatePublicIpAddress": true
            }
          ],
          "Tags": [
            "instance: Name pushbox:app pushbox:spec pushbox:script",
            "volume: Name pushbox:app pushbox:spec pushbox:script"
          ],
          "Credits": {
            "CpuCredits": "unlimited"
          },
          "Disk": [
            {
              "DeviceName": "/dev/sda1",
              "Ebs": {
                "VolumeSize": 12,
                "VolumeType": "gp3",
                "Encrypted": true,
                "DeleteOnTermination": true
              }
            }
          ]
        }"#]].assert_eq(&serde_json::to_string_pretty(&json!({
        "ImageId": launch.image_id, "MetadataOptions": launch.metadata_options, "Network": launch.network_interfaces,
        "Tags": launch.tag_specifications.iter().map(tagged).collect::<Vec<_>>(),
        "Credits": launch.credit_specification, "Disk": launch.block_device_mappings,
    })).unwrap());
}

#[test]
fn only_an_app_that_has_the_role_is_near_enough_to_the_metadata() {
    // A container is one hop further away than the box, and the script's firewall keeps it from there besides.
    for (run, hops, is_shut) in [("", 1, true), (r#", "run": {"role_for_app": true}"#, 2, false)] {
        let launch = launch::run_instances(&setup_with(run), Offer::on_demand("t4g.small"), 0);
        assert_eq!(launch.metadata_options.http_put_response_hop_limit, hops, "{run}");
        let script = String::from_utf8(launch.user_data.0).unwrap();
        assert_eq!(script.contains("DOCKER-USER"), is_shut, "{run}");
        assert_eq!(script.contains("shut_metadata"), is_shut, "{run}");
    }
}

#[test]
fn the_spec_follows_launch_settings_only() {
    let spec_with = |more: &str| launch::spec(&setup_with(more));
    assert_eq!(spec_with(""), spec_with(r#", "run": {"port": 8080}"#));
    assert_ne!(spec_with(""), spec_with(r#", "box": {"disk_gb": 20}"#));
    assert_ne!(spec_with(""), spec_with(r#", "run": {"role_for_app": true}"#));
    assert_ne!(spec_with(""), spec_with(r#", "box": {"types": ["t4g.small", "t3.small"]}"#));
}
