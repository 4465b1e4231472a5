//! `test`: every check of the repository, in stages. CI runs all of them and nothing else.

use crate::cargo::{Program, Role};
use crate::libtest::{self, Setting};
use crate::page::{self, Kind, WASM};
use crate::report::{Outcome, Report};
use crate::tree::Tree;
use crate::{boot, cargo, debian, dist, function, need};
use anyhow::{Error, Result};
use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// The packages that are built together. Always the same ones: Cargo unites the features of what it builds at
/// once, so another selection would compile their dependencies again. `lambda` is alone because of its SDK,
/// `xtask` because its dependencies are there already.
const PACKAGES: [&str; 6] =
    ["pushbox-webhook", "pushbox-shared", "ec2-sim", "pushbox", "pushbox-web", "tests"];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The stages to run, instead of all
    stages: Vec<Stage>,
    /// Run only the tests with this text in their name
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Stage {
    /// The code is formatted
    Fmt,
    /// The compiler and clippy have no complaint
    Lint,
    /// Every crate's own tests
    Unit,
    /// The page in a browser
    Page,
    /// What crosses crates: AWS's own SDK against the simulated EC2, the local run
    Cross,
    /// The function: its lint, and the real program against the simulated EC2 and moto; its SDK takes minutes to build
    Function,
    /// The script on a real box: bash, git, dockerd and cloud-init in namespaces, which needs root
    Box,
    /// The box as a whole machine, booted in QEMU, which needs root
    Boot,
    /// fmt, lint and unit, which need no network, root, browser or Python
    Fast,
}

const ALL: [Stage; 8] = [
    Stage::Fmt,
    Stage::Lint,
    Stage::Unit,
    Stage::Page,
    Stage::Cross,
    Stage::Function,
    Stage::Box,
    Stage::Boot,
];

impl Options {
    /// The one stage that is a command of its own too.
    pub(crate) fn boot() -> Options {
        Options { stages: vec![Stage::Boot], only: None }
    }
}

pub(crate) fn test(tree: &Tree, options: &Options) -> Result<ExitCode> {
    let chosen = |stage: &Stage| {
        let fast =
            [Stage::Fmt, Stage::Lint, Stage::Unit].contains(stage) && options.stages.contains(&Stage::Fast);
        options.stages.is_empty() || options.stages.contains(stage) || fast
    };
    let stages: Vec<Stage> = ALL.into_iter().filter(chosen).collect();
    let mut session = Session {
        tree,
        report: Report::default(),
        setting: Setting { environment: Vec::new(), only: options.only.clone() },
        programs: None,
    };
    // Before the first test, because it brings the shellcheck that others use if it is there.
    if stages.contains(&Stage::Cross) || stages.contains(&Stage::Function) {
        session.stage("setup", Session::tools);
    }
    if let Some(shellcheck) = need::shellcheck(tree) {
        session.give("PUSHBOX_SHELLCHECK", shellcheck);
    }
    // Beside everything else there is time for one boot.
    if options.stages.contains(&Stage::Boot) {
        session.give("PUSHBOX_ALL_BOOTS", "1");
    }
    if stages.contains(&Stage::Cross) {
        session.stage("setup of checkov", Session::checkov);
    }
    for stage in stages {
        match stage {
            Stage::Fmt => session.stage("fmt", Session::fmt),
            Stage::Lint => session.stage("lint", Session::lint),
            Stage::Unit => session.stage("unit", Session::unit),
            Stage::Page => session.stage("page", Session::page),
            Stage::Cross => session.stage("cross", Session::cross),
            Stage::Function => session.stage("function", Session::function),
            Stage::Box => session.stage("box", Session::sandbox),
            Stage::Boot => session.stage("boot", Session::boot),
            Stage::Fast => unreachable!("it stands for other stages"),
        }
    }
    Ok(session.report.finish())
}

