use serde_json::Value;

use super::*;
use crate::checked;
use crate::image::IMAGES;
use crate::machine::Arch;
use crate::setup::Installed;

fn setup_with(more: &str) -> Setup {
    let text = format!(r#"{{"app": "my_app", "repo": {{"url": "https://github.com/usil/foo.git"}}{more}}}"#);
    Setup { config: checked::load(text.as_bytes()).unwrap(), ..Setup::default() }
}

/// The policy's statements by their `Sid`.
fn rendered(setup: &Setup) -> Value {
    let policy: Value = serde_json::from_str(&policy(setup, "123456789012")).unwrap();
    let statements = policy["Statement"].as_array().unwrap().iter();
    statements
        .map(|one| (one["Sid"].as_str().unwrap().to_string(), one.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn what_is_not_configured_is_not_allowed() {
    let plain = rendered(&setup_with(""));
    for (more, gained) in [
        ("", vec![]),
        (r#", "box": {"address": "elastic"}"#, vec!["GiveAddress", "GiveAddressThrough"]),
        (r#", "box": {"instance_profile": "my_profile"}"#, vec!["GiveRole"]),
    ] {
        let found = rendered(&setup_with(more));
        let new = found.as_object().unwrap().keys().filter(|sid| plain.get(*sid).is_none());
        assert_eq!(new.collect::<Vec<_>>(), gained, "{more}");
    }
    assert_eq!(plain["Look"]["Action"], "ec2:DescribeInstances");
    let text = policy(&setup_with(""), "123456789012");
    for never in
        ["Terminate", "StopInstances", "Modify", "PassRole", "Address", "spot", "key-pair", "\"ec2:*\""]
    {
        assert!(!text.contains(never), "{never} in {text}");
    }
}

#[test]
fn what_is_known_is_named() {
    let more = r#", "box": {"types": ["t4g.small", "t3.small"], "key_name": "me", "spot": "only", "region": "cn-north-1",
                   "security_groups": ["sg-0123456789abcdef0"]}"#;
    let installed = Installed { subnet: Some("subnet-0123456789abcdef0".into()), ..Installed::default() };
    let found = rendered(&Setup { installed, ..setup_with(more) });
    let own = "arn:aws-cn:ec2:cn-north-1:123456789012";
    assert_eq!(
        found["LaunchWith"]["Resource"],
        json!([
            "arn:aws-cn:ec2:cn-north-1::image/*",
            format!("{own}:network-interface/*"),
            format!("{own}:subnet/subnet-0123456789abcdef0"),
            format!("{own}:security-group/sg-0123456789abcdef0"),
            format!("{own}:key-pair/me"),
            format!("{own}:spot-instances-request/*"),
        ])
    );
    let equals = &found["LaunchInstance"]["Condition"]["StringEquals"];
    assert_eq!(equals["ec2:InstanceType"], json!(["t4g.small", "t3.small"]));
}

#[test]
fn every_known_image_can_be_looked_up() {
    for image in IMAGES {
        for arch in [Arch::Arm64, Arch::X86_64] {
            let id = image.image_id(arch);
            let name = id.strip_prefix("resolve:ssm:/").unwrap();
            let known = |parameter: &str| {
                let start = parameter.strip_prefix("parameter/").unwrap().trim_end_matches('*');
                name.starts_with(start)
            };
            assert!(IMAGE_PARAMETERS.into_iter().any(known), "{name}");
        }
    }
}
