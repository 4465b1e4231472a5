//! What must be on the machine, beyond Rust, and how it gets there. Every installation says first what it is for.

use crate::cargo::{run, shown};
use crate::tree::Tree;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Python packages of the tests, each with its exact version.
const PYTHON_PACKAGES: &str = include_str!("../venv.txt");

/// Another installation may be going on: apt waits for its end, this many seconds at most.
const WAIT_FOR_LOCK: &str = "--option=DPkg::Lock::Timeout=120";

/// The compiler's library for the page.
pub(crate) fn wasm_target() -> Result<()> {
    let wasm = crate::page::WASM;
    let rustc = Command::new("rustc")
        .args(["--print=target-libdir", "--target", wasm])
        .output()
        .context("cannot start rustc")?;
    if rustc.status.success() && Path::new(String::from_utf8_lossy(&rustc.stdout).trim()).exists() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", wasm]);
    say(&rustup, "to compile the page");
    run(&mut rustup).with_context(|| format!("the page needs Rust's target {wasm}"))
}

/// The nightly compiler, which instruments what is fuzzed.
pub(crate) fn nightly() -> Result<()> {
    if quiet(Command::new("rustup").args(["run", "nightly", "rustc", "--version"])) {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["toolchain", "install", "nightly", "--profile=minimal"]);
    say(&rustup, "to fuzz");
    run(&mut rustup).context("fuzzing needs Rust's nightly compiler")
}

/// A program that Cargo installs from crates.io.
pub(crate) fn program(name: &str, why: &str) -> Result<()> {
    if on_path(name).is_some() {
        return Ok(());
    }
    let mut install = Command::new("cargo");
    install.args(["install", "--locked", name]);
    say(&install, why);
    run(&mut install).with_context(|| format!("{name} must be installed {why}"))
}

/// A browser and the program that drives it.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

pub(crate) fn browser() -> Result<Browser> {
    if let Some(browser) = installed_browser() {
        return Ok(browser);
    }
    apt(&["chromium", "chromium-driver"], "to test the page in a browser")?;
    installed_browser().context("apt-get installed chromium and chromium-driver, but they are not on PATH")
}

fn installed_browser() -> Option<Browser> {
    let chromium = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path)?;
    Some(Browser { chromium, chromedriver: on_path("chromedriver")? })
}

/// A Python environment in the target directory, with the real SDK and a shell checker.
pub(crate) fn python(tree: &Tree) -> Result<PathBuf> {
    let folder = venv(tree);
    let stamp = folder.join("installed.txt");
    let in_venv = folder.join("bin/python");
    // The link leads nowhere once the Python that it was made with is gone.
    if in_venv.exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == PYTHON_PACKAGES) {
        return Ok(in_venv);
    }
    let python =
        on_path("python3").context("the tests with AWS's own SDK need Python 3 (python3 on PATH)")?;
    if !quiet(Command::new(&python).args(["-c", "import venv, ensurepip"])) {
        apt(&["python3-venv"], "to test with AWS's own SDK (this python3 has no venv module)")?;
    }
    let mut create = Command::new(&python);
    create.args(["-m", "venv", "--clear"]).arg(&folder);
    say(&create, "to test with AWS's own SDK");
    run(&mut create)?;
    let packages = folder.join("packages.txt");
    fs::write(&packages, PYTHON_PACKAGES).with_context(|| format!("cannot write {}", packages.display()))?;
    let mut install = Command::new(&in_venv);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary=:all:",
        "--requirement",
    ]);
    install.arg(&packages);
    say(&install, "boto3 is AWS's own SDK, moto is an EC2, shellcheck reads the scripts");
    run(&mut install)?;
    fs::rename(&packages, &stamp).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(in_venv)
}

/// A shellcheck that is already here: nothing is installed for the tests that also run without it.
pub(crate) fn shellcheck(tree: &Tree) -> Option<PathBuf> {
    let in_venv = venv(tree).join("bin/shellcheck");
    on_path("shellcheck").or_else(|| in_venv.exists().then_some(in_venv))
}

fn venv(tree: &Tree) -> PathBuf {
    tree.target.join("venv")
}

/// Installs Debian packages, which only root may.
pub(crate) fn apt(packages: &[&str], why: &str) -> Result<()> {
    let list = packages.join(" and ");
    ensure!(
        on_path("apt-get").is_some(),
        "{list} must be installed {why}, and there is no apt-get here to do it"
    );
    let become_root: &[&str] = if is_root() {
        &[]
    } else if quiet(Command::new("sudo").args(["--non-interactive", "true"])) {
        &["sudo", "--non-interactive"]
    } else {
        bail!(
            "{list} must be installed {why}, which needs root: run `apt-get install --no-install-recommends {}` as root once",
            packages.join(" ")
        );
    };
    let apt_get = |words: &[&str]| {
        let mut all = become_root.iter().copied().chain([
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "--quiet",
            WAIT_FOR_LOCK,
        ]);
        let mut command = Command::new(all.next().expect("the chain is not empty"));
        command.args(all).args(words);
        command
    };
    let mut install = apt_get(&["install", "--yes", "--no-install-recommends"]);
    install.args(packages);
    say(&install, why);
    run(&mut apt_get(&["update"]))?;
    run(&mut install)
}

pub(crate) fn say(command: &Command, why: &str) {
    println!("installing: {} {why}", shown(command));
}

pub(crate) fn is_root() -> bool {
    Command::new("id").arg("--user").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Whether the command succeeds; what it prints does not matter.
fn quiet(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
