//! The script's lines, as the page shows them: which field each follows from, and why it is there.

use pushbox_shared::config::{Config, RepoAuth, field};
use pushbox_shared::user_data::{Line, lines, script};

use crate::{config, full_config, rich_config};

const URL: &str = "https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.ap-southeast-1.on.aws";

/// Together they have every feature.
fn configs() -> [Config; 4] {
    let mut by_key = full_config();
    by_key.repo.url = "git@github.com:usil/foo.git".into();
    by_key.repo.auth = RepoAuth::DeployKey;
    by_key.run.role_for_app = true;
    [config(), rich_config(), full_config(), by_key]
}

/// The only line that begins so.
#[track_caller]
fn line<'a>(lines: &'a [Line], start: &str) -> &'a Line {
    let found: Vec<&Line> = lines.iter().filter(|line| line.text.starts_with(start)).collect();
    let [only] = found[..] else { panic!("{} lines begin with {start:?}", found.len()) };
    only
}

#[test]
fn every_line_is_one_of_the_script_and_names_a_field_or_none() {
    for config in configs() {
        for url in [None, Some(URL)] {
            let lines = lines(&config, url);
            let joined: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
            assert_eq!(joined, script(&config, url));
            for line in &lines {
                assert!(line.field.is_empty() || field(line.field).is_some(), "no such field: {line:?}");
                assert!(!line.text.contains('\n'), "{line:?}");
                assert!(!line.text.starts_with("##") && !line.why.contains('#'), "{line:?}");
                assert!(!["#if ", "#end"].iter().any(|word| line.text.starts_with(word)), "{line:?}");
            }
        }
    }
}

#[test]
fn a_setting_names_its_field() {
    let all = lines(&full_config(), Some(URL));
    for (start, path) in [
        ("APP=", "app"),
        ("REPO_URL=", "repo.url"),
        ("REFS=", "repo.refs"),
        ("POLL_MINUTES=", "repo.poll_minutes"),
        ("CONTEXT=", "build.context"),
        ("  --file ", "build.dockerfile"),
        ("  --target ", "build.target"),
        ("  --build-arg ", "build.args"),
        ("PORT=", "run.port"),
        ("HEALTH_PATH=", "run.health_path"),
        ("HEALTH_TIMEOUT=", "run.health_timeout_s"),
        ("DRAIN=", "run.drain_s"),
        ("KEEP_IMAGES=", "keep_images"),
        ("  --volume ", "run.volumes"),
        ("  --publish 53", "run.extra_ports"),
        ("DOMAIN=", "run.domain"),
        ("SECRET_REQUESTS=", "run.env"),
        ("SECRET_ENV=", "run.env"),
        ("PARAMETER_STORE=", "box.region"),
        ("REPO_USER=", "repo.auth"),
        ("STATUS_URL=", "notify.commit_status"),
        ("FUNCTION_URL=", ""),
    ] {
        assert_eq!(line(&all, start).field, path, "{start}");
    }
    let rich = lines(&rich_config(), None);
    assert_eq!(line(&rich, "  --env 'MOTD=two").field, "run.env");
    assert_eq!(line(&rich, "lines 🚀'").field, "run.env", "a value's second line is of the same field");
}

#[test]
fn a_line_that_uses_a_setting_follows_from_its_field() {
    let all = lines(&full_config(), Some(URL));
    for (start, path) in [
        ("  local deadline=$((SECONDS + DRAIN))", "run.drain_s"),
        ("  local state='' deadline=$((SECONDS + HEALTH_TIMEOUT))", "run.health_timeout_s"),
        ("    tail -n \"+$((KEEP_IMAGES + 1))\"", "keep_images"),
        ("    if curl -sg -m 5 \"http://127.0.0.1:$NEXT$HEALTH_PATH\"", "run.health_path"),
        ("    if logged remote_git fetch", "repo.url"),
        // Those that only some configs have.
        ("  logged remote_git submodule", "repo.submodules"),
        ("  docker stop -t \"$DRAIN\"", "run.volumes"),
        ("  [[ \"$login\" == *:* ]]", "repo.auth"),
        ("  step secrets", "run.env"),
        ("    tell started", "notify.commit_status"),
        ("  local url=${SECRETS[notify-url]", "notify.webhook"),
        ("set -Eeuo pipefail", ""),
    ] {
        assert_eq!(line(&all, start).field, path, "{start}");
    }
}

#[test]
fn a_line_of_a_list_names_its_entry() {
    let config = full_config();
    let all = lines(&config, None);
    for (at, var) in config.run.env.iter().enumerate().filter(|(_, var)| var.value.plain().is_some()) {
        let of_it: Vec<&Line> =
            all.iter().filter(|line| line.field == "run.env" && line.entry == Some(at)).collect();
        assert!(of_it.first().is_some_and(|line| line.text.contains(&var.name)), "{}: {of_it:?}", var.name);
    }
    assert_eq!(line(&all, "  --publish 53").entry, Some(0));
    assert_eq!(line(&all, "RUN_OPTIONS=(").entry, None, "it is about all of them");
}

#[test]
fn lines_say_why_they_are_there() {
    let all = lines(&config(), None);
    assert_eq!(
        line(&all, "umask 022").why,
        "The checkout goes into the image, where the app's user must be able to read it."
    );
    assert_eq!(line(&all, "APP=").why, "", "it speaks for itself");
    assert_eq!(
        line(&all, "step_swap() {").why,
        "With its first answer the new version earns the visitors and the right to be restarted."
    );
}
