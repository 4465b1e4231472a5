//! pushbox for terminals and CI, and the local run. Everything it says comes from `shared`.
//!
//! Exit codes: 0 judged or done (an ignored or refused delivery is a judgement), 1 the config or input is wrong, 2 usage.

mod args;
mod commands;
mod cost;
mod function_zip;
mod input;
mod local;
mod output;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Render(args) => commands::render(&args),
        Command::Webhook(args) => commands::webhook(&args),
        Command::Sign(args) => commands::sign(&args),
        Command::Check(args) => commands::check(&args),
        Command::Cost(args) => cost::cost(&args),
        Command::Local(args) => local::run(&args),
        Command::Help(args) => commands::help(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
