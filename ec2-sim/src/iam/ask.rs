//! What EC2 asks IAM before it does what a call says: every action, on every resource, with what is known of both.
//!
//! Source: "Actions, resources, and condition keys for Amazon EC2" in the Service Authorization Reference, and "Grant
//! permission to tag Amazon EC2 resources during creation" in the EC2 User Guide.

use pushbox_shared::ec2::{RunInstances, Tag};
use pushbox_shared::region::partition;

use super::condition::Context;
use crate::action::Action;

/// The account's number: AWS's own for examples.
pub const ACCOUNT: &str = "123456789012";

/// One question to IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) action: &'static str,
    /// An ARN, or `*` where the action knows no resources.
    pub(crate) resource: String,
    pub(crate) context: Context,
}

/// All must be answered with yes. `tags_of` knows the tags of an instance and of an address; of what is not there EC2 asks
/// nothing, because it says so before.
pub(crate) fn asks<'a>(
    action: &Action,
    region: &str,
    tags_of: impl Fn(&str) -> Option<&'a [Tag]>,
) -> Vec<Ask> {
    let of_instances = |name: &'static str, ids: &[String]| -> Vec<Ask> {
        let known = ids.iter().filter_map(|id| Some((id, tags_of(id)?)));
        let ask = |(id, tags): (&String, &[Tag])| Ask {
            action: name,
            resource: own(region, &format!("instance/{id}")),
            context: of_resource(tags),
        };
        known.map(ask).collect()
    };
    match action {
        Action::RunInstances(request) => of_launch(request, region),
        Action::DescribeInstances(_) => {
            vec![Ask { action: "ec2:DescribeInstances", resource: "*".into(), context: Context::new() }]
        }
        Action::CreateTags(request) => {
            let mut asks = of_instances("ec2:CreateTags", &request.resources);
            asks.iter_mut().for_each(|ask| ask.context.extend(of_request(&request.tags)));
            asks
        }
        Action::AllocateAddress(request) => {
            let tags = request.tag_specifications.iter().flat_map(|one| one.tags.clone()).collect::<Vec<_>>();
            let (resource, context) = (own(region, "elastic-ip/*"), of_request(&tags));
            vec![Ask { action: "ec2:AllocateAddress", resource, context }]
        }
        Action::DescribeAddresses(_) => {
            vec![Ask { action: "ec2:DescribeAddresses", resource: "*".into(), context: Context::new() }]
        }
        Action::AssociateAddress(request) => {
            let mut asks = of_instances("ec2:AssociateAddress", std::slice::from_ref(&request.instance_id));
            let mut ask = |resource: &str, context| {
                let resource = own(region, resource);
                asks.push(Ask { action: "ec2:AssociateAddress", resource, context });
            };
            if let Some(tags) = tags_of(&request.allocation_id) {
                ask(&format!("elastic-ip/{}", request.allocation_id), of_resource(tags));
            }
            ask("network-interface/*", Context::new());
            asks
        }
        Action::StartInstances(which) => of_instances("ec2:StartInstances", &which.instance_ids),
        Action::StopInstances(which) => of_instances("ec2:StopInstances", &which.instance_ids),
        Action::RebootInstances(which) => of_instances("ec2:RebootInstances", &which.instance_ids),
        Action::TerminateInstances(which) => of_instances("ec2:TerminateInstances", &which.instance_ids),
        Action::GetConsoleOutput(which) => {
            of_instances("ec2:GetConsoleOutput", std::slice::from_ref(&which.instance_id))
        }
        Action::DescribeInstanceAttribute(which) => {
            of_instances("ec2:DescribeInstanceAttribute", std::slice::from_ref(&which.instance_id))
        }
    }
}

