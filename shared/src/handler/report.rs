//! The agent's report lines in the box's console output.
//!
//! The console also carries kernel lines and whatever the app's author made the box print, so a line is believed only
//! if all of it is a report.

use serde::{Deserialize, Serialize};

/// `pushbox {"commit":"…","step":"build","state":"failed","seconds":41.2,"detail":"…"}`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub commit: String,
    pub step: String,
    pub state: String,
    pub seconds: f64,
    pub detail: String,
}

impl Report {
    /// All reports of a console output, oldest first.
    pub fn all_in(console: &str) -> Vec<Report> {
        console.lines().filter_map(Report::of_line).collect()
    }

    /// Kernel and journal put their own words before it.
    fn of_line(line: &str) -> Option<Report> {
        let (_, json) = line.split_once("pushbox {")?;
        serde_json::from_str(&format!("{{{}", json.trim_end())).ok()
    }
}
