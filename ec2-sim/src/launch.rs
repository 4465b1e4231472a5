//! What RunInstances refuses, in EC2's codes. Everything here depends on the request alone.

use std::collections::BTreeSet;

use pushbox_shared::ec2::{
    BlockDeviceMapping, Error, InstanceMarketOptions, MetadataOptions, NetworkInterface, RunInstances,
};
use pushbox_shared::machine;
use pushbox_shared::user_data;

use crate::image::{self, Image, SNAPSHOT_GIB, arch_name};
use crate::refusal::{combination, invalid, invalid_value, is_id, is_nobody, missing};
use crate::tags;

/// The image that the request launches, if EC2 takes the request.
pub(crate) fn check(request: &RunInstances) -> Result<Image, Error> {
    check_counts(request)?;
    check_token(&request.client_token)?;
    let image = check_image(request)?;
    if request.user_data.0.len() > user_data::LIMIT {
        return Err(invalid_value(format!("User data is limited to {} bytes", user_data::LIMIT)));
    }
    check_disks(&request.block_device_mappings, &image)?;
    check_network(&request.network_interfaces)?;
    check_metadata(&request.metadata_options)?;
    check_tags(request)?;
    check_choice(
        &request.instance_initiated_shutdown_behavior,
        "instanceInitiatedShutdownBehavior",
        &["stop", "terminate"],
    )?;
    check_credits(request)?;
    if let Some(market) = &request.instance_market_options {
        check_market(market)?;
    }
    if let Some(profile) = &request.iam_instance_profile {
        check_profile_name(&profile.name)?;
    }
    if request.key_name.as_deref().is_some_and(str::is_empty) {
        return Err(invalid("", "keyName", "A key pair name cannot be empty."));
    }
    Ok(image)
}

/// Whether metadata shows the tags of instances launched so.
pub(crate) fn tags_in_metadata(request: &RunInstances) -> bool {
    request.metadata_options.instance_metadata_tags == "enabled"
}

/// A default subnet gives a public address unless the request says otherwise.
pub(crate) fn wants_public_address(request: &RunInstances) -> bool {
    request.network_interfaces.first().is_none_or(|interface| interface.associate_public_ip_address)
}

fn check_counts(request: &RunInstances) -> Result<(), Error> {
    let (min, max) = (request.min_count, request.max_count);
    if min == 0 {
        return Err(invalid(min, "minCount", "Minimum value is 1."));
    }
    if max < min {
        return Err(invalid(max, "maxCount", "It must not be smaller than minCount."));
    }
    Ok(())
}

fn check_token(token: &str) -> Result<(), Error> {
    if token.len() > 64 || !token.is_ascii() {
        return Err(invalid(token, "clientToken", "A client token has at most 64 ASCII characters."));
    }
    Ok(())
}

fn check_image(request: &RunInstances) -> Result<Image, Error> {
    let instance_type = request.instance_type.as_str();
    if request.image_id.is_empty() {
        return Err(missing("ImageId"));
    }
    if !machine::is_instance_type(instance_type) {
        return Err(invalid_value(format!("Invalid value '{instance_type}' for InstanceType.")));
    }
    let first_device = request.block_device_mappings.first().map(|mapping| mapping.device_name.as_str());
    let image = image::resolve(&request.image_id, instance_type, first_device)?;
    let arch = machine::arch(instance_type);
    if arch != image.arch {
        return Err(invalid_value(format!(
            "The architecture '{}' of the specified instance type does not match the architecture '{}' of the specified \
             AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use \
             'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.",
            arch_name(arch),
            arch_name(image.arch)
        )));
    }
    Ok(image)
}

fn check_disks(mappings: &[BlockDeviceMapping], image: &Image) -> Result<(), Error> {
    let mut devices = BTreeSet::new();
    for BlockDeviceMapping { device_name, ebs } in mappings {
        if !is_device_name(device_name) {
            let why = format!("{device_name} is not a valid EBS device name.");
            return Err(invalid(device_name, "device", &why));
        }
        if !devices.insert(device_name) {
            let message = format!("The device '{device_name}' is used in more than one block-device mapping");
            return Err(Error::new("InvalidBlockDeviceMapping", message));
        }
        check_choice(
            &ebs.volume_type,
            "volumeType",
            &["standard", "io1", "io2", "gp2", "gp3", "sc1", "st1"],
        )?;
        let largest = if matches!(ebs.volume_type.as_str(), "gp3" | "io2") { 65_536 } else { 16_384 };
        if !(1..=largest).contains(&ebs.volume_size) {
            let why = format!("A {} volume has 1 to {largest} GiB.", ebs.volume_type);
            return Err(invalid(ebs.volume_size, "volumeSize", &why));
        }
        if *device_name == image.root_device && ebs.volume_size < SNAPSHOT_GIB {
            let size = ebs.volume_size;
            let message =
                format!("Volume of size {size}GB is smaller than snapshot, expect size >= {SNAPSHOT_GIB}GB");
            return Err(Error::new("InvalidBlockDeviceMapping", message));
        }
    }
    Ok(())
}

