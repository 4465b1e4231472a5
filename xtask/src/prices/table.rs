//! The table as a file: a line of column names, then a line for each region.

use super::family::{self, Cleaned, Price};
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The regions of both tables: all that a new account may use or turn on, but those opened since December 2021, because nobody is known to
/// have copied what their disks cost. Local zones and the partitions of China and the US government have other rules.
pub(crate) const REGIONS: [&str; 21] = [
    "us-east-1",
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "me-south-1",
    "sa-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

const BURSTABLE: &[&str] = &["nano", "micro", "small", "medium", "large"];
const STEADY: &[&str] = &["medium", "large"];

/// What the page offers.
const FAMILIES: [(&str, &[&str]); 6] = [
    ("t2", BURSTABLE),
    ("t3", BURSTABLE),
    ("t3a", BURSTABLE),
    ("t4g", BURSTABLE),
    ("m7g", STEADY),
    ("c7g", STEADY),
];

/// The names of the types, in the order of the columns.
pub(crate) fn types() -> impl Iterator<Item = String> {
    FAMILIES.iter().flat_map(|(family, sizes)| sizes.iter().map(move |size| format!("{family}.{size}")))
}

/// What became of a type's price in a region; nothing where the type is not sold.
pub(crate) struct Cell {
    pub(crate) region: &'static str,
    pub(crate) name: String,
    pub(crate) cleaned: Option<Cleaned>,
}

/// All cells, region by region, from the source's list: for each type an object with a price for each region where it is sold, and
/// 0.0 for a price that the source has not.
pub(crate) fn cells(list: &Map<String, Value>) -> Result<Vec<Cell>> {
    let mut cells = Vec::new();
    for region in REGIONS {
        for (family, sizes) in FAMILIES {
            let quoted = quoted(list, family, region)?;
            let known: Vec<Price> = quoted.iter().filter(|price| price.micros > 0).copied().collect();
            let standard = family::standard(&known);
            for size in sizes {
                let units = family::units(size).with_context(|| format!("{size} is no size"))?;
                let sold = quoted.iter().find(|price| price.units == units);
                let cleaned = sold
                    .map(|price| family::clean((price.micros > 0).then_some(price.micros), units, standard));
                cells.push(Cell { region, name: format!("{family}.{size}"), cleaned });
            }
        }
    }
    Ok(cells)
}

/// What the source has of a family in a region, with 0 for a hole.
fn quoted(list: &Map<String, Value>, family: &str, region: &str) -> Result<Vec<Price>> {
    let mut quoted = Vec::new();
    for (name, regions) in list {
        let size = name.strip_prefix(family).and_then(|rest| rest.strip_prefix('.'));
        let (Some(units), Some(price)) = (size.and_then(family::units), regions.get(region)) else {
            continue;
        };
        let dollars = price.as_f64().with_context(|| format!("{name} in {region} costs {price}"))?;
        quoted.push(Price { units, micros: (dollars * 1e6).round() as u64 });
    }
    Ok(quoted)
}

/// The lines below the head of the file.
pub(crate) fn lines(cells: &[Cell]) -> String {
    let region_width = REGIONS.iter().map(|region| region.len()).max().unwrap_or_default();
    let width = |name: &str| name.len().max("0.0000".len());
    let mut text = format!("{:<region_width$}", "region");
    // A text takes whatever is written to it.
    for name in types() {
        let _ = write!(text, " {name:>width$}", width = width(&name));
    }
    for row in cells.chunk_by(|a, b| a.region == b.region) {
        let _ = write!(text, "\n{:<region_width$}", row[0].region);
        for cell in row {
            let price = cell.cleaned.and_then(Cleaned::micros).map_or_else(|| String::from("-"), dollars);
            let _ = write!(text, " {price:>width$}", width = width(&cell.name));
        }
    }
    text + "\n"
}

/// As many decimals as the price has, up to six.
pub(crate) fn dollars(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').to_owned()
}
