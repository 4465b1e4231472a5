//! What passed, failed and was skipped, and how long it took.

use std::process::ExitCode;
use std::time::Duration;

pub(crate) enum Outcome {
    Passed,
    /// With what it printed.
    Failed(String),
    /// With the reason.
    Skipped(String),
}

#[derive(Default)]
pub(crate) struct Report {
    checks: Vec<Check>,
    stages: Vec<(&'static str, Duration)>,
}

/// A test, or a whole command such as the formatter.
struct Check {
    name: String,
    time: Duration,
    outcome: Outcome,
}

impl Report {
    /// Notes an outcome. A failure is shown at once, because a long run may follow.
    pub(crate) fn add(&mut self, name: &str, time: Duration, outcome: Outcome) {
        if let Outcome::Failed(output) = &outcome {
            println!("---- {name} failed ----\n{}", output.trim_end());
        }
        self.checks.push(Check { name: name.to_owned(), time, outcome });
    }

    pub(crate) fn add_stage(&mut self, name: &'static str, time: Duration) {
        self.stages.push((name, time));
    }

    /// Prints the summary; its last line is for programs to read.
    pub(crate) fn finish(mut self) -> ExitCode {
        self.checks.sort_by_key(|check| std::cmp::Reverse(check.time));
        println!("\nslowest");
        for check in self.checks.iter().take(10) {
            println!("{:9.2} s  {}", check.time.as_secs_f64(), check.name);
        }
        println!("stages");
        for (name, time) in &self.stages {
            println!("{:9.2} s  {name}", time.as_secs_f64());
        }
        let mut failed = false;
        for check in &self.checks {
            match &check.outcome {
                Outcome::Passed => {}
                Outcome::Skipped(reason) => println!("SKIPPED {}: {reason}", check.name),
                Outcome::Failed(_) => {
                    failed = true;
                    println!("FAILED  {}", check.name);
                }
            }
        }
        println!("{}", self.counts());
        ExitCode::from(u8::from(failed))
    }

    pub(crate) fn counts(&self) -> String {
        let count = |is: fn(&Outcome) -> bool| self.checks.iter().filter(|check| is(&check.outcome)).count();
        format!(
            "{} passed, {} failed, {} skipped",
            count(|outcome| matches!(outcome, Outcome::Passed)),
            count(|outcome| matches!(outcome, Outcome::Failed(_))),
            count(|outcome| matches!(outcome, Outcome::Skipped(_))),
        )
    }
}