/// `/dev/sda1`, `/dev/xvda`, `/dev/sdf`, …
fn is_device_name(name: &str) -> bool {
    let rest = name.strip_prefix("/dev/").unwrap_or_default();
    let Some(rest) = rest.strip_prefix("sd").or_else(|| rest.strip_prefix("xvd")) else { return false };
    let letters = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &rest[letters.len()..];
    matches!(letters.len(), 1 | 2) && letters.bytes().all(|b| b.is_ascii_lowercase()) && number.len() <= 2
}

fn check_network(interfaces: &[NetworkInterface]) -> Result<(), Error> {
    let indexes: BTreeSet<u32> = interfaces.iter().map(|interface| interface.device_index).collect();
    if indexes.len() != interfaces.len() {
        return Err(invalid_value("Each network interface requires a unique device index."));
    }
    if !interfaces.is_empty() && !indexes.contains(&0) {
        return Err(invalid_value(
            "When specifying network interfaces, you must include a device at index 0.",
        ));
    }
    if interfaces.len() > 1 && interfaces.iter().any(|interface| interface.associate_public_ip_address) {
        return Err(combination(
            "The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.",
        ));
    }
    for interface in interfaces {
        if let Some(group) = interface.groups.iter().find(|group| !is_id("sg", group)) {
            let message = format!("Invalid id: \"{group}\" (expecting \"sg-...\")");
            return Err(Error::new("InvalidGroupId.Malformed", message));
        }
        if let Some(group) = interface.groups.iter().find(|group| is_nobody(group)) {
            let message = format!("The security group '{group}' does not exist");
            return Err(Error::new("InvalidGroup.NotFound", message));
        }
        if let Some(subnet) = interface.subnet_id.as_ref().filter(|subnet| !is_id("subnet", subnet)) {
            let message = format!("Invalid id: \"{subnet}\" (expecting \"subnet-...\")");
            return Err(Error::new("InvalidSubnetID.Malformed", message));
        }
        if let Some(subnet) = interface.subnet_id.as_ref().filter(|subnet| is_nobody(subnet)) {
            let message = format!("The subnet ID '{subnet}' does not exist");
            return Err(Error::new("InvalidSubnetID.NotFound", message));
        }
    }
    Ok(())
}

fn check_metadata(options: &MetadataOptions) -> Result<(), Error> {
    check_choice(&options.http_tokens, "httpTokens", &["optional", "required"])?;
    check_choice(&options.instance_metadata_tags, "instanceMetadataTags", &["enabled", "disabled"])?;
    let hops = options.http_put_response_hop_limit;
    if !(1..=64).contains(&hops) {
        return Err(invalid(hops, "httpPutResponseHopLimit", "It must be between 1 and 64."));
    }
    Ok(())
}

fn check_tags(request: &RunInstances) -> Result<(), Error> {
    let specifications = &request.tag_specifications;
    let makes: &[&str] = match request.instance_market_options {
        Some(_) => &["instance", "volume", "network-interface", "spot-instances-request"],
        None => &["instance", "volume", "network-interface"],
    };
    tags::check_resource_types(specifications.iter().map(|one| one.resource_type.as_str()), makes)?;
    for one in specifications {
        if one.tags.is_empty() {
            return Err(invalid_value("Tag specification must have at least one tag"));
        }
        tags::check(&one.tags, one.resource_type == "instance" && tags_in_metadata(request))?;
    }
    Ok(())
}

fn check_credits(request: &RunInstances) -> Result<(), Error> {
    let Some(credits) = &request.credit_specification else { return Ok(()) };
    check_choice(&credits.cpu_credits, "cpuCredits", &["standard", "unlimited"])?;
    if !machine::has_cpu_credits(&request.instance_type) {
        let message = format!("The {} instance type does not support T2 Unlimited.", request.instance_type);
        return Err(Error::new("InstanceCreditSpecification.NotSupported", message));
    }
    Ok(())
}

