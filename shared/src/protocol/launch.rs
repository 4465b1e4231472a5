//! From the config to RunInstances: what is tried, in which order, and how.

use std::time::Duration;

use super::mailbox::{APP, SCRIPT, SPEC, script_hash};
use crate::config::{Choice, Config, Spot};
use crate::ec2::{
    BlockDeviceMapping, CreditSpecification, Ebs, IamInstanceProfile, InstanceMarketOptions, MetadataOptions,
    NetworkInterface, RunInstances, SpotOptions, Tag, TagSpecification, UserData,
};
use crate::hash::sha256_hex;
use crate::image::Image;
use crate::machine;
use crate::setup::Setup;
use crate::user_data;

/// How long EC2 may take until it shows what it launched.
pub const VISIBLE_WITHIN: Duration = Duration::from_secs(60);

/// One way to get a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    pub instance_type: &'a str,
    pub market: Market,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Market {
    OnDemand,
    /// Cheaper, and EC2 may stop it at any time.
    Spot,
}

impl<'a> Offer<'a> {
    pub fn on_demand(instance_type: &'a str) -> Offer<'a> {
        Offer { instance_type, market: Market::OnDemand }
    }

    fn spot(instance_type: &'a str) -> Offer<'a> {
        Offer { instance_type, market: Market::Spot }
    }
}

/// In the order in which they are tried: each type as spot is cheaper than any type on demand that the person would take.
pub fn offers(config: &Config) -> Vec<Offer<'_>> {
    let types = || config.box_.types.iter().map(String::as_str);
    match config.box_.spot {
        Spot::Off => types().map(Offer::on_demand).collect(),
        Spot::Only => types().map(Offer::spot).collect(),
        Spot::Fallback => types().map(Offer::spot).chain(types().map(Offer::on_demand)).collect(),
    }
}

/// The launch of such a box. `generation` counts the client tokens that are used up: a token outlives its instance by a
/// day. Neither user data nor token contains a commit, so two pushes at once make one box.
pub fn run_instances(setup: &Setup, offer: Offer<'_>, generation: u32) -> RunInstances {
    let (app, spec) = (&setup.config.app, spec(setup));
    let script = user_data::script(&setup.config, setup.installed.function_url.as_deref());
    let tags = vec![
        Tag::new("Name", format!("pushbox {app}")),
        Tag::new(APP, app.as_str()),
        Tag::new(SPEC, spec.as_str()),
        Tag::new(SCRIPT, script_hash(setup)),
    ];
    let tagged =
        |resource: &&str| TagSpecification { resource_type: resource.to_string(), tags: tags.clone() };
    RunInstances {
        client_token: client_token(app, &spec, offer, generation),
        user_data: UserData(user_data::packed(&script).into_bytes()),
        tag_specifications: tagged_resources(offer.market).iter().map(tagged).collect(),
        ..settings(setup, offer)
    }
}

fn client_token(app: &str, spec: &str, offer: Offer<'_>, generation: u32) -> String {
    let market = match offer.market {
        Market::OnDemand => "",
        Market::Spot => "\nspot",
    };
    sha256_hex(format!("{app}\n{spec}\n{}\n{generation}{market}", offer.instance_type))
}

/// A spot request outlives its instance: whoever cleans up finds it by its tag.
fn tagged_resources(market: Market) -> &'static [&'static str] {
    match market {
        Market::OnDemand => &["instance", "volume"],
        Market::Spot => &["instance", "volume", "spot-instances-request"],
    }
}

/// The name of all launch settings: what differs from a box's own takes effect with a new box only.
pub fn spec(setup: &Setup) -> String {
    let all: Vec<RunInstances> =
        offers(&setup.config).into_iter().map(|offer| settings(setup, offer)).collect();
    sha256_hex(serde_json::to_vec(&all).unwrap_or_default())
}

/// Everything about a launch but who it is for and what runs on it.
fn settings(setup: &Setup, Offer { instance_type, market }: Offer<'_>) -> RunInstances {
    let wanted = &setup.config.box_;
    let image = Image::named(&wanted.image).unwrap_or(Image::DEFAULT);
    RunInstances {
        image_id: image.image_id(machine::arch(instance_type)),
        instance_type: instance_type.to_string(),
        min_count: 1,
        max_count: 1,
        client_token: String::new(),
        user_data: UserData(Vec::new()),
        block_device_mappings: vec![BlockDeviceMapping {
            device_name: image.root_device.to_string(),
            ebs: Ebs {
                volume_size: wanted.disk_gb,
                volume_type: "gp3".into(),
                encrypted: true,
                delete_on_termination: true,
            },
        }],
        network_interfaces: vec![NetworkInterface {
            device_index: 0,
            associate_public_ip_address: true,
            groups: security_groups(setup).to_vec(),
            subnet_id: subnet(setup).map(String::from),
        }],
        // IMDSv2 only, and one hop: containers are one further away.
        metadata_options: MetadataOptions {
            http_tokens: "required".into(),
            http_put_response_hop_limit: if setup.config.run.role_for_app { 2 } else { 1 },
            instance_metadata_tags: "enabled".into(),
        },
        tag_specifications: Vec::new(),
        instance_initiated_shutdown_behavior: "stop".into(),
        credit_specification: machine::has_cpu_credits(instance_type)
            .then(|| CreditSpecification { cpu_credits: wanted.cpu_credits.name().into() }),
        iam_instance_profile: instance_profile(setup)
            .map(|name| IamInstanceProfile { name: name.to_string() }),
        key_name: wanted.key_name.clone(),
        instance_market_options: match market {
            Market::OnDemand => None,
            Market::Spot => Some(InstanceMarketOptions {
                market_type: "spot".into(),
                spot_options: SpotOptions {
                    spot_instance_type: "persistent".into(),
                    instance_interruption_behavior: "stop".into(),
                },
            }),
        },
    }
}

/// What the config says comes before what the installer says, here and below.
pub fn security_groups(setup: &Setup) -> &[String] {
    let (wanted, installed) = (&setup.config.box_.security_groups, &setup.installed.security_groups);
    if wanted.is_empty() { installed } else { wanted }
}

pub fn subnet(setup: &Setup) -> Option<&str> {
    setup.config.box_.subnet.as_deref().or(setup.installed.subnet.as_deref())
}

pub fn instance_profile(setup: &Setup) -> Option<&str> {
    setup.config.box_.instance_profile.as_deref().or(setup.installed.instance_profile.as_deref())
}
