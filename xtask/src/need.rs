//! What must be on the machine, beyond Rust, and how it gets there. Every installation says first what it is for.

use crate::cargo::{run, shown};
use crate::tree::Tree;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Python packages of the tests, each with its exact version.
const PYTHON_PACKAGES: &str = include_str!("../venv.txt");

/// A linter with many dependencies, of which some want other versions.
const CHECKOV_PACKAGES: &str = include_str!("../checkov.txt");

/// A package with a list of prices.
pub(crate) const LIBCLOUD: &str = include_str!("../libcloud.txt");

/// Another installation may be going on: apt waits for its end, this many seconds at most.
const WAIT_FOR_LOCK: &str = "--option=DPkg::Lock::Timeout=120";

/// The compiler's library for the page.
pub(crate) fn wasm_target() -> Result<()> {
    let wasm = crate::page::WASM;
    rust_target(wasm, "to compile the page").with_context(|| format!("the page needs Rust's target {wasm}"))
}

/// The compiler's library for a target.
pub(crate) fn rust_target(target: &str, why: &str) -> Result<()> {
    let rustc = Command::new("rustc")
        .args(["--print=target-libdir", "--target", target])
        .output()
        .context("cannot start rustc")?;
    if rustc.status.success() && Path::new(String::from_utf8_lossy(&rustc.stdout).trim()).exists() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", target]);
    install(&mut rustup, why)
}

/// Node.js with npm, and a folder in the target directory with the packages of a `package.json`, in these exact versions.
pub(crate) fn node(folder: &Path, package_json: &str, why: &str) -> Result<PathBuf> {
    if on_path("node").is_none() || on_path("npm").is_none() {
        apt(&["nodejs", "npm"], why)?;
    }
    let node = on_path("node").context("apt-get installed nodejs, but node is not on PATH")?;
    let stamp = folder.join("installed.json");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == package_json) {
        return Ok(node);
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(folder.join("package.json"), package_json)
        .with_context(|| format!("cannot write {}", folder.display()))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]);
    npm.current_dir(folder);
    install(&mut npm, why)?;
    fs::write(&stamp, package_json).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(node)
}

/// The script that looks for barriers in a page, for the tests to put into it.
pub(crate) fn axe(tree: &Tree) -> Result<PathBuf> {
    let folder = tree.target.join("axe");
    node(&folder, include_str!("../axe/package.json"), "to look for what shuts people out of the page")?;
    Ok(folder.join("node_modules/axe-core/axe.min.js"))
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

/// A Python environment in the target directory, with the real SDK, the aws command line, and linters.
pub(crate) fn python(tree: &Tree) -> Result<PathBuf> {
    let why = "boto3 and awscli are AWS's own, moto is an AWS, the others read what is rendered";
    packages(&venv(tree), PYTHON_PACKAGES, why)
}

/// Another linter for what is rendered, in an environment of its own.
pub(crate) fn checkov(tree: &Tree) -> Result<PathBuf> {
    let python = packages(&tree.target.join("checkov"), CHECKOV_PACKAGES, "checkov reads what is rendered")?;
    Ok(python.with_file_name("checkov"))
}

/// The interpreter of an environment with the package that carries a list of prices.
pub(crate) fn libcloud(tree: &Tree) -> Result<PathBuf> {
    packages(&tree.target.join("libcloud"), LIBCLOUD, "apache-libcloud carries a list of prices")
}

/// The interpreter of a Python environment with these packages.
fn packages(folder: &Path, list: &str, why: &str) -> Result<PathBuf> {
    let stamp = folder.join("installed.txt");
    let in_venv = folder.join("bin/python");
    // The link leads nowhere once the Python that it was made with is gone.
    if in_venv.exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == list) {
        return Ok(in_venv);
    }
    let python =
        on_path("python3").context("the tests with AWS's own SDK need Python 3 (python3 on PATH)")?;
    if !quiet(Command::new(&python).args(["-c", "import venv, ensurepip"])) {
        apt(&["python3-venv"], "to test with AWS's own SDK (this python3 has no venv module)")?;
    }
    let mut create = Command::new(&python);
    create.args(["-m", "venv", "--clear"]).arg(folder);
    install(&mut create, why)?;
    let packages = folder.join("packages.txt");
    fs::write(&packages, list).with_context(|| format!("cannot write {}", packages.display()))?;
    let mut pip = Command::new(&in_venv);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    pip.arg("--requirement").arg(&packages);
    install(&mut pip, why)?;
    fs::rename(&packages, &stamp).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(in_venv)
}

/// What unpacks zips on most machines.
pub(crate) fn unzip() -> Result<()> {
    match on_path("unzip") {
        Some(_) => Ok(()),
        None => apt(&["unzip"], "to test the function's zip as others unpack it"),
    }
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
    let mut command = apt_get(&["install", "--yes", "--no-install-recommends"]);
    command.args(packages);
    run(apt_get(&["update"]).stdout(std::io::stderr()))?;
    install(&mut command, why)
}

/// On the standard error: what a command prints may be for programs to read.
pub(crate) fn say(command: &Command, why: &str) {
    eprintln!("installing: {} {why}", shown(command));
}

fn install(command: &mut Command, why: &str) -> Result<()> {
    say(command, why);
    run(command.stdout(std::io::stderr()))
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
