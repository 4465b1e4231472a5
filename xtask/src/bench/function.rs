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
use self::run::{Cpu, Program, Run};
use self::runtime_api::RuntimeApi;
use self::setting::{Ec2, Programs};
use self::share::Share;
use super::Output;
use crate::tree::Tree;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Starts of the two programs that are near to each other.
const ROUNDS: usize = 155;
/// With little CPU.
const ROUNDS_IN_PART: usize = 31;
/// Node.js takes much longer, and is far away from both: it has one start in so many rounds.
const ROUNDS_A_NODE: usize = 5;

pub(super) fn bench(tree: &Tree, output: Output) -> Result<ExitCode> {
    ensure!(cfg!(target_os = "linux"), "the function is a program for Linux, so it is measured there");
    let folder = tree.target.join("bench-function");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let built = build::build(tree, &folder)?;
    let zip = folder.join("function.zip");
    let weight = package::write(&built.function, &zip)?;

    come_first();
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

/// What is started from now on runs before all else on this machine, so that its neighbours are not measured. Only root may.
fn come_first() {
    let mut renice = Command::new("renice");
    renice.args(["-n", "-20", "-p", &std::process::id().to_string()]).stdout(Stdio::null());
    let alone = renice.status().is_ok_and(|status| status.success());
    // Where the kernel shares the CPU between sessions first, that counts in this session alone.
    let session = Path::new("/proc/self/autogroup");
    let first = !session.exists() || fs::write(session, "-20").is_ok();
    if !(alone && first) {
        eprintln!("without root, what else this machine does is measured too: let it be idle");
    }
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
        // The first push launches the box, whose mailbox the others ring.
        self.warm_up(function)?;
        for round in 0..ROUNDS {
            self.whole(function, &mut of_function)?;
            self.whole(hello, &mut of_hello)?;
            if round % ROUNDS_A_NODE == 0 {
                self.whole(node, &mut of_node)?;
            }
        }
        if let Err(error) = Share::new() {
            eprintln!("the rows with little CPU are left out: {error:#}");
            return Ok((of_function, of_hello, of_node));
        }
        for round in 0..ROUNDS_IN_PART {
            self.part(function, &mut of_function)?;
            self.part(hello, &mut of_hello)?;
            if round % ROUNDS_A_NODE == 0 {
                self.part(node, &mut of_node)?;
            }
        }
        Ok((of_function, of_hello, of_node))
    }

    fn whole(&self, program: &Program, runs: &mut Runs) -> Result<()> {
        self.warm_up(program)?;
        runs.whole.push(self.run(program, Cpu::Whole)?);
        Ok(())
    }

    fn part(&self, program: &Program, runs: &mut Runs) -> Result<()> {
        self.warm_up(program)?;
        let share = Share::new()?;
        runs.part.push(self.run(program, Cpu::Part(&share))?);
        Ok(())
    }

    /// A start that does not count. Whoever comes after Node.js finds the processor's caches full of that, which made a start
    /// three times as long.
    fn warm_up(&self, program: &Program) -> Result<()> {
        self.run(program, Cpu::Whole).map(|_| ())
    }

    fn run(&self, program: &Program, cpu: Cpu<'_>) -> Result<Run> {
        run::run(program, &self.api, cpu, &self.log)
    }
}
