//! What came out, the bars that it must not miss, and both on paper.

use super::package::Weight;
use super::run::Run;
use crate::bench::bar::{Bar, Wanted};
use crate::bench::median::median;
use serde_json::{Value, json};

/// The bars. The first two are ratios within one run of this command, because machines differ.
const START_RATIO_TO_HELLO: f64 = 2.0;
const NODE_RATIO: f64 = 100.0;
/// A tenth of the smallest function that Lambda has.
const PEAK_MB: f64 = 12.0;
const ZIP_BYTES: f64 = 2_500_000.0;

/// All runs of one program.
#[derive(Default)]
pub(super) struct Runs {
    pub(super) whole: Vec<Run>,
    /// With a part of one processor; none where that cannot be had.
    pub(super) part: Vec<Run>,
}

pub(super) struct Figures {
    pub(super) target: String,
    pub(super) weight: Weight,
    pub(super) function: Runs,
    pub(super) hello: Runs,
    pub(super) node: Runs,
}

impl Runs {
    fn start(&self) -> f64 {
        middle(&self.whole, |run| run.start)
    }

    fn answer(&self) -> f64 {
        middle(&self.whole, |run| run.answer)
    }

    fn start_in_part(&self) -> Option<f64> {
        (!self.part.is_empty()).then(|| middle(&self.part, |run| run.start))
    }

    fn answer_in_part(&self) -> Option<f64> {
        (!self.part.is_empty()).then(|| middle(&self.part, |run| run.answer))
    }

    /// The largest, in MB: memory is no matter of luck.
    fn peak_mb(&self) -> f64 {
        let peaks = self.whole.iter().chain(&self.part).map(|run| run.peak);
        peaks.max().map_or(f64::NAN, |bytes| bytes as f64 / 1e6)
    }
}

fn middle(runs: &[Run], figure: fn(&Run) -> f64) -> f64 {
    median(&runs.iter().map(figure).collect::<Vec<_>>()).unwrap_or(f64::NAN)
}

impl Figures {
    fn bars(&self) -> [Bar; 4] {
        [
            Bar {
                what: "start, as multiple of the hello world's".into(),
                found: self.function.start() / self.hello.start(),
                wanted: Wanted::AtMost(START_RATIO_TO_HELLO),
            },
            Bar {
                what: "start of Node.js, as multiple of the function's".into(),
                found: self.node.start() / self.function.start(),
                wanted: Wanted::AtLeast(NODE_RATIO),
            },
            Bar {
                what: "peak memory in MB".into(),
                found: self.function.peak_mb(),
                wanted: Wanted::AtMost(PEAK_MB),
            },
            Bar {
                what: "zip in bytes".into(),
                found: self.weight.zip as f64,
                wanted: Wanted::AtMost(ZIP_BYTES),
            },
        ]
    }

    pub(super) fn is_any_bar_missed(&self) -> bool {
        self.bars().iter().any(Bar::is_missed)
    }

    pub(super) fn tables(&self) -> String {
        let Figures { target, weight, function, hello, node } = self;
        let all = [function, hello, node];
        let mut lines = vec![
            format!(
                "{target}, medians of {} runs each, in turn; {} for the rows with little CPU",
                counts(all, |runs| runs.whole.len()),
                counts(all, |runs| runs.part.len())
            ),
            format!("{:<32} {:>12} {:>12} {:>12}", "", "pushbox", "hello", "Node.js"),
        ];
        let mut row = |name: &str, figure: fn(&Runs) -> Option<f64>, unit: &str| {
            let cell = |runs| figure(runs).map_or("-".to_owned(), |value| format!("{value:.1} {unit}"));
            let [function, hello, node] = all.map(cell);
            lines.push(format!("{name:<32} {function:>12} {hello:>12} {node:>12}"));
        };
        row("start", |runs| Some(runs.start()), "ms");
        row("start to first answer", |runs| Some(runs.answer()), "ms");
        row("start with 7.2 % of a CPU", Runs::start_in_part, "ms");
        row("start to first answer with that", Runs::answer_in_part, "ms");
        row("peak memory", |runs| Some(runs.peak_mb()), "MB");
        lines.push(format!("program {} bytes, zip {} bytes", weight.program, weight.zip));
        lines.extend(self.bars().iter().map(Bar::shown));
        lines.join("\n")
    }

    /// One line.
    pub(super) fn json(&self) -> Value {
        let Figures { target, weight, function, hello, node } = self;
        let [hello_ratio, node_ratio, ..] = self.bars().map(|bar| bar.found);
        let of = |figure: fn(&Runs) -> Option<f64>| json!({ "pushbox": figure(function), "hello": figure(hello), "node": figure(node) });
        let missed: Vec<_> = self.bars().into_iter().filter(Bar::is_missed).map(|bar| bar.what).collect();
        json!({
            "bench": "function",
            "target": target,
            "start_ratio_to_hello": hello_ratio,
            "node_ratio": node_ratio,
            "peak_mb": function.peak_mb(),
            "zip_bytes": weight.zip,
            "program_bytes": weight.program,
            "start_ms": of(|runs| Some(runs.start())),
            "answer_ms": of(|runs| Some(runs.answer())),
            "start_with_little_cpu_ms": of(Runs::start_in_part),
            "answer_with_little_cpu_ms": of(Runs::answer_in_part),
            "all_peak_mb": of(|runs| Some(runs.peak_mb())),
            "missed": missed,
        })
    }
}

fn counts(all: [&Runs; 3], count: fn(&Runs) -> usize) -> String {
    all.map(|runs| count(runs).to_string()).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(start: f64, peak: u64) -> Runs {
        Runs { whole: vec![Run { start, answer: start, peak }], part: Vec::new() }
    }

    fn figures(start: f64) -> Figures {
        Figures {
            target: "here".into(),
            weight: Weight { program: 5_000_000, zip: 2_500_000 },
            function: runs(start, 12_000_000),
            hello: runs(1.0, 1),
            node: runs(200.0, 1),
        }
    }

    #[test]
    fn a_figure_at_its_bar_is_not_missed() {
        let figures = figures(2.0);
        assert!(!figures.is_any_bar_missed(), "{}", figures.tables());
        assert_eq!(figures.json()["missed"], json!([]));
    }

    #[test]
    fn a_figure_beyond_its_bar_is_missed_and_named() {
        let figures = figures(2.01);
        assert!(figures.is_any_bar_missed());
        assert_eq!(figures.json()["missed"].as_array().map(Vec::len), Some(2), "{}", figures.json());
        assert!(
            figures.tables().contains("MISSED  start, as multiple of the hello world's: 2.01, at most 2")
        );
    }

    #[test]
    fn without_a_run_nothing_is_reached() {
        let figures = Figures { function: Runs::default(), ..figures(1.0) };
        assert!(figures.is_any_bar_missed());
        assert_eq!(figures.json()["start_ms"]["pushbox"], Value::Null, "no number is made up");
    }
}
