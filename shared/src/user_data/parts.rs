//! The script's parts: real `.sh` files, in which two kinds of lines are for us and do not ship.
//!
//! `#if feature` … `#end` keeps lines for configs that need them; `#if no feature` for the others. Lines that begin with
//! `##` say why the lines after them are there, up to the next empty line: that is what the page explains.

use super::Line;
use crate::conditions::Conditions;
use crate::config::schedule::Schedule;
use crate::config::{Config, EnvValue, RepoAuth, Spot};

/// In the order of the script.
pub(super) const PARTS: [&str; 12] = [
    include_str!("base.sh"),
    include_str!("setup.sh"),
    include_str!("prepare.sh"),
    include_str!("proxy.sh"),
    include_str!("mailbox.sh"),
    include_str!("git.sh"),
    include_str!("secrets.sh"),
    include_str!("deploy.sh"),
    include_str!("tell.sh"),
    include_str!("sleep.sh"),
    include_str!("spot.sh"),
    include_str!("agent.sh"),
];

pub(super) const HEAD: &str = include_str!("head.sh");

/// What a script may need or not.
struct Feature {
    /// What follows an `#if`.
    name: &'static str,
    /// The field that asks for it; empty where it is none.
    field: &'static str,
    is_on: fn(&Config, Option<&str>) -> bool,
}

const FEATURES: &[Feature] = &[
    Feature { name: "only globs", field: "repo.refs", is_on: |c, _| c.repo.first_exact_ref().is_none() },
    Feature { name: "globs", field: "repo.refs", is_on: |c, _| c.repo.has_globs() },
    Feature { name: "function", field: "", is_on: |_, url| url.is_some() },
    Feature { name: "poll", field: "repo.poll_minutes", is_on: |c, _| c.repo.poll_minutes.is_some() },
    Feature { name: "submodules", field: "repo.submodules", is_on: |c, _| c.repo.submodules },
    Feature { name: "auth", field: "repo.auth", is_on: |c, _| c.repo.auth != RepoAuth::None },
    Feature { name: "token", field: "repo.auth", is_on: |c, _| c.repo.auth == RepoAuth::Token },
    Feature { name: "deploy key", field: "repo.auth", is_on: |c, _| c.repo.auth == RepoAuth::DeployKey },
    Feature { name: "secrets", field: "run.env", is_on: |c, _| !secret_names(c).is_empty() },
    Feature { name: "secret env", field: "run.env", is_on: |c, _| secret_env(c).next().is_some() },
    Feature { name: "alone", field: "run.volumes", is_on: |c, _| runs_alone(c) },
    Feature { name: "domain", field: "run.domain", is_on: |c, _| c.run.domain.is_some() },
    Feature { name: "role for app", field: "run.role_for_app", is_on: |c, _| c.run.role_for_app },
    Feature { name: "tells", field: "notify.commit_status", is_on: |c, _| tells(c) },
    Feature { name: "commit status", field: "notify.commit_status", is_on: |c, _| c.notify.commit_status },
    Feature { name: "spot", field: "box.spot", is_on: |c, _| c.box_.spot != Spot::Off },
    Feature { name: "sleep", field: "sleep.after_idle_minutes", is_on: |c, _| c.sleep.is_on() },
    Feature {
        name: "schedule",
        field: "sleep.schedule",
        is_on: |c, _| c.sleep.schedule.as_deref().is_some_and(|text| Schedule::parse(text).is_ok()),
    },
    Feature { name: "chat", field: "notify.webhook", is_on: |c, _| c.notify.webhook },
];

fn tells(config: &Config) -> bool {
    config.notify.commit_status || config.notify.webhook
}

/// Whether two versions of the app cannot run side by side.
fn runs_alone(config: &Config) -> bool {
    !config.run.volumes.is_empty() || !config.run.extra_ports.is_empty()
}

/// The app's variables whose values are in Parameter Store.
pub(super) fn secret_env(config: &Config) -> impl Iterator<Item = &str> {
    let secret = config.run.env.iter().filter(|var| var.value == EnvValue::Secret);
    secret.map(|var| var.name.as_str())
}

/// All that a box with this config reads from Parameter Store, below `/pushbox/<app>/`.
pub fn secret_names(config: &Config) -> Vec<String> {
    let of_repo = match config.repo.auth {
        RepoAuth::None => None,
        RepoAuth::Token => Some("repo-token"),
        RepoAuth::DeployKey => Some("deploy-key"),
    };
    let status = config.notify.commit_status.then_some("status-token");
    let chat = config.notify.webhook.then_some("notify-url");
    let others = [of_repo, status, chat].into_iter().flatten().map(String::from);
    secret_env(config).map(|name| format!("env/{name}")).chain(others).collect()
}

/// The lines of a part that this config needs.
pub(super) fn text<'a>(
    part: &'a str,
    config: &'a Config,
    function_url: Option<&'a str>,
) -> impl Iterator<Item = &'a str> {
    let mut conditions = Conditions::new(judge(config, function_url));
    part.lines().filter(move |line| !conditions.take(line) && !line.starts_with(WHY) && conditions.hold())
}

/// The same lines, each with what it is there for.
pub(super) fn lines<'a>(
    part: &'a str,
    config: &'a Config,
    function_url: Option<&'a str>,
) -> impl Iterator<Item = Line> + 'a {
    let mut conditions = Conditions::new(judge(config, function_url));
    let mut why = String::new();
    let mut is_why_over = true;
    part.lines().filter_map(move |line| {
        if conditions.take(line) {
            return None;
        }
        if let Some(reason) = line.strip_prefix(WHY) {
            if is_why_over {
                why.clear();
            } else {
                why.push(' ');
            }
            is_why_over = false;
            why.push_str(reason);
            return None;
        }
        is_why_over = true;
        if line.is_empty() {
            why.clear();
        }
        let field = || conditions.features().copied().find(|field| !field.is_empty()).unwrap_or_default();
        conditions.hold().then(|| Line { text: line.into(), field: field(), entry: None, why: why.clone() })
    })
}

/// A feature's field, and whether this config needs it.
fn judge<'a>(
    config: &'a Config,
    function_url: Option<&'a str>,
) -> impl Fn(&str) -> Option<(&'static str, bool)> + 'a {
    move |name| {
        let feature = FEATURES.iter().find(|feature| feature.name == name)?;
        Some((feature.field, (feature.is_on)(config, function_url)))
    }
}

/// What a line begins with that says why.
const WHY: &str = "## ";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::field;

    #[test]
    fn every_if_names_a_feature_and_ends() {
        for part in PARTS {
            let mut open = 0;
            for line in part.lines() {
                if let Some(words) = line.strip_prefix("#if ") {
                    let name = words.strip_prefix("no ").unwrap_or(words);
                    assert!(FEATURES.iter().any(|feature| feature.name == name), "unknown feature: {line}");
                    open += 1;
                } else if line == "#end" {
                    open -= 1;
                }
                assert!(open >= 0, "#end without #if");
            }
            assert_eq!(open, 0);
        }
    }

    #[test]
    fn every_feature_is_used_and_names_a_field() {
        for Feature { name, field: path, .. } in FEATURES {
            let used = |part: &&str| {
                part.lines().any(|line| {
                    line.strip_prefix("#if ")
                        .is_some_and(|words| words == *name || words == format!("no {name}"))
                })
            };
            assert!(PARTS.iter().any(used), "{name} is not used");
            assert!(path.is_empty() || field(path).is_some(), "{path} is no field");
        }
    }
}
