//! `bench function`: what the function costs, beside the least that a function in Rust can be, and beside the usual way.
//! All three are started in turn in one run, so that what the machine does meanwhile happens to each of them.

mod build;
mod figures;
mod package;
mod run;
mod runtime_api;
mod setting;
mod share;

use self::figures::{Figures, Runs};
use self::run::{Cpu, Program};
use self::runtime_api::RuntimeApi;
use self::setting::{Ec2, Programs};
use self::share::Share;
use super::Output;
use crate::tree::Tree;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// Starts of each program.
const ROUNDS: usize = 31;
/// Node.js with little CPU takes seconds, and is far away from the others.
const ROUNDS_OF_NODE_IN_PART: usize = 5;

pub(super) fn bench(tree: &Tree, output: Output) -> Result<ExitCode> {
    ensure!(cfg!(target_os = "linux"), "the function is a program for Linux, so it is measured there");
    let folder = tree.target.join("bench-function");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let built = build::build(tree, &folder)?;
    let zip = folder.join("function.zip");
    let weight = package::write(&built.function, &zip)?;

    let ec2 = Ec2::start(&built.ec2_sim)?;
    let programs = setting::programs(&built, &folder, &ec2)?;
    let bench = Bench { programs, api: RuntimeApi::start()?, log: folder.join("log") };
    let (function, hello, node) = bench.all()?;
    let figures = Figures { target: built.target.clone(), weight, function, hello, node };
    match output {
        Output::Tables => println!("{}\nthe zip is {}", figures.tables(), tree.shown(&zip)),
        Output::Json => println!("{}", figures.json()),
    }
    Ok(ExitCode::from(u8::from(figures.is_any_bar_missed())))
}

struct Bench {
    programs: Programs,
    api: RuntimeApi,
    log: PathBuf,
}

impl Bench {
    /// The runs of the function, the hello world and Node.js.
    fn all(&self) -> Result<(Runs, Runs, Runs)> {
        let Programs { function, hello, node } = &self.programs;
        let [mut of_function, mut of_hello, mut of_node] = [(); 3].map(|()| Runs::default());
        // A first one of each that does not count: it brings the files into memory, and the function launches the box.
        for program in [function, hello, node] {
            self.whole(program, &mut Runs::default())?;
        }
        for _ in 0..ROUNDS {
            self.whole(function, &mut of_function)?;
            self.whole(hello, &mut of_hello)?;
            self.whole(node, &mut of_node)?;
        }
        if let Err(error) = Share::new() {
            eprintln!("the rows with little CPU are left out: {error:#}");
            return Ok((of_function, of_hello, of_node));
        }
        for round in 0..ROUNDS {
            self.part(function, &mut of_function)?;
            self.part(hello, &mut of_hello)?;
            if round < ROUNDS_OF_NODE_IN_PART {
                self.part(node, &mut of_node)?;
            }
        }
        Ok((of_function, of_hello, of_node))
    }

    fn whole(&self, program: &Program, runs: &mut Runs) -> Result<()> {
        runs.whole.push(run::run(program, &self.api, Cpu::Whole, &self.log)?);
        Ok(())
    }

    fn part(&self, program: &Program, runs: &mut Runs) -> Result<()> {
        let share = Share::new()?;
        runs.part.push(run::run(program, &self.api, Cpu::Part(&share), &self.log)?);
        Ok(())
    }
}
