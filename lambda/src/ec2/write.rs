//! From the handler's calls to the SDK's requests. Every member of a call is named here, so that a new one is not forgotten.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::operation::run_instances::builders::RunInstancesFluentBuilder;
use aws_sdk_ec2::types;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pushbox_shared::ec2::{
    BlockDeviceMapping, CreditSpecification, Ebs, Filter, IamInstanceProfile, InstanceMarketOptions,
    MetadataOptions, NetworkInterface, RunInstances, SpotOptions, Tag, TagSpecification,
};

pub(super) fn run_instances(client: &Client, call: &RunInstances) -> RunInstancesFluentBuilder {
    let RunInstances {
        image_id,
        instance_type,
        min_count,
        max_count,
        client_token,
        user_data,
        block_device_mappings,
        network_interfaces,
        metadata_options,
        tag_specifications,
        instance_initiated_shutdown_behavior,
        credit_specification,
        iam_instance_profile,
        key_name,
        instance_market_options,
    } = call;
    client
        .run_instances()
        .image_id(image_id)
        .instance_type(instance_type.as_str().into())
        .min_count(number(*min_count))
        .max_count(number(*max_count))
        .client_token(client_token)
        .user_data(STANDARD.encode(&user_data.0))
        .set_block_device_mappings(each(block_device_mappings, disk))
        .set_network_interfaces(each(network_interfaces, network_interface))
        .metadata_options(metadata(metadata_options))
        .set_tag_specifications(each(tag_specifications, tag_specification))
        .instance_initiated_shutdown_behavior(instance_initiated_shutdown_behavior.as_str().into())
        .set_credit_specification(credit_specification.as_ref().map(credits))
        .set_iam_instance_profile(iam_instance_profile.as_ref().map(profile))
        .set_key_name(key_name.clone())
        .set_instance_market_options(instance_market_options.as_ref().map(market))
}

pub(super) fn filters(filters: &[Filter]) -> Vec<types::Filter> {
    let filter = |Filter { name, values }: &Filter| {
        types::Filter::builder().name(name).set_values(Some(values.clone())).build()
    };
    filters.iter().map(filter).collect()
}

pub(super) fn tags(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|Tag { key, value }| types::Tag::builder().key(key).value(value).build()).collect()
}

fn disk(BlockDeviceMapping { device_name, ebs }: &BlockDeviceMapping) -> types::BlockDeviceMapping {
    let Ebs { volume_size, volume_type, encrypted, delete_on_termination } = ebs;
    let ebs = types::EbsBlockDevice::builder()
        .volume_size(number(*volume_size))
        .volume_type(volume_type.as_str().into())
        .encrypted(*encrypted)
        .delete_on_termination(*delete_on_termination);
    types::BlockDeviceMapping::builder().device_name(device_name).ebs(ebs.build()).build()
}

fn network_interface(interface: &NetworkInterface) -> types::InstanceNetworkInterfaceSpecification {
    let NetworkInterface { device_index, associate_public_ip_address, groups, subnet_id } = interface;
    types::InstanceNetworkInterfaceSpecification::builder()
        .device_index(number(*device_index))
        .associate_public_ip_address(*associate_public_ip_address)
        .set_groups(Some(groups.clone()))
        .set_subnet_id(subnet_id.clone())
        .build()
}

fn metadata(options: &MetadataOptions) -> types::InstanceMetadataOptionsRequest {
    let MetadataOptions { http_tokens, http_put_response_hop_limit, instance_metadata_tags } = options;
    types::InstanceMetadataOptionsRequest::builder()
        .http_tokens(http_tokens.as_str().into())
        .http_put_response_hop_limit(number(*http_put_response_hop_limit))
        .instance_metadata_tags(instance_metadata_tags.as_str().into())
        .build()
}

fn tag_specification(
    TagSpecification { resource_type, tags: set }: &TagSpecification,
) -> types::TagSpecification {
    types::TagSpecification::builder()
        .resource_type(resource_type.as_str().into())
        .set_tags(Some(tags(set)))
        .build()
}

fn credits(CreditSpecification { cpu_credits }: &CreditSpecification) -> types::CreditSpecificationRequest {
    types::CreditSpecificationRequest::builder().cpu_credits(cpu_credits).build()
}

fn profile(IamInstanceProfile { name }: &IamInstanceProfile) -> types::IamInstanceProfileSpecification {
    types::IamInstanceProfileSpecification::builder().name(name).build()
}

fn market(options: &InstanceMarketOptions) -> types::InstanceMarketOptionsRequest {
    let InstanceMarketOptions { market_type, spot_options } = options;
    let SpotOptions { spot_instance_type, instance_interruption_behavior } = spot_options;
    let spot = types::SpotMarketOptions::builder()
        .spot_instance_type(spot_instance_type.as_str().into())
        .instance_interruption_behavior(instance_interruption_behavior.as_str().into());
    types::InstanceMarketOptionsRequest::builder()
        .market_type(market_type.as_str().into())
        .spot_options(spot.build())
        .build()
}

fn each<T, U>(list: &[T], one: fn(&T) -> U) -> Option<Vec<U>> {
    Some(list.iter().map(one).collect())
}

/// Counts and sizes are checked to be small long before.
fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
