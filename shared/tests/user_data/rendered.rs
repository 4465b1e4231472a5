//! The text of the script: its size, its settings, and what bash and shellcheck say of it.

use crate::quoting::{bash, hostile};
use crate::sandbox::is_program;
use crate::{config, env, full_config, rich_config};
use expect_test::{expect, expect_file};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use pushbox_shared::config::{Config, EnvValue, EnvVar, Notify, RepoAuth, Spot};
use pushbox_shared::pattern::regex;
use pushbox_shared::user_data::{LIMIT, packed, script};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const URL: &str = "https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.ap-southeast-1.on.aws";

fn settings(config: &Config, function_url: Option<&str>) -> String {
    let script = script(config, function_url);
    let from = script.find("# ---- Settings").unwrap();
    let to = script.find("# ---- Base").unwrap();
    script[from..to].to_owned()
}

#[test]
fn the_full_script() {
    expect_file!["full.sh"].assert_eq(&script(&full_config(), Some(URL)));
}

#[test]
fn the_default_script() {
    expect_file!["default.sh"].assert_eq(&script(&config(), None));
}

#[test]
fn the_settings_of_a_config_with_everything() {
    expect![[r#"
        # ---- Settings ----

        APP=my_app

        # What is deployed: the head of one of these refs.
        REPO_URL=https://github.com/usil/foo.git
        REFS='^(refs/heads/main|refs/tags/v[^/]*)$'
        DEFAULT_REF=refs/heads/main
        POLL_MINUTES=10

        # How it is built.
        CONTEXT=server
        BUILD_OPTIONS=(
          --file deploy/Dockerfile
          --target production
          --build-arg 'GREETING=it'\''s $HOME'
        )

        # How it runs. Times are in seconds.
        PORT=8080
        HEALTH_PATH='/health?full=1'
        HEALTH_TIMEOUT=60
        DRAIN=15
        KEEP_IMAGES=3
        RUN_OPTIONS=(
          --env 'bar=baz'
          --env 'MOTD=two
        lines 🚀'
          --env $'TABS=a\tb\r
        '
          --volume data:/var/lib/data
          --publish 53:53/udp
        )

        FUNCTION_URL=https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.ap-southeast-1.on.aws

    "#]]
    .assert_eq(&settings(&rich_config(), Some(URL)));
}

#[test]
fn the_same_config_gives_the_same_bytes() {
    assert_eq!(script(&rich_config(), Some(URL)), script(&rich_config(), Some(URL)));
    assert_eq!(script(&config(), Some(URL)), script(&config(), Some(&format!("{URL}/"))));
}

#[test]
fn the_script_leaves_room_below_the_limit() {
    let bytes = script(&config(), None).len();
    let mut awake = full_config();
    awake.sleep = config().sleep;
    let full = script(&awake, Some(URL)).len();
    assert!(
        bytes < 12_000 && full <= LIMIT,
        "the default script has {bytes} bytes, that with everything but sleep {full}"
    );
    // With sleep it goes packed, and leaves more than half of the room.
    let packed = packed(&script(&full_config(), Some(URL))).into_bytes().len();
    assert!(packed < LIMIT / 2, "packed, the script with everything has {packed} bytes");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Also of configs that no check has seen.
    #[test]
    fn bash_reads_the_settings_of_any_config(config in any_config(), url in prop::option::of(hostile())) {
        let rendered = script(&config, url.as_deref());
        bash(&format!("set -n\n{rendered}"));

        let mut expected = vec![config.app.clone(), config.repo.url.clone()];
        let globs = config.repo.refs.iter().any(|name| name.contains(['*', '?']));
        expected.extend(if globs { vec![regex(&config.repo.refs)] } else { config.repo.refs.clone() });
        expected.extend([config.build.context.clone(), "--file".into(), config.build.dockerfile.clone()]);
        for (name, value) in &config.build.args {
            expected.extend(["--build-arg".into(), format!("{name}={value}")]);
        }
        for var in &config.run.env {
            expected.extend(["--env".into(), format!("{}={}", var.name, var.value.plain().unwrap())]);
        }
        let print = r#"printf '%s\0' "${APP}" "${REPO_URL}" "${REFS[@]}" "${CONTEXT}" "${BUILD_OPTIONS[@]}" ${RUN_OPTIONS[@]+"${RUN_OPTIONS[@]}"}"#;
        let read = bash(&format!("set -eu\n{}\n{print}\n", settings(&config, url.as_deref())));
        let read: Vec<String> = String::from_utf8(read).unwrap().split_terminator('\0').map(str::to_owned).collect();
        prop_assert_eq!(read, expected);
    }
}

fn any_config() -> impl Strategy<Value = Config> {
    let texts = prop::collection::vec(hostile(), 6);
    let pairs = || prop::collection::vec((hostile(), hostile()), 0..4);
    (texts, prop::collection::vec(hostile(), 1..4), pairs(), pairs(), any::<[bool; 3]>(), any::<u32>())
        .prop_map(|(texts, refs, args, vars, [submodules, poll, auth], number)| {
            let mut texts = texts.into_iter();
            let mut text = || texts.next().unwrap();
            let mut config = config();
            config.app = text();
            config.repo.url = text();
            config.repo.refs = refs;
            config.repo.submodules = submodules;
            config.repo.poll_minutes = poll.then_some(number);
            config.repo.auth = if auth { RepoAuth::DeployKey } else { RepoAuth::None };
            config.build.context = text();
            config.build.dockerfile = text();
            config.build.args = args;
            config.run.health_path = text();
            config.run.port = number;
            config.run.env = vars.iter().map(|(name, value)| env(name, value)).collect();
            config
        })
}

/// Any config, with every feature of the script on or off.
fn any_features() -> impl Strategy<Value = Config> {
    let lists = prop::collection::vec(prop::collection::vec(hostile(), 0..3), 3);
    let auth = prop::sample::select(vec![RepoAuth::None, RepoAuth::Token, RepoAuth::DeployKey]);
    (any_config(), lists, prop::option::of(hostile()), auth, any::<[bool; 6]>()).prop_map(
        |(mut config, lists, domain, auth, [globs, role, status, chat, sleeps, spot])| {
            let [volumes, ports, secrets] = lists.try_into().unwrap();
            let secret = |name| EnvVar { name, value: EnvValue::Secret };
            config.run.env.extend(secrets.into_iter().map(secret));
            config.run.volumes = volumes;
            config.run.extra_ports = ports;
            config.run.domain = domain;
            config.run.role_for_app = role;
            config.repo.auth = auth;
            if globs {
                config.repo.refs.push("refs/tags/v*".into());
            }
            config.notify = Notify { commit_status: status, webhook: chat };
            config.sleep.after_idle_minutes = sleeps.then_some(30);
            config.box_.spot = if spot { Spot::Only } else { Spot::Off };
            config
        },
    )
}

/// Bash reads 300 of them. Shellcheck reads the first 200, and follows the values of variables, which takes as long again,
/// in 24 of those.
#[test]
fn bash_and_shellcheck_find_nothing_in_any_config() {
    const READ: usize = 300;
    const CHECKED: usize = 200;
    const FOLLOWED: usize = 24;
    let folder = env::temp_dir().join(format!("pushbox-random-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    // The same ones at every run: what shellcheck thinks of a text is not what is tested here.
    let mut runner = TestRunner::deterministic();
    let scripts = prop::collection::vec((any_features(), prop::option::of(hostile())), READ);
    let mut names = Vec::new();
    for (count, (config, url)) in scripts.new_tree(&mut runner).unwrap().current().into_iter().enumerate() {
        names.push(format!("{count}.sh"));
        fs::write(folder.join(&names[count]), script(&config, url.as_deref())).unwrap();
    }
    run(Command::new("bash")
        .args(["-c", "for file; do bash -n \"$file\" 2>&1 || exit; done", "bash"])
        .args(&names)
        .current_dir(&folder));
    if let Some(shellcheck) = shellcheck() {
        let (followed, others) = names[..CHECKED].split_at(FOLLOWED);
        let others = others.chunks(others.len() / 2).map(|names| {
            let mut command = lint(&shellcheck);
            command.arg("--extended-analysis=false").args(names);
            command
        });
        let mut all: Vec<Command> = others.collect();
        let mut command = lint(&shellcheck);
        command.args(followed);
        all.push(command);
        // A core each.
        std::thread::scope(|scope| {
            for mut command in all {
                let folder = &folder;
                scope.spawn(move || run(command.current_dir(folder)));
            }
        });
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn refs_match_in_bash_as_they_do_on_the_page() {
    let cases = [
        ("refs/heads/main", "refs/heads/main", true),
        ("refs/heads/main", "refs/heads/main2", false),
        ("refs/heads/m.in", "refs/heads/main", false),
        ("refs/heads/*", "refs/heads/main", true),
        ("refs/heads/*", "refs/heads/a/b", false),
        ("refs/heads/**", "refs/heads/a/b", true),
        ("refs/**/hotfix", "refs/heads/hotfix", true),
        ("refs/**/hotfix", "refs/hotfix", true),
        ("refs/**/hotfix", "refs/heads/xhotfix", false),
        ("**/**/main", "refs/heads/main", true),
        ("refs/heads/release-**", "refs/heads/release-1/x", true),
        ("refs/tags/v?", "refs/tags/v1", true),
        ("refs/tags/v?", "refs/tags/v10", false),
        ("refs/tags/v?.*", "refs/tags/v1.0", true),
        ("refs/heads/a+(b)|{c}$", "refs/heads/a+(b)|{c}$", true),
        ("refs/heads/a+*", "refs/heads/aa", false),
        ("refs/heads/🚀*", "refs/heads/🚀x", true),
        ("refs/heads/?", "refs/heads/🚀", true),
        ("refs/heads/*", "refs/heads/", false),
        ("refs/heads/*", "refs/heads/a b", false),
        ("*", "", false),
    ];
    for (pattern, name, matches) in cases {
        let mut config = config();
        // The second only makes bash use its globs.
        config.repo.refs = vec![pattern.into(), "refs/none/?".into()];
        let script = script(&config, None);
        let functions = script.strip_suffix("main \"$@\"\n").unwrap();
        let check = "if ref_is_configured \"$1\"; then echo true; else echo false; fi";
        let output = Command::new("bash")
            .args(["-c", &format!("{functions}\n{check}"), "bash", name])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), matches.to_string(), "{pattern} {name}");
    }
}

#[test]
fn shellcheck_finds_nothing() {
    let Some(shellcheck) = shellcheck() else {
        eprintln!("skipped: there is no shellcheck on PATH or in PUSHBOX_SHELLCHECK");
        return;
    };
    let mut plain = rich_config();
    plain.repo.refs.truncate(1);
    let mut sleepy = config();
    sleepy.sleep.after_idle_minutes = Some(30);
    sleepy.sleep.schedule = Some("mon-fri 08:00-18:00 Europe/Berlin".into());
    let mut lent = config();
    lent.box_.spot = Spot::Fallback;
    let mut by_key = full_config();
    by_key.repo.url = "git@github.com:usil/foo.git".into();
    by_key.repo.auth = RepoAuth::DeployKey;
    by_key.run.role_for_app = true;
    by_key.run.env.clear();
    let folder = env::temp_dir().join(format!("pushbox-lint-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in [
        ("default.sh", script(&config(), None)),
        ("function.sh", script(&config(), Some(URL))),
        ("rich.sh", script(&rich_config(), Some(URL))),
        ("exact.sh", script(&plain, None)),
        ("full.sh", script(&full_config(), Some(URL))),
        ("by-key.sh", script(&by_key, None)),
        ("sleepy.sh", script(&sleepy, None)),
        ("lent.sh", script(&lent, None)),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    let rendered =
        ["default.sh", "function.sh", "rich.sh", "exact.sh", "full.sh", "by-key.sh", "sleepy.sh", "lent.sh"];
    run(lint(&shellcheck).args(rendered).current_dir(&folder));
    fs::remove_dir_all(&folder).unwrap();

    // The parts by themselves, as an editor shows them.
    let parts = "head base setup prepare proxy mailbox git secrets deploy tell sleep spot agent"
        .split(' ')
        .map(|part| format!("{part}.sh"));
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src/user_data");
    run(Command::new(&shellcheck).args(parts).current_dir(sources));
    let stubs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/user_data/stubs");
    run(Command::new(&shellcheck)
        .args(["apt-get", "curl", "docker", "noted", "sleep", "socat"])
        .current_dir(stubs));
}

/// Of every check that there is, the three left out say that bash does not stop at a failure inside a function that is
/// called in a condition. Those functions are written for that.
fn lint(shellcheck: &Path) -> Command {
    let mut command = Command::new(shellcheck);
    command.args(["--norc", "--enable=all", "--severity=style", "--exclude=SC2250,SC2310,SC2311,SC2312"]);
    command
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn shellcheck() -> Option<PathBuf> {
    if let Some(path) = env::var_os("PUSHBOX_SHELLCHECK") {
        return Some(path.into());
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join("shellcheck")).find(|path| is_program(path))
}
