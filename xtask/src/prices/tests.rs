//! The committed tables: what must hold of every renewal, and what others say of some of the same prices.

use super::*;
use serde_json::{Map, json};
use table::{REGIONS, cells, lines, types};

const MACHINES: &str = include_str!("../../../shared/src/cost/machines.txt");
const STORAGE: &str = include_str!("../../../shared/src/cost/storage.txt");

/// The columns' names and the regions' rows.
fn read(text: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut lines =
        text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_whitespace().collect());
    (lines.next().expect("column names"), lines.collect())
}

/// A price in millionths of a dollar, as text would have it; nothing for `-`.
fn micros(cell: &str) -> Option<u64> {
    (cell != "-").then(|| (cell.parse::<f64>().expect("a price") * 1e6).round() as u64)
}

fn price(text: &str, region: &str, column: &str) -> Option<u64> {
    let (columns, rows) = read(text);
    let place = columns.iter().position(|name| *name == column).expect("a column");
    let row = rows.iter().find(|row| row[0] == region).expect("a region");
    micros(row[place])
}

#[track_caller]
fn check(text: &str, region: &str, column: &str, dollars: &str) {
    assert_eq!(price(text, region, column), micros(dollars), "{column} in {region}");
}

#[test]
fn both_tables_have_the_same_regions_and_all_columns() {
    let (columns, machines) = read(MACHINES);
    assert_eq!(columns[1..], types().collect::<Vec<_>>());
    let (columns, storage) = read(STORAGE);
    assert_eq!(columns, ["region", "gp3", "snapshot", "out"]);
    for rows in [machines, storage] {
        assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), REGIONS);
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    }
}

#[test]
fn the_us_prices_are_those_that_karpenter_took_from_aws_in_july_2026() {
    for (name, dollars) in [
        ("t4g.nano", "0.0042"),
        ("t3a.nano", "0.0047"),
        ("t3.nano", "0.0052"),
        ("t2.nano", "0.0058"),
        ("t4g.micro", "0.0084"),
        ("t3a.micro", "0.0094"),
        ("t3.micro", "0.0104"),
        ("t2.micro", "0.0116"),
        ("t4g.small", "0.0168"),
        ("t3.small", "0.0208"),
    ] {
        check(MACHINES, "us-east-1", name, dollars);
    }
}

/// A bill, and copies of AWS's own list. Some of these prices are missing or wrong in the source of the table.
#[test]
fn prices_of_other_regions_are_those_that_others_copied_from_aws() {
    for (region, name, dollars) in [
        ("eu-west-1", "t4g.nano", "0.0046"),
        ("ap-south-1", "t4g.nano", "0.0028"),
        ("sa-east-1", "t4g.nano", "0.0067"),
        // A bill of May 2025.
        ("ap-southeast-1", "t3.small", "0.0264"),
        ("ap-southeast-1", "t3.medium", "0.0528"),
        ("ap-southeast-1", "t2.small", "0.0292"),
        // Copies of the list of September and October 2026.
        ("sa-east-1", "t3.micro", "0.0168"),
        ("sa-east-1", "t3.medium", "0.0672"),
        ("sa-east-1", "m7g.large", "0.1301"),
        ("us-east-1", "t3.medium", "0.0416"),
        ("us-east-1", "m7g.large", "0.0816"),
        ("ap-northeast-1", "t4g.small", "0.0216"),
        ("ap-south-1", "t3.large", "0.0896"),
        ("ap-south-1", "t3.micro", "0.0112"),
    ] {
        check(MACHINES, region, name, dollars);
    }
    for (region, column, dollars) in [
        ("us-east-1", "gp3", "0.08"),
        ("us-east-1", "snapshot", "0.05"),
        ("eu-central-1", "snapshot", "0.054"),
        ("sa-east-1", "gp3", "0.152"),
        ("sa-east-1", "snapshot", "0.068"),
        ("sa-east-1", "out", "0.15"),
        ("me-south-1", "out", "0.117"),
    ] {
        check(STORAGE, region, column, dollars);
    }
}