/// RunInstances is asked for each kind of resource that it uses or makes; what it tags is asked for once more, and so
/// are the parameter that names the image and the role that goes with the instance.
fn of_launch(request: &RunInstances, region: &str) -> Vec<Ask> {
    let run = |resource: String, context: Context| Ask { action: "ec2:RunInstances", resource, context };
    let tags = |kind: &str| request.tag_specifications.iter().find(|one| one.resource_type == kind);
    let of_kind = |kind: &str| tags(kind).map(|one| of_request(&one.tags)).unwrap_or_default();

    let image = request.image_id.strip_prefix("resolve:ssm:");
    let image_id = if image.is_some() { "ami-0123456789abcdef0" } else { request.image_id.as_str() };
    let mut of_instance = of_kind("instance");
    of_instance.insert("ec2:InstanceType".into(), vec![request.instance_type.clone()]);
    of_instance.insert("ec2:MetadataHttpTokens".into(), vec![request.metadata_options.http_tokens.clone()]);

    let mut asks = vec![
        run(public("ec2", region, &format!("image/{image_id}")), Context::new()),
        run(own(region, "instance/*"), of_instance),
        run(own(region, "volume/*"), of_kind("volume")),
        run(own(region, "network-interface/*"), of_kind("network-interface")),
    ];
    // Where the request names none, EC2 takes the default ones, and asks for those.
    let interface = request.network_interfaces.first();
    let subnet = interface.and_then(|one| one.subnet_id.as_deref()).unwrap_or("subnet-0default0000000000");
    asks.push(run(own(region, &format!("subnet/{subnet}")), Context::new()));
    let groups = interface.map_or(&[][..], |one| &one.groups);
    let default_group = ["sg-0default0000000000".to_string()];
    for group in if groups.is_empty() { &default_group } else { groups } {
        asks.push(run(own(region, &format!("security-group/{group}")), Context::new()));
    }
    if let Some(key) = &request.key_name {
        asks.push(run(own(region, &format!("key-pair/{key}")), Context::new()));
    }
    for one in &request.tag_specifications {
        let mut context = of_request(&one.tags);
        context.insert("ec2:CreateAction".into(), vec!["RunInstances".into()]);
        let resource = own(region, &format!("{}/*", one.resource_type));
        asks.push(Ask { action: "ec2:CreateTags", resource, context });
    }
    if request.instance_market_options.is_some() {
        asks.push(run(own(region, "spot-instances-request/*"), of_kind("spot-instances-request")));
    }
    if let Some(name) = image {
        let resource = public("ssm", region, &format!("parameter{name}"));
        asks.push(Ask { action: "ssm:GetParameters", resource, context: Context::new() });
    }
    if let Some(profile) = &request.iam_instance_profile {
        // The role has its profile's name here, as it has where the console made both.
        let resource = format!("arn:{}:iam::{ACCOUNT}:role/{}", partition(region).id, profile.name);
        let context = [("iam:PassedToService".into(), vec!["ec2.amazonaws.com".into()])].into();
        asks.push(Ask { action: "iam:PassRole", resource, context });
    }
    asks
}

/// Of the tags that a request sets.
fn of_request(tags: &[Tag]) -> Context {
    let mut context = Context::new();
    for Tag { key, value } in tags {
        context.insert(format!("aws:RequestTag/{key}"), vec![value.clone()]);
        context.entry("aws:TagKeys".into()).or_default().push(key.clone());
    }
    context
}

/// Of the tags that a resource has.
fn of_resource(tags: &[Tag]) -> Context {
    let both = |Tag { key, value }: &Tag| {
        ["aws", "ec2"].map(|prefix| (format!("{prefix}:ResourceTag/{key}"), vec![value.clone()]))
    };
    tags.iter().flat_map(both).collect()
}

fn own(region: &str, resource: &str) -> String {
    format!("arn:{}:ec2:{region}:{ACCOUNT}:{resource}", partition(region).id)
}

/// What belongs to no account.
fn public(service: &str, region: &str, resource: &str) -> String {
    format!("arn:{}:{service}:{region}::{resource}", partition(region).id)
}