struct Session<'a> {
    tree: &'a Tree,
    report: Report,
    setting: Setting,
    /// The programs built from `PACKAGES`, once a stage has asked for them.
    programs: Option<Vec<Program>>,
}

impl Session<'_> {
    /// Runs a stage. An error is a failure of that stage, and the others still run.
    fn stage(&mut self, name: &'static str, stage: fn(&mut Self) -> Result<()>) {
        println!("\n== {name}");
        let start = Instant::now();
        if let Err(error) = stage(self) {
            self.report.add(name, start.elapsed(), Outcome::Failed(format!("{error:#}")));
        }
        self.report.add_stage(name, start.elapsed());
    }

    fn fmt(&mut self) -> Result<()> {
        self.check("fmt", self.tree.cargo().args(["fmt", "--all", "--check"]))
    }

    fn lint(&mut self) -> Result<()> {
        let clippy = |packages: &[&str], arguments: &[&str]| {
            let mut command = self.tree.cargo();
            command.arg("clippy").args(packages.iter().map(|package| format!("--package={package}")));
            command.args(arguments).args(["--", "--deny=warnings"]);
            command
        };
        let mut here = clippy(&[&PACKAGES[..], &["xtask"]].concat(), &["--all-targets"]);
        let mut page = clippy(&["pushbox-web"], &["--target", WASM]);
        self.check("lint", &mut here)?;
        match need::wasm_target() {
            Ok(()) => self.check("lint of the page", &mut page)?,
            Err(error) => self.missing("lint of the page", &error),
        }
        Ok(())
    }

    fn unit(&mut self) -> Result<()> {
        self.run(|program| !crosses(program))?;
        let xtask = self.build(&["xtask"])?;
        self.run_all(&xtask, |_| true)
    }

    fn page(&mut self) -> Result<()> {
        if let Err(error) = need::wasm_target() {
            self.missing("the page", &error);
            return Ok(());
        }
        let start = Instant::now();
        let site = page::build(self.tree, Kind::Release)?;
        let folder = page::folder(self.tree, Kind::Release);
        site.write(&folder)?;
        let dist = self.tree.target.join("site/dist");
        let weight = dist::write(&site, &dist)?;
        self.report.add("the page builds", start.elapsed(), Outcome::Passed);
        let outcome = weight
            .hold(self.tree)
            .map_or_else(|error| Outcome::Failed(format!("{error:#}")), |()| Outcome::Passed);
        self.report.add("the first visit is light", Duration::ZERO, outcome);
        self.give("PUSHBOX_PAGE_DIR", folder);
        self.give("PUSHBOX_DIST_DIR", dist);
        match need::browser() {
            Ok(browser) => {
                self.give("PUSHBOX_CHROMIUM", browser.chromium);
                self.give("PUSHBOX_CHROMEDRIVER", browser.chromedriver);
            }
            Err(error) => self.missing("the page in a browser", &error),
        }
        match need::axe(self.tree) {
            Ok(axe) => self.give("PUSHBOX_AXE", axe),
            Err(error) => self.missing("barriers in the page", &error),
        }
        self.run(|program| crosses(program) && program.name == "page")
    }

    fn cross(&mut self) -> Result<()> {
        self.run(|program| {
            crosses(program) && !["page", "function", "box_run", "boot"].contains(&program.name.as_str())
        })
    }

    fn function(&mut self) -> Result<()> {
        let start = Instant::now();
        let programs = function::build(self.tree)?;
        self.report.add("the function builds, with no complaint", start.elapsed(), Outcome::Passed);
        if let Some(bootstrap) = programs.iter().find(|program| program.role == Role::Binary) {
            self.give("PUSHBOX_BOOTSTRAP", bootstrap.file.clone());
            self.give("PUSHBOX_FUNCTION_ZIP", function::zip(self.tree, &bootstrap.file)?);
        }
        self.run_all(&programs, |_| true)?;
        self.run(|program| crosses(program) && program.name == "function")
    }

    fn sandbox(&mut self) -> Result<()> {
        match debian::folder(self.tree) {
            Ok(debian) => self.give("PUSHBOX_DEBIAN", debian),
            Err(error) => self.missing("the script on a box", &error),
        }
        match debian::bare_folder(self.tree) {
            Ok(debian) => self.give("PUSHBOX_BARE_DEBIAN", debian),
            Err(error) => self.missing("the script on a box with nothing installed", &error),
        }
        self.run(|program| crosses(program) && program.name == "box_run")
    }

    fn boot(&mut self) -> Result<()> {
        match boot::image(self.tree) {
            Ok(image) => self.give("PUSHBOX_MACHINE", image),
            Err(error) => self.missing("the box as a machine", &error),
        }
        self.run(|program| crosses(program) && program.name == "boot")
    }

    fn tools(&mut self) -> Result<()> {
        match need::python(self.tree) {
            Ok(python) => self.give("PUSHBOX_PYTHON", python),
            Err(error) => self.missing("AWS's own SDK", &error),
        }
        if let Err(error) = need::unzip() {
            self.missing("the function's zip, unpacked", &error);
        }
        Ok(())
    }

    fn checkov(&mut self) -> Result<()> {
        match need::checkov(self.tree) {
            Ok(checkov) => self.give("PUSHBOX_CHECKOV", checkov),
            Err(error) => self.missing("checkov", &error),
        }
        Ok(())
    }

    /// Runs a command that is one check.
    fn check(&mut self, name: &str, command: &mut Command) -> Result<()> {
        let start = Instant::now();
        let outcome = match cargo::run(command) {
            Ok(()) => Outcome::Passed,
            Err(error) => Outcome::Failed(format!("{error:#}")),
        };
        self.report.add(name, start.elapsed(), outcome);
        Ok(())
    }

    /// Runs the chosen test programs of `PACKAGES`.
    fn run(&mut self, chosen: fn(&Program) -> bool) -> Result<()> {
        let programs = match self.programs.take() {
            Some(programs) => programs,
            None => self.build(&PACKAGES)?,
        };
        let binary =
            programs.iter().find(|program| program.role == Role::Binary && program.name == "pushbox");
        if let Some(folder) = binary.and_then(|binary| binary.file.parent()) {
            self.give("PUSHBOX_BIN_DIR", folder.to_owned());
        }
        let result = self.run_all(&programs, chosen);
        self.programs = Some(programs);
        result
    }

    fn run_all(&mut self, programs: &[Program], chosen: fn(&Program) -> bool) -> Result<()> {
        for program in programs.iter().filter(|program| program.role == Role::Test && chosen(program)) {
            libtest::run(self.tree, programs, program, &self.setting, &mut self.report)?;
        }
        Ok(())
    }

    /// Builds binaries and test programs in one go, with one set of features.
    fn build(&self, packages: &[&str]) -> Result<Vec<Program>> {
        let mut command = self.tree.cargo();
        command.args(["build", "--bins", "--tests"]);
        command.args(packages.iter().map(|package| format!("--package={package}")));
        let mut programs = cargo::build(&mut command)?;
        programs.sort_by(|one, two| (&one.package, &one.name).cmp(&(&two.package, &two.name)));
        Ok(programs)
    }

    fn give(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.setting.environment.push((name, value.into()));
    }

    /// Something is not here and cannot be installed: a person goes on without it, CI must not.
    fn missing(&mut self, name: &str, error: &Error) {
        let text = format!("{error:#}");
        let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
        let outcome = if in_ci { Outcome::Failed(text) } else { Outcome::Skipped(text) };
        self.report.add(name, Duration::ZERO, outcome);
    }
}

/// Whether the program's tests need more than Rust. In the package `tests`, those of the target `tree` do not:
/// they look at the repository's own files.
fn crosses(program: &Program) -> bool {
    program.package.ends_with("tests") && program.name != "tests" && program.name != "tree"
}
