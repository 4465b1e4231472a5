//! Build, run, test, bench, dist: everything that is done with this repository is a command here, and installs what it lacks.

mod bench;
mod boot;
mod build;
mod cargo;
mod compress;
mod debian;
mod dist;
mod function;
mod function_zip;
mod fuzz;
mod glue;
mod hashed;
mod libtest;
mod light;
mod mutants;
mod need;
mod offline;
mod page;
mod platform;
mod prices;
mod release;
mod report;
mod run;
mod same_bytes;
mod samples;
mod site;
mod test;
mod tree;
mod verify;
mod watch;
mod weight;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run and test pushbox", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page with the local function and a simulated EC2; rebuild and reload on every change
    Run(run::Options),
    /// Build the page and the command line as they are released
    Build,
    /// Write the page as a static site, with compressed copies, and the function beside it
    Dist(dist::Options),
    /// Make what is offered for download: the site, the function, the command line, and their checksums (docs/release.md)
    Release(release::Options),
    /// Test everything, or the stages named
    Test(test::Options),
    /// Boot the box as a whole machine in QEMU, and deploy to it: minutes, and needs root (docs/testing.md)
    Boot,
    /// Measure what pushbox costs; a bar that is missed is a failure
    Bench(bench::Options),
    /// Throw made-up deliveries at the webhook reader, ten minutes a target (needs nightly; docs/testing.md)
    Fuzz(fuzz::Options),
    /// Change what decides about a delivery, and see whether a test notices (docs/testing.md)
    Mutants(mutants::Options),
    /// Make the table of what machines cost, and say what was corrected in its source (docs/prices.md)
    Prices(prices::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    obey(arguments).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn obey(arguments: Arguments) -> Result<ExitCode> {
    let tree = tree::Tree::find()?;
    match arguments.command {
        Command::Run(options) => run::run(&tree, &options).map(|()| ExitCode::SUCCESS),
        Command::Build => build::build(&tree).map(|()| ExitCode::SUCCESS),
        Command::Dist(options) => dist::dist(&tree, &options).map(|()| ExitCode::SUCCESS),
        Command::Release(options) => release::release(&tree, &options).map(|()| ExitCode::SUCCESS),
        Command::Test(options) => test::test(&tree, &options),
        Command::Boot => test::test(&tree, &test::Options::boot()),
        Command::Bench(options) => bench::bench(&tree, &options),
        Command::Fuzz(options) => fuzz::fuzz(&tree, &options).map(|()| ExitCode::SUCCESS),
        Command::Mutants(options) => mutants::mutants(&tree, &options).map(|()| ExitCode::SUCCESS),
        Command::Prices(options) => prices::prices(&tree, &options).map(|()| ExitCode::SUCCESS),
    }
}
