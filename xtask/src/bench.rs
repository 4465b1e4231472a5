//! `bench`: what pushbox costs, measured on this machine beside something that one can compare it with. A bar that is missed
//! is a failure.

mod bar;
mod r#box;
mod cost;
mod figures;
mod function;
mod median;
mod page;
mod webhook;

use crate::tree::Tree;
use anyhow::Result;
use bar::Bar;
use serde_json::{Map, Value, json};
use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    bench: Bench,
    /// Print one line of JSON instead of tables; what is being done goes to the standard error
    #[arg(long, global = true)]
    json: bool,
}

#[derive(clap::Subcommand)]
enum Bench {
    /// A push on a box, beside rebuilding everything at each push
    Box,
    /// A month of three kinds of traffic, asleep when nobody comes, beside always on and other ways
    Cost,
    /// The function: its size, start, first answer and memory, beside a hello world in Rust and Node.js with AWS's SDK
    Function,
    /// The page in Chromium: the weight of its first visit, Lighthouse, and what a keystroke costs beside 100 variables
    Page,
    /// The judgement of a delivery, beside the HMAC over the same bytes and GitHub's own library
    Webhook,
}

/// How the result is shown.
#[derive(Clone, Copy, PartialEq)]
enum Output {
    Tables,
    Json,
}

impl Output {
    /// A bar that is missed is a failure.
    fn show(
        self,
        bench: &str,
        mut figures: Map<String, Value>,
        bars: &[Bar],
        table: fn(&Map<String, Value>, &[Bar]) -> String,
    ) -> ExitCode {
        let missed: Vec<&str> =
            bars.iter().filter(|bar| bar.is_missed()).map(|bar| bar.what.as_str()).collect();
        match self {
            Output::Tables => println!("{}", table(&figures, bars)),
            Output::Json => {
                figures.insert("bench".into(), bench.into());
                figures.insert("missed".into(), json!(missed));
                println!("{}", Value::Object(figures));
            }
        }
        ExitCode::from(u8::from(!missed.is_empty()))
    }
}

pub(crate) fn bench(tree: &Tree, options: &Options) -> Result<ExitCode> {
    let output = if options.json { Output::Json } else { Output::Tables };
    match options.bench {
        Bench::Box => r#box::bench(tree, output),
        Bench::Cost => cost::bench(tree, output),
        Bench::Function => function::bench(tree, output),
        Bench::Page => page::bench(tree, output),
        Bench::Webhook => webhook::bench(tree, output),
    }
}
