//! The agent's report lines in the box's console output.
//!
//! The console also carries kernel lines, which may begin in the middle of a report, and whatever the app's author made the
//! box print: a line is believed only if it ends with a report, whole and of the form that the agent writes.

use serde::{Deserialize, Serialize};

/// `pushbox {"commit":"…","step":"build","state":"failed","seconds":41.2,"detail":"…"}`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// In hex; empty where it is not known yet.
    pub commit: String,
    /// `fetch`, `build`, …
    pub step: String,
    /// One of four words.
    pub state: String,
    pub seconds: f64,
    pub detail: String,
}

/// `unchanged`: what was wanted was served already.
const STATES: [&str; 4] = ["started", "done", "failed", "unchanged"];

/// Characters; the script cuts there.
const DETAIL_LIMIT: usize = 2_000;

impl Report {
    /// All reports of a console output, oldest first.
    pub fn all_in(console: &str) -> Vec<Report> {
        console.lines().filter_map(Report::of_line).collect()
    }

    /// Kernel and journal put their own words before it, and a report that was cut off may be one of them.
    fn of_line(line: &str) -> Option<Report> {
        const MARK: &str = "pushbox {";
        let line = line.trim_end();
        // Of a line with a thousand marks a few are tried: somebody is having fun with it.
        let places = line.match_indices(MARK).take(8);
        let json = places.filter_map(|(at, _)| line.get(at + MARK.len() - 1..));
        json.filter_map(|json| serde_json::from_str(json).ok()).find(Report::is_plausible)
    }

    fn is_plausible(&self) -> bool {
        self.commit.len() <= 64
            && self.commit.bytes().all(|b| b.is_ascii_hexdigit())
            && (1..=20).contains(&self.step.len())
            && self.step.bytes().all(|b| b.is_ascii_lowercase())
            && STATES.contains(&self.state.as_str())
            && (0.0..1e9).contains(&self.seconds)
            && self.detail.chars().count() <= DETAIL_LIMIT
            && !self.detail.chars().any(|c| c.is_control() && c != '\n')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"pushbox {"commit":"c0ffee","step":"build","state":"failed","seconds":41.2,"detail":"no Dockerfile"}"#;

    /// How many reports are found.
    #[track_caller]
    fn check(console: &str, reports: usize) {
        assert_eq!(Report::all_in(console).len(), reports, "{console}");
    }

    #[test]
    fn a_report_is_found_among_others_lines() {
        check(&format!("boot\n{REPORT}\nmore\n{REPORT}\r\n"), 2);
        check(&format!("[   12.0] cloud-init[900]: {REPORT}"), 1);
        check("", 0);
        check("pushbox is a word\npushbox {", 0);
    }

    #[test]
    fn what_interleaves_spoils_its_own_line_only() {
        let (start, end) = REPORT.split_at(40);
        check(&format!("{start}[   12.0] eth0: up\n{end}\n{REPORT}\n"), 1);
        // Cut off without a newline, and said again.
        check(&format!("{start}{REPORT}\n"), 1);
        // The first line of the last 64 KiB has lost its beginning.
        check(&format!("{end}\n{REPORT}"), 1);
        check(&format!("{REPORT}[   12.0] eth0: up\n"), 0);
    }

    #[test]
    fn only_what_the_agent_could_have_written_counts() {
        for (old, new) in [
            ("\"c0ffee\"", "1"),
            ("c0ffee", "<script>"),
            ("c0ffee", &"c".repeat(65)),
            ("build", "BUILD it"),
            ("build", ""),
            ("failed", "excellent"),
            ("41.2", "-1"),
            ("41.2", "1e300"),
            ("41.2", "\"41\""),
            ("no Dockerfile", &"x".repeat(2_001)),
            ("no Dockerfile", "\\u001b[2J"),
            ("\"detail\"", "\"more\":1,\"detail\""),
            (",\"detail\":\"no Dockerfile\"", ""),
            ("}", "} "),
            ("}", "}}"),
        ] {
            let console = REPORT.replace(old, new);
            let reports = usize::from(new == "} ");
            check(&console, reports);
        }
        check(&REPORT.replace("c0ffee", ""), 1);
        check(&REPORT.replace("no Dockerfile", "its last words:\\nno database"), 1);
    }
}
