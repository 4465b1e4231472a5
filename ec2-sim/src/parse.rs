//! From Query parameters to actions. Defaults are EC2's where it has one; where the default hangs on the image, those of
//! today's images.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pushbox_shared::ec2::{
    AssociateAddress, BlockDeviceMapping, CreateTags, CreditSpecification, DescribeAddresses, Ebs, Error,
    Filter, GetConsoleOutput, IamInstanceProfile, InstanceMarketOptions, Instances, MetadataOptions,
    NetworkInterface, RunInstances, SpotOptions, Tag, TagSpecification, UserData,
};

use crate::action::{Action, Describe, DescribeUserData};
use crate::address::AllocateAddress;
use crate::query::Params;
use crate::refusal::invalid_value;

/// The action called `name`, or what EC2 says instead of doing it: also that it was only asked whether it would.
pub(crate) fn parse(name: &str, mut params: Params) -> Result<Action, Error> {
    let dry_run = params.flag("DryRun")?.unwrap_or(false);
    let action = match name {
        "RunInstances" => Action::RunInstances(Box::new(run_instances(&mut params)?)),
        "DescribeInstances" => Action::DescribeInstances(describe(&mut params)?),
        "CreateTags" => Action::CreateTags(CreateTags {
            resources: params.values("ResourceId"),
            tags: tags(&mut params, "Tag")?,
        }),
        "StartInstances" => Action::StartInstances(instances(&mut params)),
        "StopInstances" => Action::StopInstances(instances(&mut params)),
        "RebootInstances" => Action::RebootInstances(instances(&mut params)),
        "TerminateInstances" => Action::TerminateInstances(instances(&mut params)),
        "GetConsoleOutput" => Action::GetConsoleOutput(GetConsoleOutput {
            instance_id: params.need("InstanceId")?,
            latest: params.flag("Latest")?.unwrap_or(false),
        }),
        "DescribeInstanceAttribute" => Action::DescribeInstanceAttribute(DescribeUserData {
            instance_id: params.need("InstanceId")?,
            attribute: params.need("Attribute")?,
        }),
        "AllocateAddress" => Action::AllocateAddress(allocate_address(&mut params)?),
        "DescribeAddresses" => {
            Action::DescribeAddresses(DescribeAddresses { filters: filters(&mut params)? })
        }
        "AssociateAddress" => Action::AssociateAddress(AssociateAddress {
            allocation_id: params.need("AllocationId")?,
            instance_id: params.need("InstanceId")?,
            allow_reassociation: params.flag("AllowReassociation")?.unwrap_or(true),
        }),
        _ => {
            let message = format!("The action {name} is not valid for this web service.");
            return Err(Error::new("InvalidAction", message));
        }
    };
    params.finish()?;
    if dry_run {
        return Err(Error::new("DryRunOperation", "Request would have succeeded, but DryRun flag is set."));
    }
    Ok(action)
}

fn instances(params: &mut Params) -> Instances {
    Instances { instance_ids: params.values("InstanceId") }
}

fn filters(params: &mut Params) -> Result<Vec<Filter>, Error> {
    let mut filters = Vec::new();
    for member in params.members("Filter") {
        let name = params.need(&format!("{member}.Name"))?;
        filters.push(Filter { name, values: params.values(&format!("{member}.Value")) });
    }
    Ok(filters)
}

/// Of a VPC, which is the only kind there still is.
fn allocate_address(params: &mut Params) -> Result<AllocateAddress, Error> {
    match params.take("Domain").as_deref() {
        None | Some("vpc") => Ok(AllocateAddress { tag_specifications: tag_specifications(params)? }),
        Some(domain) => Err(invalid_value(format!("Invalid value '{domain}' for Domain."))),
    }
}

fn describe(params: &mut Params) -> Result<Describe, Error> {
    Ok(Describe {
        filters: filters(params)?,
        instance_ids: params.values("InstanceId"),
        max_results: params.number("MaxResults")?,
        next_token: params.take("NextToken"),
    })
}

/// A tag without a value has an empty one.
fn tags(params: &mut Params, list: &str) -> Result<Vec<Tag>, Error> {
    let mut tags = Vec::new();
    for member in params.members(list) {
        let key = params.need(&format!("{member}.Key"))?;
        let value = params.take(&format!("{member}.Value")).unwrap_or_default();
        tags.push(Tag { key, value });
    }
    Ok(tags)
}

