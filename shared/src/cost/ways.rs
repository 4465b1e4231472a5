//! The same app by other ways, for a month, honest where another one is cheaper.

use super::{Figure, HOURS, IPV4, Month, amount, beyond_free, dollars, estimate, first_type, table};
use crate::config::{Address, Config, Problem, Spot};
use crate::machine;

/// What the article that gave the idea launches, and the disk that its image brings.
const ARTICLES_TYPE: &str = "t2.micro";
const ARTICLES_DISK_GB: f64 = 8.0;

struct Plan {
    /// As GiB.
    memory: f64,
    disk_gb: f64,
    /// In a month, to and fro.
    transfer_gb: f64,
    usd: f64,
}

const fn plan(memory: f64, disk_gb: f64, transfer_gb: f64, usd: f64) -> Plan {
    Plan { memory, disk_gb, transfer_gb, usd }
}

/// Source: "Amazon Lightsail pricing", Linux with a public IPv4 address.
const LIGHTSAIL: [Plan; 7] = [
    plan(0.5, 20.0, 1_024.0, 5.0),
    plan(1.0, 40.0, 2_048.0, 7.0),
    plan(2.0, 60.0, 3_072.0, 12.0),
    plan(4.0, 80.0, 4_096.0, 24.0),
    plan(8.0, 160.0, 5_120.0, 44.0),
    plan(16.0, 320.0, 6_144.0, 84.0),
    plan(32.0, 640.0, 7_168.0, 164.0),
];

/// USD for a GB of disk beyond the plan's, for a month. Source: "Amazon Lightsail pricing", block storage.
const LIGHTSAIL_DISK: f64 = 0.10;

/// Of the regions of our table those that have Lightsail. Source: "Regions and Availability Zones for Lightsail".
const LIGHTSAIL_REGIONS: [&str; 14] = [
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
];
/// There a plan has half of the transfer. Source: "Amazon Lightsail pricing".
const LIGHTSAIL_HALF: [&str; 2] = ["ap-south-1", "ap-southeast-2"];

/// This box in two ways, and others beside it as far as there is something to compare with.
#[derive(Clone, Debug, PartialEq)]
pub struct Ways {
    pub on: Figure,
    pub asleep: Figure,
    pub article: Option<Figure>,
    pub lightsail: Option<Figure>,
}

impl Ways {
    pub fn all(&self) -> impl Iterator<Item = &Figure> {
        [&self.on, &self.asleep].into_iter().chain(&self.article).chain(&self.lightsail)
    }

    /// Which of this box and Lightsail is cheaper, in a sentence or two.
    pub fn verdict(&self) -> Option<String> {
        let lightsail = self.lightsail.as_ref()?.usd;
        let [on, asleep, price] = [self.on.usd, self.asleep.usd, lightsail].map(dollars);
        Some(match (self.on.usd <= lightsail, self.asleep.usd <= lightsail) {
            (true, _) => format!("This box is cheaper than Lightsail's {price} even when it is always on."),
            (false, true) => format!(
                "If your app is always on, Lightsail is cheaper: {price}, not {on}. If it may sleep, this box is: {asleep}."
            ),
            (false, false) if self.on.usd <= self.asleep.usd => {
                format!("Lightsail is cheaper: {price}, not {on}.")
            }
            (false, false) => format!("Lightsail is cheaper: {price}, not {asleep} or {on}."),
        })
    }
}

/// `month` is that of a box that sleeps, whether this one does or not.
pub fn ways(config: &Config, month: &Month) -> Result<Ways, Problem> {
    let on = estimate(config, &month.awake())?;
    // A spot box cannot sleep.
    let mut sleeper = config.clone();
    sleeper.box_.spot = Spot::Off;
    let asleep = estimate(&sleeper, month)?;
    Ok(Ways {
        on: Figure {
            id: "on",
            label: "This box, always on",
            usd: on.total(),
            assumes: format!("{} h a month", amount(HOURS)),
        },
        asleep: Figure {
            id: "asleep",
            label: "This box, asleep when nobody comes",
            usd: asleep.total(),
            assumes: while_asleep(config, month),
        },
        article: article(&config.box_.region, month),
        lightsail: lightsail(config, month),
    })
}

fn while_asleep(config: &Config, month: &Month) -> String {
    let hours = month.words(config);
    let costs = match config.box_.address {
        Address::Auto => "its disk",
        Address::Elastic => "its disk and its address",
    };
    let market = if config.box_.spot == Spot::Off { "" } else { ", on demand, because spot cannot sleep" };
    format!("{hours}{market}; asleep it costs {costs}")
}

/// Always on, with the same visitors.
fn article(region: &str, month: &Month) -> Option<Figure> {
    let price = |region| Some((region, table::hourly(ARTICLES_TYPE, region)?));
    let (region, price) = price(region).or_else(|| price("us-east-1"))?;
    let storage = table::storage(region)?;
    Some(Figure {
        id: "article",
        label: "The article's way",
        usd: HOURS * (price + IPV4) + ARTICLES_DISK_GB * storage.gp3 + beyond_free(month) * storage.out,
        assumes: format!(
            "{ARTICLES_TYPE} with 1 GB of memory in {region}, {ARTICLES_DISK_GB} GB of disk, always on"
        ),
    })
}

/// The cheapest plan with as much of everything, if need be with another disk.
fn lightsail(config: &Config, month: &Month) -> Option<Figure> {
    let region = config.box_.region.as_str();
    let memory = machine::size(first_type(config))?.memory_gib;
    let share = if LIGHTSAIL_HALF.contains(&region) { 0.5 } else { 1.0 };
    let fits = |plan: &&Plan| plan.memory >= memory && plan.transfer_gb * share >= month.data_out_gb;
    let more_disk = |plan: &Plan| (f64::from(config.box_.disk_gb) - plan.disk_gb).max(0.0);
    let usd = |plan: &Plan| plan.usd + more_disk(plan) * LIGHTSAIL_DISK;
    let plans = LIGHTSAIL.iter().filter(|_| LIGHTSAIL_REGIONS.contains(&region)).filter(fits);
    let plan = plans.min_by(|one, other| usd(one).total_cmp(&usd(other)))?;
    let Plan { memory, disk_gb, transfer_gb, .. } = plan;
    let (tb, more) = (transfer_gb * share / 1_024.0, more_disk(plan));
    let disk = if more > 0.0 { format!("{disk_gb} + {more}") } else { disk_gb.to_string() };
    Some(Figure {
        id: "lightsail",
        label: "Amazon Lightsail",
        usd: usd(plan),
        assumes: format!(
            "{memory} GB of memory, {disk} GB of disk and {tb} TB of traffic, charged on or off; you install and deploy yourself"
        ),
    })
}
