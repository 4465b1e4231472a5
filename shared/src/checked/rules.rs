//! What must hold between fields.

use crate::config::{Address, Config, EnvValue, Kind, Problem, RepoAuth, Spot};
use crate::git_host::GitHost;
use crate::machine::{Hypervisor, hypervisor};
use crate::user_data;

/// The page does not know the URL yet, and the function must be able to write it in. Lambda's has 32 letters and digits;
/// those here are more, because others may be worse to pack.
pub(super) const LONGEST_URL: &str =
    "https://abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.lambda-url.ap-southeast-2.on.aws";

pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    let mut problem =
        |path: &str, message: String| problems.push(Problem::new(path, Kind::Conflict, message));
    if config.repo.refs.is_empty() {
        problem(
            "repo.refs",
            "is empty, so no push would ever deploy; name a ref such as refs/heads/main".into(),
        );
    }
    if config.box_.types.is_empty() {
        problem("box.types", "is empty; name an instance type such as t4g.small".into());
    }
    if config.run.domain.is_some() && config.box_.address != Address::Elastic {
        problem(
            "run.domain",
            "needs box.address \"elastic\": with \"auto\" somebody else could be given the old address, and the name with it".into(),
        );
    }
    if config.run.domain.is_some() && config.box_.image == "ubuntu-22.04" {
        problem(
            "run.domain",
            "needs a newer box.image: Ubuntu 22.04 has no Caddy, which serves HTTPS".into(),
        );
    }
    if config.box_.spot != Spot::Off && config.sleep.is_on() {
        problem(
            "box.spot",
            "excludes sleep: a stopped spot box cannot be relied on to start again; use one of the two"
                .into(),
        );
    }
    let xen = config.box_.types.iter().find(|kind| hypervisor(kind) == Hypervisor::Xen);
    if let Some(kind) = xen
        && !config.repo.is_one_exact_branch()
    {
        problem(
            "repo.refs",
            format!(
                "must be one exact branch with {kind}, which sees its tags only after a stop; use a t3 or t4g type, or one branch"
            ),
        );
    }
    access(config, &mut problem);
    for (at, var) in config.run.env.iter().enumerate() {
        if var.value == EnvValue::Secret && is_obeyed(&var.name) {
            problem(
                &format!("run.env[{at}]"),
                format!(
                    "{} cannot be a secret: bash or docker would obey it on its way; give it another name, or a plain value",
                    var.name
                ),
            );
        }
        if config.run.env.iter().take(at).any(|earlier| earlier.name == var.name) {
            problem(&format!("run.env[{at}]"), format!("{} is there twice; remove one of them", var.name));
        }
    }
    too_long(config, problems);
}

/// Whether the box can reach the git host as it is told to.
fn access(config: &Config, problem: &mut impl FnMut(&str, String)) {
    let is_web = config.repo.url.starts_with("http");
    match config.repo.auth {
        RepoAuth::Token if !config.repo.url.starts_with("https://") => problem(
            "repo.auth",
            "\"token\" needs an address with https://; use that one in repo.url, or a deploy key".into(),
        ),
        RepoAuth::DeployKey if is_web => problem(
            "repo.auth",
            "\"deploy-key\" needs an address for ssh, such as git@host:owner/name.git; use that one in repo.url, or a token".into(),
        ),
        _ => {}
    }
    let host = GitHost::of(&config.repo.url);
    if config.notify.commit_status && host.is_some_and(|host| host.commit_status("").is_none()) {
        problem(
            "notify.commit_status",
            "is for GitHub, GitLab and Bitbucket Cloud, and repo.url is of another host; switch it off"
                .into(),
        );
    }
}

/// A secret is a variable of the bash that starts docker. These mean something to one of the two: bash would not keep them
/// as they are, or say what is in them (a locale that there is not).
fn is_obeyed(name: &str) -> bool {
    const NAMES: [&str; 21] = [
        "DIRSTACK",
        "EPOCHREALTIME",
        "EPOCHSECONDS",
        "EUID",
        "FUNCNAME",
        "GROUPS",
        "HISTCMD",
        "HOME",
        "LINENO",
        "OPTIND",
        "PATH",
        "PIPESTATUS",
        "PPID",
        "RANDOM",
        "SECONDS",
        "SHELLOPTS",
        "SHLVL",
        "SRANDOM",
        "UID",
        "_",
        "__pushbox",
    ];
    const STARTS: [&str; 5] = ["BASH", "BUILDKIT_", "DOCKER_", "LC_", "LD_"];
    NAMES.contains(&name) || STARTS.iter().any(|start| name.starts_with(start))
}

/// Only when nothing else is wrong: the script of a broken config says nothing.
fn too_long(config: &Config, problems: &mut Vec<Problem>) {
    if !problems.is_empty() {
        return;
    }
    if let Err(sizes) = user_data::check(&user_data::script(config, Some(LONGEST_URL))) {
        let message = format!("makes a script of {sizes}; shorten values, or mark long ones secret");
        problems.push(Problem::new("run.env", Kind::TooLong, message));
    }
}