/// Source: "SpotMarketOptions" in the API reference.
fn check_market(market: &InstanceMarketOptions) -> Result<(), Error> {
    let options = &market.spot_options;
    check_choice(&market.market_type, "marketType", &["spot"])?;
    check_choice(&options.spot_instance_type, "spotInstanceType", &["one-time", "persistent"])?;
    check_choice(
        &options.instance_interruption_behavior,
        "instanceInterruptionBehavior",
        &["hibernate", "stop", "terminate"],
    )?;
    if options.spot_instance_type == "one-time" && options.instance_interruption_behavior != "terminate" {
        return Err(combination(
            "The interruption behavior must be 'terminate' for a one-time Spot request.",
        ));
    }
    Ok(())
}

fn check_profile_name(name: &str) -> Result<(), Error> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if name.is_empty() || name.len() > 128 || !name.chars().all(allowed) {
        return Err(invalid(name, "iamInstanceProfile.name", "Invalid IAM Instance Profile name"));
    }
    Ok(())
}

fn check_choice(value: &str, parameter: &str, choices: &[&str]) -> Result<(), Error> {
    if choices.contains(&value) {
        return Ok(());
    }
    Err(invalid(value, parameter, &format!("Expected one of: {}.", choices.join(", "))))
}

#[cfg(test)]
pub(crate) mod tests {
    use pushbox_shared::ec2::{
        CreditSpecification, Ebs, IamInstanceProfile, SpotOptions, Tag, TagSpecification, UserData,
    };
    use pushbox_shared::image::Image;
    use pushbox_shared::machine::Arch;

    use super::*;

    /// As pushbox sends it.
    pub(crate) fn request() -> RunInstances {
        let image = Image::named("ubuntu-24.04").expect("a known image");
        RunInstances {
            image_id: image.image_id(Arch::Arm64),
            instance_type: "t4g.small".to_string(),
            min_count: 1,
            max_count: 1,
            client_token: "token".to_string(),
            user_data: UserData(b"#!/bin/bash\n".to_vec()),
            block_device_mappings: vec![disk(image.root_device, 12)],
            network_interfaces: vec![interface(0)],
            metadata_options: MetadataOptions {
                http_tokens: "required".to_string(),
                http_put_response_hop_limit: 1,
                instance_metadata_tags: "enabled".to_string(),
            },
            tag_specifications: vec![
                TagSpecification {
                    resource_type: "instance".to_string(),
                    tags: vec![Tag::new("pushbox:app", "my_app")],
                },
                TagSpecification {
                    resource_type: "volume".to_string(),
                    tags: vec![Tag::new("pushbox:app", "my_app")],
                },
            ],
            instance_initiated_shutdown_behavior: "stop".to_string(),
            credit_specification: Some(CreditSpecification { cpu_credits: "unlimited".to_string() }),
            iam_instance_profile: None,
            key_name: None,
            instance_market_options: None,
        }
    }

    fn disk(device: &str, gib: u32) -> BlockDeviceMapping {
        BlockDeviceMapping {
            device_name: device.to_string(),
            ebs: Ebs {
                volume_size: gib,
                volume_type: "gp3".to_string(),
                encrypted: true,
                delete_on_termination: true,
            },
        }
    }

    fn interface(device_index: u32) -> NetworkInterface {
        let (groups, subnet_id) = (Vec::new(), None);
        NetworkInterface { device_index, associate_public_ip_address: true, groups, subnet_id }
    }

    #[track_caller]
    fn refused(code: &str, change: impl FnOnce(&mut RunInstances)) {
        let mut request = request();
        change(&mut request);
        assert_eq!(check(&request).map_err(|error| error.code), Err(code.to_string()));
    }

    #[track_caller]
    fn accepted(change: impl FnOnce(&mut RunInstances)) {
        let mut request = request();
        change(&mut request);
        assert!(check(&request).is_ok(), "{:?}", check(&request));
    }

    #[test]
    fn images() {
        accepted(|_| {});
        accepted(|r| r.image_id = "ami-0123456789abcdef0".to_string());
        accepted(|r| r.image_id = "ami-01234567".to_string());
        refused("InvalidAMIID.Malformed", |r| r.image_id = "ami-0123".to_string());
        refused("InvalidAMIID.Malformed", |r| r.image_id = "ubuntu".to_string());
        refused("InvalidAMIID.NotFound", |r| r.image_id = "ami-00000000".to_string());
        refused("InvalidAMIID.NotFound", |r| r.image_id = "resolve:ssm:/aws/service/nothing".to_string());
        refused("MissingParameter", |r| r.image_id = String::new());
        refused("InvalidParameterValue", |r| r.instance_type = "large".to_string());
        refused("InvalidParameterValue", |r| r.instance_type = "t3.small".to_string());
    }