#[test]
fn every_type_is_sold_in_twelve_regions_at_least_and_little_is_missing() {
    let (columns, rows) = read(MACHINES);
    for (place, name) in columns.iter().enumerate().skip(1) {
        let sold = rows.iter().filter(|row| row[place] != "-").count();
        assert!(sold >= 12, "{name} has a price in {sold} regions");
    }
    for row in &rows {
        assert!(row.iter().filter(|cell| **cell == "-").count() <= 14, "{} has too few prices", row[0]);
    }
    let (_, rows) = read(STORAGE);
    assert!(rows.iter().flatten().all(|cell| *cell != "-"));
}

#[test]
fn a_larger_size_costs_twice_as_much() {
    let (columns, rows) = read(MACHINES);
    let family = |place: usize| columns[place].split('.').next();
    for row in &rows {
        for place in 2..columns.len() {
            let (Some(smaller), Some(larger)) = (micros(row[place - 1]), micros(row[place])) else {
                continue;
            };
            if family(place - 1) == family(place) {
                let twice = larger * 1000 / smaller;
                assert!(
                    (1950..=2050).contains(&twice),
                    "{} in {}: {smaller}, {larger}",
                    columns[place],
                    row[0]
                );
            }
        }
    }
}

#[test]
fn no_region_is_far_from_the_first() {
    for text in [MACHINES, STORAGE] {
        let (columns, rows) = read(text);
        for row in &rows {
            for place in 1..columns.len() {
                let (Some(first), Some(here)) = (micros(rows[0][place]), micros(row[place])) else {
                    continue;
                };
                let near = first / 2 <= here && here <= first * 5 / 2;
                assert!(near, "{} costs {here} in {}, and {first} in {}", columns[place], row[0], rows[0][0]);
            }
        }
    }
}

/// A made-up source: one family in two regions, with a hole, a dedicated price, and another product.
fn made_up() -> Map<String, Value> {
    let Value::Object(list) = json!({
        "t3.nano": { "us-east-1": 0.0, "eu-west-1": 0.0057 },
        "t3.micro": { "us-east-1": 0.0104, "eu-west-1": 0.0228 },
        "t3.small": { "us-east-1": 0.022 },
        "t3.2xlarge": { "us-east-1": 0.3328 },
        "t3.metal": { "us-east-1": 7.0 },
        "t3a.nano": { "us-east-1": 0.0047 },
    }) else {
        unreachable!("it is an object")
    };
    list
}

#[test]
fn what_is_not_sold_or_cannot_be_believed_is_a_dash() {
    let cells = cells(&made_up()).expect("a list");
    let table = lines(&cells);
    check(&table, "us-east-1", "t3.nano", "0.0052");
    check(&table, "us-east-1", "t3.small", "0.0208");
    for (region, name) in [("us-east-1", "t3.medium"), ("us-east-1", "t3a.nano"), ("eu-west-1", "t3.nano")] {
        assert_eq!(price(&table, region, name), None, "{name} in {region}");
    }
    assert_eq!(price(&table, "sa-east-1", "t2.nano"), None);
    let said: Vec<String> = cells.iter().filter_map(correction).collect();
    assert_eq!(
        said,
        [
            "us-east-1 t3.nano: missing; 0.0052 as its family says",
            "us-east-1 t3.small: 0.022 is that of a dedicated instance; 0.0208 as its family says",
            "us-east-1 t3a.nano: left out, because its family's prices do not agree",
            "eu-west-1 t3.nano: left out, because its family's prices do not agree",
            "eu-west-1 t3.micro: left out, because its family's prices do not agree",
        ]
    );
    let made = UNIX_EPOCH + Duration::from_secs(1_740_936_978);
    let head = head(&List { made, prices: made_up() }, &cells);
    assert!(head.contains("# As of 2025-03-02, "), "{head}");
    assert!(head.contains("1 prices that are missing there and 1 that are those of dedicated"), "{head}");
    assert!(head.ends_with("Left out: 3 that nothing confirms.\n"), "{head}");
}

#[test]
fn a_price_that_is_no_number_is_an_error() {
    let mut list = made_up();
    list["t3.nano"]["us-east-1"] = json!("free");
    let error = cells(&list).err().expect("an error").to_string();
    assert_eq!(error, "t3.nano in us-east-1 costs \"free\"");
}
