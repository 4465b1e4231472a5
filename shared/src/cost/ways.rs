//! The same app by other ways, for a month, honest where another one is cheaper.

use super::{Estimate, Figure, HOURS, IPV4, Month, amount, dollars, estimate, first_type, table};
use crate::config::{Config, Problem};
use crate::machine;

/// What the article that gave the idea launches, and the disk that its image brings.
const ARTICLES_TYPE: &str = "t2.micro";
const ARTICLES_DISK_GB: f64 = 8.0;

/// GB of memory, and USD a month. Source: "Amazon Lightsail pricing", Linux with a public IPv4 address.
const LIGHTSAIL: [(f64, f64); 7] =
    [(0.5, 5.0), (1.0, 7.0), (2.0, 12.0), (4.0, 24.0), (8.0, 44.0), (16.0, 84.0), (32.0, 164.0)];

/// This box in two ways, and others beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ways {
    /// With the ids `on` and `asleep`, and then `article` and `lightsail` as far as there is something to compare with.
    pub all: Vec<Figure>,
    /// In a sentence or two.
    pub verdict: String,
}

/// `asleep` is the month of a box that sleeps, whether this one does or not.
pub fn ways(config: &Config, asleep: &Month) -> Result<Ways, Problem> {
    let total = |month: &Month| estimate(config, month).as_ref().map(Estimate::total).map_err(Clone::clone);
    let on = Month { hours: HOURS, ..*asleep };
    let mut all = vec![
        Figure {
            id: "on",
            label: "This box, always on",
            usd: total(&on)?,
            assumes: format!("{} h a month", amount(HOURS)),
        },
        Figure {
            id: "asleep",
            label: "This box, asleep when nobody comes",
            usd: total(asleep)?,
            assumes: format!("{} h a month; asleep it costs its disk", amount(asleep.hours)),
        },
    ];
    all.extend(article(&config.box_.region));
    all.extend(lightsail(config));
    let verdict = verdict(&all);
    Ok(Ways { all, verdict })
}

/// Always on, without what it spends on data and deploys.
fn article(region: &str) -> Option<Figure> {
    let (region, price) = [region, "us-east-1"]
        .into_iter()
        .find_map(|region| Some((region, table::hourly(ARTICLES_TYPE, region)?)))?;
    let disk = table::storage(region)?.gp3 * ARTICLES_DISK_GB;
    Some(Figure {
        id: "article",
        label: "The article's way",
        usd: HOURS * (price + IPV4) + disk,
        assumes: format!(
            "{ARTICLES_TYPE} with 1 GB of memory in {region}, {ARTICLES_DISK_GB} GB of disk, always on"
        ),
    })
}

/// The smallest plan with as much memory.
fn lightsail(config: &Config) -> Option<Figure> {
    let memory = machine::size(first_type(config))?.memory_gib;
    let (plan, usd) = LIGHTSAIL.into_iter().find(|(plan, _)| *plan >= memory)?;
    Some(Figure {
        id: "lightsail",
        label: "Amazon Lightsail",
        usd,
        assumes: format!(
            "the plan with {plan} GB of memory, charged on or off; you install and deploy yourself"
        ),
    })
}

fn verdict(all: &[Figure]) -> String {
    let of = |id: &str| all.iter().find(|way| way.id == id).map(|way| way.usd);
    let (Some(on), Some(asleep), Some(lightsail)) = (of("on"), of("asleep"), of("lightsail")) else {
        return String::new();
    };
    let (always, sleeping) = (on <= lightsail, asleep <= lightsail);
    let (on, asleep, lightsail) = (dollars(on), dollars(asleep), dollars(lightsail));
    match (always, sleeping) {
        (true, _) => format!("This box is cheaper than Lightsail's {lightsail} even when it is always on."),
        (false, true) => format!(
            "If your app is always on, Lightsail is cheaper: {lightsail}, not {on}. If it may sleep, this box is: {asleep}."
        ),
        (false, false) => format!("Lightsail is cheaper: {lightsail}, not {asleep} or {on}."),
    }
}
