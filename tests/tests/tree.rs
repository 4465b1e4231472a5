//! What must hold of the tree itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All Rust files below a folder of the tree.
fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the tree").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    rust_files(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds no Rust");
    found
        .into_iter()
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("UTF-8")))
        .collect()
}

/// The normal dependencies of a crate, by name.
fn dependencies(package: &str) -> Vec<String> {
    crates(package).into_iter().map(|(name, _)| name).collect()
}

/// The normal dependencies of a crate, by name and version.
fn crates(package: &str) -> BTreeSet<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            package,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--locked",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let pair = |line: &str| {
        let mut words = line.split(' ').map(String::from);
        Some((words.next()?, words.next()?))
    };
    text.lines().filter_map(pair).collect()
}

#[test]
fn shared_knows_no_browser_no_cloud_and_no_clock() {
    for name in dependencies("pushbox-shared") {
        let forbidden = [
            "web-sys",
            "js-sys",
            "wasm-bindgen",
            "tokio",
            "getrandom",
            "rand",
            "chrono",
            "time",
            "reqwest",
            "ureq",
        ];
        assert!(!forbidden.contains(&name.as_str()) && !name.starts_with("aws"), "shared depends on {name}");
    }
    for (path, text) in sources("shared/src").into_iter().chain(sources("shared/webhook/src")) {
        for forbidden in
            ["SystemTime", "Instant::now", "std::fs", "std::net", "std::env", "std::thread", "async fn"]
        {
            assert!(!text.contains(forbidden), "{path} uses {forbidden}");
        }
    }
}

#[test]
fn only_the_function_waits_for_the_aws_sdk() {
    for package in ["pushbox", "pushbox-web", "ec2-sim", "xtask", "tests"] {
        assert!(dependencies(package).iter().all(|name| !name.starts_with("aws-sdk")), "{package}");
    }
}

/// Every megabyte of the function is loaded at a cold start.
#[test]
fn the_function_has_one_slim_tls_stack() {
    let crates = crates("pushbox-lambda");
    for (name, version) in &crates {
        let heavy =
            ["aws-config", "aws-sdk-lambda", "aws-sdk-sso", "aws-sdk-sts", "native-tls", "openssl", "regex"];
        assert!(
            !heavy.contains(&name.as_str()) && !name.starts_with("aws-lc"),
            "the function depends on {name}"
        );
        let again = crates.iter().any(|(other, its)| other == name && its != version);
        let of_tls = ["http", "hyper", "h2", "rustls", "hyper-rustls", "tokio-rustls", "ring"];
        assert!(!(of_tls.contains(&name.as_str()) && again), "two versions of {name}");
    }
    assert!(crates.iter().any(|(name, _)| name == "ring"), "its TLS is that of ring");
}

#[test]
fn the_page_decides_nothing_that_shared_decides() {
    for (path, text) in sources("web/src/model") {
        for forbidden in ["use yew", "use web_sys", "use wasm_bindgen"] {
            assert!(!text.contains(forbidden), "{path}: the page's logic is pure, without {forbidden}");
        }
    }
}

/// The two sides of the annex name an element, and nothing else does what `browser` is there for.
#[test]
fn one_module_alone_talks_to_the_browser() {
    for (path, text) in sources("web/src") {
        let may = ["browser.rs", "browser/", "annex.rs"].iter().any(|part| path.contains(part));
        assert!(may || !text.contains("web_sys"), "{path}: only web/src/browser talks to web_sys");
    }
}

#[test]
fn no_test_is_ignored_or_expects_a_panic() {
    for folder in ["shared", "web", "cli", "ec2-sim", "tests", "xtask", "lambda"] {
        for (path, text) in sources(folder) {
            for forbidden in ["#[ignore", "#[should_panic"] {
                assert!(
                    !text.lines().any(|line| line.trim_start().starts_with(forbidden)),
                    "{path} has {forbidden}"
                );
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for folder in
        ["shared/src", "shared/webhook/src", "web/src", "cli/src", "ec2-sim/src", "xtask/src", "lambda/src"]
    {
        for (path, text) in sources(folder) {
            assert!(text.starts_with("//!") || path.ends_with("tests.rs"), "{path} has no //! line");
        }
    }
}

#[test]
fn the_map_fits_on_a_few_screens() {
    let map = read("ARCHITECTURE.md");
    assert!(map.lines().count() <= 150, "ARCHITECTURE.md has {} lines", map.lines().count());
    for part in ["shared/", "web/", "lambda/", "cli/", "ec2-sim/", "tests/", "xtask/", "samples/"] {
        assert!(map.contains(part), "ARCHITECTURE.md says nothing of {part}");
    }
}

#[test]
fn the_scripts_of_sandbox_and_machine_are_clean() {
    let Some(shellcheck) = std::env::var_os("PUSHBOX_SHELLCHECK") else {
        println!("skipped: no shellcheck; `cargo xtask test` finds or brings one");
        return;
    };
    let sandbox = ["boot.sh", "dmidecode.sh", "hold.sh", "host.sh", "systemctl.sh"];
    let sandbox = sandbox.map(|name| format!("sandbox/{name}"));
    let mut command = Command::new(shellcheck);
    command.args(sandbox).arg("machine/host.sh").current_dir(root().join("tests/src"));
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn ci_is_what_a_user_would_do() {
    let commands: Vec<String> = read(".ci/run")
        .lines()
        .map(|line| line.trim().to_string())
        .filter(|line| {
            !line.is_empty()
                && !line.starts_with('#')
                && !line.starts_with("set ")
                && !line.starts_with("cd ")
        })
        .collect();
    assert_eq!(commands, ["exec cargo xtask test"]);
}