fn run_instances(params: &mut Params) -> Result<RunInstances, Error> {
    Ok(RunInstances {
        image_id: params.need("ImageId")?,
        instance_type: params.need("InstanceType")?,
        min_count: params.need_number("MinCount")?,
        max_count: params.need_number("MaxCount")?,
        client_token: params.take("ClientToken").unwrap_or_default(),
        user_data: user_data(params)?,
        block_device_mappings: disks(params)?,
        network_interfaces: network(params)?,
        metadata_options: metadata(params)?,
        tag_specifications: tag_specifications(params)?,
        instance_initiated_shutdown_behavior: params
            .take("InstanceInitiatedShutdownBehavior")
            .unwrap_or_else(|| "stop".to_string()),
        credit_specification: if params.has("CreditSpecification") {
            Some(CreditSpecification { cpu_credits: params.need("CreditSpecification.CpuCredits")? })
        } else {
            None
        },
        iam_instance_profile: params.take("IamInstanceProfile.Name").map(|name| IamInstanceProfile { name }),
        key_name: params.take("KeyName"),
        instance_market_options: market(params)?,
    })
}

/// EC2's defaults are a one-time request and an end at its interruption.
fn market(params: &mut Params) -> Result<Option<InstanceMarketOptions>, Error> {
    if !params.has("InstanceMarketOptions") {
        return Ok(None);
    }
    let mut text = |name: &str, default: &str| {
        params
            .take(&format!("InstanceMarketOptions.SpotOptions.{name}"))
            .unwrap_or_else(|| default.to_string())
    };
    let spot_options = SpotOptions {
        spot_instance_type: text("SpotInstanceType", "one-time"),
        instance_interruption_behavior: text("InstanceInterruptionBehavior", "terminate"),
    };
    let market_type = params.need("InstanceMarketOptions.MarketType")?;
    Ok(Some(InstanceMarketOptions { market_type, spot_options }))
}

fn user_data(params: &mut Params) -> Result<UserData, Error> {
    let text = params.take("UserData").unwrap_or_default();
    match STANDARD.decode(text) {
        Ok(bytes) => Ok(UserData(bytes)),
        Err(_) => Err(invalid_value("Invalid BASE64 encoding of user data.")),
    }
}

fn disks(params: &mut Params) -> Result<Vec<BlockDeviceMapping>, Error> {
    let mut disks = Vec::new();
    for member in params.members("BlockDeviceMapping") {
        let ebs = Ebs {
            volume_size: params.need_number(&format!("{member}.Ebs.VolumeSize"))?,
            volume_type: params
                .take(&format!("{member}.Ebs.VolumeType"))
                .unwrap_or_else(|| "gp2".to_string()),
            encrypted: params.flag(&format!("{member}.Ebs.Encrypted"))?.unwrap_or(false),
            delete_on_termination: params.flag(&format!("{member}.Ebs.DeleteOnTermination"))?.unwrap_or(true),
        };
        disks.push(BlockDeviceMapping { device_name: params.need(&format!("{member}.DeviceName"))?, ebs });
    }
    Ok(disks)
}

/// Default subnets give a public address, others do not.
fn network(params: &mut Params) -> Result<Vec<NetworkInterface>, Error> {
    let mut interfaces = Vec::new();
    for member in params.members("NetworkInterface") {
        let subnet_id = params.take(&format!("{member}.SubnetId"));
        interfaces.push(NetworkInterface {
            device_index: params.need_number(&format!("{member}.DeviceIndex"))?,
            associate_public_ip_address: params
                .flag(&format!("{member}.AssociatePublicIpAddress"))?
                .unwrap_or(subnet_id.is_none()),
            groups: params.values(&format!("{member}.SecurityGroupId")),
            subnet_id,
        });
    }
    Ok(interfaces)
}

fn metadata(params: &mut Params) -> Result<MetadataOptions, Error> {
    let text = |params: &mut Params, name, default: &str| {
        params.take(&format!("MetadataOptions.{name}")).unwrap_or_else(|| default.to_string())
    };
    Ok(MetadataOptions {
        http_tokens: text(params, "HttpTokens", "required"),
        http_put_response_hop_limit: params.number("MetadataOptions.HttpPutResponseHopLimit")?.unwrap_or(2),
        instance_metadata_tags: text(params, "InstanceMetadataTags", "disabled"),
    })
}

