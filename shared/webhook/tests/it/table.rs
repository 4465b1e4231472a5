//! The table in `docs/webhooks.md`: what is made of each real delivery, and where go-scm reads something else.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use expect_test::expect_file;
use pushbox_webhook::{Action, Event, Judgement, Provider, RefKind};

use crate::golden::{Difference, compare, reason};
use crate::payloads;

/// What the files are about, a column each.
const KINDS: [&str; 6] = ["branch", "tag", "deletion", "`create`, `delete`", "ping", "other event"];

const BEGIN: &str = "<!-- begin of the table -->\n";
const END: &str = "<!-- end of the table -->\n";

#[test]
fn the_docs_show_what_is_made_of_real_deliveries() {
    if payloads::folder().is_none() {
        return;
    }
    let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/webhooks.md");
    let text = fs::read_to_string(&docs).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the docs have a place for the table");
    let (_, after) = rest.split_once(END).expect("the place has an end");
    expect_file![docs].assert_eq(&[before, BEGIN, "\n", &table(), "\n", END, after].concat());
}

fn table() -> String {
    let mut counts: BTreeMap<&str, [usize; KINDS.len()]> = BTreeMap::new();
    let mut agreement: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut differences = Vec::new();
    for (provider, payload) in payloads::ours() {
        let judgement = payload.judge(provider, payload.event(provider).as_deref());
        counts.entry(provider.name()).or_default()[kind(&judgement)] += 1;
        if let Some((same, differing)) = compare(provider, &payload) {
            let (agreed, all) = agreement.entry(provider.name()).or_default();
            *agreed += same;
            *all += same + differing.len();
            differences.extend(differing);
        }
    }
    let mut table = format!("| provider | {} | same as go-scm |\n|---|", KINDS.join(" | "));
    table += &"---|".repeat(KINDS.len() + 1);
    table.push('\n');
    for provider in Provider::ALL {
        let count = counts.get(provider.name()).copied().unwrap_or_default();
        let cells: Vec<String> =
            count.iter().map(|count| if *count == 0 { String::new() } else { count.to_string() }).collect();
        let agreed = agreement.get(provider.name());
        let agreed = agreed.map_or("no files".into(), |(same, all)| format!("{same} of {all} fields"));
        writeln!(table, "| {} | {} | {agreed} |", provider.label(), cells.join(" | ")).unwrap();
    }
    let strangers = payloads::all().iter().filter(|payload| is_strange(&payload.provider)).count();
    writeln!(table, "\nAnother {strangers} files, of Gitee and Harness, are nobody's that is known: 400.")
        .unwrap();
    table += "\nWhere go-scm reads something else:\n\n| field | files | why |\n|---|---|---|\n";
    let mut causes: Vec<(&str, &str, Vec<String>)> = Vec::new();
    for Difference { path, field, .. } in &differences {
        let file = format!("`{}`", path.trim_start_matches("drone-go-scm/"));
        let reason = reason(path, field).unwrap_or("?");
        match causes.iter_mut().find(|(of, why, _)| of == field && *why == reason) {
            Some((.., files)) => files.push(file),
            None => causes.push((field, reason, vec![file])),
        }
    }
    for (field, reason, files) in causes {
        writeln!(table, "| {field} | {} | {reason} |", files.join(", ")).unwrap();
    }
    table
}

/// Its place in [`KINDS`].
fn kind(judgement: &Judgement) -> usize {
    let change = judgement.changes.first();
    match (judgement.event, change.map(|change| (change.action, change.kind))) {
        (Event::Push, Some((Action::Deleted, _))) => 2,
        (Event::Push, Some((_, RefKind::Tag))) => 1,
        (Event::Push, _) => 0,
        (Event::Ping, _) => 4,
        (Event::Other, Some(_)) => 3,
        (Event::Other, None) => 5,
    }
}

fn is_strange(provider: &str) -> bool {
    matches!(provider, "gitee" | "harness")
}