    #[test]
    fn counts_token_and_user_data() {
        refused("InvalidParameterValue", |r| r.min_count = 0);
        refused("InvalidParameterValue", |r| r.min_count = 2);
        accepted(|r| r.client_token = "x".repeat(64));
        refused("InvalidParameterValue", |r| r.client_token = "x".repeat(65));
        refused("InvalidParameterValue", |r| r.client_token = "ä".to_string());
        accepted(|r| r.user_data = UserData(vec![b'#'; 16_384]));
        refused("InvalidParameterValue", |r| r.user_data = UserData(vec![b'#'; 16_385]));
    }

    #[test]
    fn disks() {
        accepted(|r| r.block_device_mappings.push(disk("/dev/xvdf", 1)));
        refused("InvalidParameterValue", |r| r.block_device_mappings.push(disk("sda1", 10)));
        refused("InvalidBlockDeviceMapping", |r| r.block_device_mappings.push(disk("/dev/sda1", 10)));
        refused("InvalidBlockDeviceMapping", |r| r.block_device_mappings[0].ebs.volume_size = 7);
        refused("InvalidParameterValue", |r| r.block_device_mappings[0].ebs.volume_size = 65_537);
        refused("InvalidParameterValue", |r| r.block_device_mappings[0].ebs.volume_type = "gp4".to_string());
    }

    #[test]
    fn network_and_metadata() {
        refused("InvalidParameterValue", |r| r.network_interfaces.push(interface(0)));
        refused("InvalidParameterValue", |r| r.network_interfaces[0].device_index = 1);
        refused("InvalidParameterCombination", |r| r.network_interfaces.push(interface(1)));
        accepted(|r| r.network_interfaces[0].groups.push("sg-0123456789abcdef0".to_string()));
        refused("InvalidGroupId.Malformed", |r| r.network_interfaces[0].groups.push("web".to_string()));
        refused("InvalidGroup.NotFound", |r| r.network_interfaces[0].groups.push("sg-00000000".to_string()));
        refused("InvalidSubnetID.NotFound", |r| {
            r.network_interfaces[0].subnet_id = Some("subnet-00000000000000000".to_string());
        });
        refused("InvalidSubnetID.Malformed", |r| r.network_interfaces[0].subnet_id = Some("a".to_string()));
        refused("InvalidParameterValue", |r| r.metadata_options.http_put_response_hop_limit = 0);
        refused("InvalidParameterValue", |r| r.metadata_options.http_put_response_hop_limit = 65);
        refused("InvalidParameterValue", |r| r.metadata_options.http_tokens = "yes".to_string());
        refused("InvalidParameterValue", |r| r.metadata_options.instance_metadata_tags = String::new());
    }

    #[test]
    fn spot() {
        let spot = |kind: &str, at_interruption: &str| InstanceMarketOptions {
            market_type: "spot".to_string(),
            spot_options: SpotOptions {
                spot_instance_type: kind.to_string(),
                instance_interruption_behavior: at_interruption.to_string(),
            },
        };
        let of_request = || TagSpecification {
            resource_type: "spot-instances-request".to_string(),
            tags: vec![Tag::new("pushbox:app", "my_app")],
        };
        accepted(|r| {
            r.instance_market_options = Some(spot("persistent", "stop"));
            r.tag_specifications.push(of_request());
        });
        accepted(|r| r.instance_market_options = Some(spot("one-time", "terminate")));
        refused("InvalidParameterCombination", |r| {
            r.instance_market_options = Some(spot("one-time", "stop"));
        });
        refused("InvalidParameterValue", |r| r.instance_market_options = Some(spot("persistent", "sleep")));
        refused("InvalidParameterCombination", |r| r.tag_specifications.push(of_request()));
    }

    #[test]
    fn tags_credits_and_names() {
        refused("InvalidParameterValue", |r| r.tag_specifications[0].tags.push(Tag::new("a/b", "")));
        accepted(|r| r.tag_specifications[1].tags.push(Tag::new("a/b", "")));
        refused("InvalidParameterValue", |r| r.tag_specifications[1].resource_type = "instance".to_string());
        refused("InvalidParameterValue", |r| r.tag_specifications[1].resource_type = "box".to_string());
        refused("InvalidParameterValue", |r| r.tag_specifications[1].tags.clear());
        refused("InstanceCreditSpecification.NotSupported", |r| r.instance_type = "m7g.large".to_string());
        refused("InvalidParameterValue", |r| {
            r.credit_specification = Some(CreditSpecification { cpu_credits: "lots".to_string() });
        });
        refused("InvalidParameterValue", |r| r.instance_initiated_shutdown_behavior = "sleep".to_string());
        refused("InvalidParameterValue", |r| {
            r.iam_instance_profile = Some(IamInstanceProfile { name: "a b".to_string() });
        });
        refused("InvalidParameterValue", |r| r.key_name = Some(String::new()));
    }
}