fn tag_specifications(params: &mut Params) -> Result<Vec<TagSpecification>, Error> {
    let mut specifications = Vec::new();
    for member in params.members("TagSpecification") {
        let resource_type = params.need(&format!("{member}.ResourceType"))?;
        let tags = tags(params, &format!("{member}.Tag"))?;
        specifications.push(TagSpecification { resource_type, tags });
    }
    Ok(specifications)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(name: &str, form: &str) -> Result<Action, String> {
        parse(name, Params::read(form.as_bytes()).map_err(|e| e.code)?).map_err(|error| error.code)
    }

    #[test]
    fn lists_keep_the_order_of_their_numbers() {
        let found = parsed("StopInstances", "InstanceId.10=i-c&InstanceId.2=i-b&InstanceId.1=i-a");
        let instance_ids = ["i-a", "i-b", "i-c"].map(str::to_string).to_vec();
        assert_eq!(found, Ok(Action::StopInstances(Instances { instance_ids })));
    }

    #[test]
    fn filters_and_pages() {
        let form = "Filter.1.Name=tag%3Aapp&Filter.1.Value.1=a+b&Filter.1.Value.2=c&MaxResults=5&NextToken=x";
        let filters =
            vec![Filter { name: "tag:app".to_string(), values: vec!["a b".to_string(), "c".to_string()] }];
        let (max_results, next_token) = (Some(5), Some("x".to_string()));
        let wanted = Describe { filters, instance_ids: Vec::new(), max_results, next_token };
        assert_eq!(parsed("DescribeInstances", form), Ok(Action::DescribeInstances(wanted)));
    }

    #[test]
    fn what_is_not_modelled_is_refused() {
        for (name, form, code) in [
            ("DescribeImages", "", "InvalidAction"),
            ("DescribeInstances", "Colour=red", "UnknownParameter"),
            ("DescribeInstances", "Filter.1.Value.1=a", "MissingParameter"),
            ("DescribeInstances", "MaxResults=many", "InvalidParameterValue"),
            ("DescribeInstances", "DryRun=yes", "InvalidParameterValue"),
            ("DescribeInstances", "DryRun=true&Colour=red", "UnknownParameter"),
            ("DescribeInstances", "DryRun=true", "DryRunOperation"),
            ("DescribeInstances", "MaxResults=5&MaxResults=6", "InvalidParameterValue"),
            ("StartInstances", "InstanceId.01=i-a", "UnknownParameter"),
            ("StartInstances", "InstanceId=i-a", "UnknownParameter"),
            ("GetConsoleOutput", "", "MissingParameter"),
            ("RunInstances", "ImageId=a&InstanceType=b&MinCount=1", "MissingParameter"),
            (
                "RunInstances",
                "ImageId=a&InstanceType=b&MinCount=1&MaxCount=1&UserData=!",
                "InvalidParameterValue",
            ),
            (
                "RunInstances",
                "ImageId=a&InstanceType=b&MinCount=1&MaxCount=1&EbsOptimized=true",
                "UnknownParameter",
            ),
            (
                "RunInstances",
                "ImageId=a&InstanceType=b&MinCount=1&MaxCount=1&MetadataOptions.HttpEndpoint=disabled",
                "UnknownParameter",
            ),
        ] {
            assert_eq!(parsed(name, form).err().as_deref(), Some(code), "{name} {form}");
        }
    }

    /// Of requests, so that random ones get past the first check.
    const PIECES: &[&str] = &[
        "RunInstances",
        "DescribeInstances",
        "CreateTags",
        "Filter",
        "Tag",
        "InstanceId",
        ".1",
        ".",
        "=",
        "&",
        ".Name",
        "NextToken",
        "ZnJvbSAx",
        "ImageId",
        "ami-01234567",
        "InstanceType=t3.nano",
        "MinCount=1",
        "MaxCount=99",
        "UserData",
    ];

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![3 => prop::sample::select(PIECES).prop_map(str::to_string), 1 => ".{0,3}"]
    }

    proptest! {
        #[test]
        fn no_request_panics(name in piece(), pieces in prop::collection::vec(piece(), 0..40)) {
            if let Ok(params) = Params::read(pieces.concat().as_bytes()) {
                let mut world = crate::World::new(crate::WorldOptions::default());
                let _ = parse(&name, params).and_then(|action| world.act(pushbox_shared::unix_time::UnixTime::EPOCH, &action));
            }
        }
    }
}
