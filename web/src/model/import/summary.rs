//! What was taken, in plain words.

use pushbox_shared::config::FIELDS;

use super::taken::Taken;
use crate::model::draft::{Entry, lines};

/// Such as `port 3000, 4 variables`; empty where nothing was taken.
pub fn summary(taken: &Taken) -> String {
    let filled = FIELDS.iter().filter_map(|field| {
        Some(match taken.draft.entry(field.path)? {
            Entry::Text(text) => match (field.path, lines(text).count()) {
                ("run.volumes", count) => counted(count, "volume", "volumes"),
                ("run.extra_ports", count) => counted(count, "extra port", "extra ports"),
                (_, 2..) => {
                    format!("{}: {}", lower(field.label), text.lines().collect::<Vec<_>>().join(", "))
                }
                (_, _) => format!("{} {text}", lower(field.label)),
            },
            Entry::Flag(true) => lower(field.label),
            Entry::Flag(false) => format!("no {}", lower(field.label)),
            Entry::Rows(rows) => match field.path {
                "build.args" => counted(rows.len(), "build argument", "build arguments"),
                _ => counted(rows.len(), "variable", "variables"),
            },
        })
    });
    filled.collect::<Vec<_>>().join(", ")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// A label in the middle of a sentence: `Port` but not `Repository URL` or `AWS role`.
fn lower(label: &str) -> String {
    let mut chars = label.chars();
    let first = chars.next().unwrap_or_default();
    if chars.clone().next().is_some_and(char::is_lowercase) {
        first.to_ascii_lowercase().to_string() + chars.as_str()
    } else {
        label.to_string()
    }
}
