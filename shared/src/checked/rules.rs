//! What must hold between fields.

use crate::config::{Address, Config, EnvValue, EnvVar, Kind, Part, Problem, RepoAuth, Spot};
use crate::git_host::GitHost;
use crate::machine::{Hypervisor, hypervisor};
use crate::user_data;

/// The page does not know the URL yet, and the function must be able to write it in. Lambda's has 32 letters and digits;
/// those here are more, because others may be worse to pack.
pub(super) const LONGEST_URL: &str =
    "https://abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.lambda-url.ap-southeast-2.on.aws";

/// In the order in which a person reads what they find.
const RULES: [Rule; 9] = [
    some_ref,
    some_type,
    domain_stays_at_its_address,
    domain_has_caddy,
    spot_excludes_sleep,
    xen_has_one_branch,
    token_goes_over_https,
    deploy_key_goes_over_ssh,
    commit_status_has_a_host,
];

type Rule = fn(&Config) -> Option<Problem>;

/// Asked of each variable of `run.env` in turn, with those before it.
const VARIABLE_RULES: [VariableRule; 2] = [secret_is_not_obeyed, name_is_new];

type VariableRule = fn(&EnvVar, &[EnvVar]) -> Option<(Kind, String)>;

pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    problems.extend(RULES.iter().filter_map(|rule| rule(config)));
    problems.extend(variables(&config.run.env));
    // Only when nothing else is wrong: the script of a broken config says nothing.
    if problems.is_empty() {
        problems.extend(script_fits(config));
    }
}

fn conflict(path: &str, message: impl Into<String>) -> Option<Problem> {
    Some(Problem::new(path, Kind::Conflict, message))
}

fn some_ref(config: &Config) -> Option<Problem> {
    if !config.repo.refs.is_empty() {
        return None;
    }
    let message = "is empty, so no push would ever deploy; name a ref such as refs/heads/main";
    Some(Problem::new("repo.refs", Kind::Value, message))
}

fn some_type(config: &Config) -> Option<Problem> {
    if !config.box_.types.is_empty() {
        return None;
    }
    Some(Problem::new("box.types", Kind::Value, "is empty; name an instance type such as t4g.small"))
}

fn domain_stays_at_its_address(config: &Config) -> Option<Problem> {
    if config.run.domain.is_none() || config.box_.address == Address::Elastic {
        return None;
    }
    conflict(
        "run.domain",
        "needs box.address \"elastic\": with \"auto\" somebody else could be given the old address, and the name with it",
    )
}

fn domain_has_caddy(config: &Config) -> Option<Problem> {
    if config.run.domain.is_none() || config.box_.image != "ubuntu-22.04" {
        return None;
    }
    conflict("run.domain", "needs a newer box.image: Ubuntu 22.04 has no Caddy, which serves HTTPS")
}

fn spot_excludes_sleep(config: &Config) -> Option<Problem> {
    if config.box_.spot == Spot::Off || !config.sleep.is_on() {
        return None;
    }
    conflict(
        "box.spot",
        "excludes sleep: a stopped spot box cannot be relied on to start again; use one of the two",
    )
}

fn xen_has_one_branch(config: &Config) -> Option<Problem> {
    let kind = config.box_.types.iter().find(|kind| hypervisor(kind) == Hypervisor::Xen)?;
    if config.repo.is_one_exact_branch() {
        return None;
    }
    conflict(
        "repo.refs",
        format!(
            "must be one exact branch with {kind}, which sees its tags only after a stop; use a t3 or t4g type, or one branch"
        ),
    )
}

fn token_goes_over_https(config: &Config) -> Option<Problem> {
    if config.repo.auth != RepoAuth::Token || config.repo.url.starts_with("https://") {
        return None;
    }
    conflict(
        "repo.auth",
        "\"token\" needs an address with https://; use that one in repo.url, or a deploy key",
    )
}

fn deploy_key_goes_over_ssh(config: &Config) -> Option<Problem> {
    if config.repo.auth != RepoAuth::DeployKey || !config.repo.url.starts_with("http") {
        return None;
    }
    conflict(
        "repo.auth",
        "\"deploy-key\" needs an address for ssh, such as git@host:owner/name.git; use that one in repo.url, or a token",
    )
}

fn commit_status_has_a_host(config: &Config) -> Option<Problem> {
    let host = GitHost::of(&config.repo.url)?;
    if !config.notify.commit_status || host.commit_status("").is_some() {
        return None;
    }
    conflict(
        "notify.commit_status",
        "is for GitHub, GitLab and Bitbucket Cloud, and repo.url is of another host; switch it off",
    )
}

fn variables(env: &[EnvVar]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, var) in env.iter().enumerate() {
        let earlier = env.get(..at).unwrap_or_default();
        let found = VARIABLE_RULES.iter().filter_map(|rule| rule(var, earlier));
        problems.extend(
            found.map(|(kind, message)| Problem::new(format!("run.env[{at}]"), kind, message).of(Part::Name)),
        );
    }
    problems
}

fn secret_is_not_obeyed(var: &EnvVar, _: &[EnvVar]) -> Option<(Kind, String)> {
    if var.value != EnvValue::Secret || !is_obeyed(&var.name) {
        return None;
    }
    let message = format!(
        "{} cannot be a secret: bash or docker would obey it on its way; give it another name, or a plain value",
        var.name
    );
    Some((Kind::Value, message))
}

fn name_is_new(var: &EnvVar, earlier: &[EnvVar]) -> Option<(Kind, String)> {
    if !earlier.iter().any(|earlier| earlier.name == var.name) {
        return None;
    }
    Some((Kind::Conflict, format!("{} is there twice; remove one of them", var.name)))
}

fn script_fits(config: &Config) -> Option<Problem> {
    let sizes = user_data::check(&user_data::script(config, Some(LONGEST_URL))).err()?;
    let message = format!("makes a script of {sizes}; shorten values, or mark long ones secret");
    Some(Problem::new("run.env", Kind::TooLong, message))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A config that no rule says anything of.
    fn fine() -> Config {
        let mut config = Config { app: "foo".into(), ..Config::default() };
        config.repo.url = "https://github.com/usil/foo.git".into();
        config
    }

    /// One rule finds a config wrong, and is one of those that every config is put to.
    #[track_caller]
    fn check_rule(rule: Rule, path: &str, change: impl Fn(&mut Config)) {
        assert_eq!(rule(&fine()), None);
        let mut config = fine();
        change(&mut config);
        let found = rule(&config).expect("a problem");
        assert_eq!(found.path, path);
        let mut all = Vec::new();
        check(&config, &mut all);
        assert!(all.contains(&found), "{all:?}");
    }

    #[test]
    fn each_rule_by_its_name() {
        check_rule(some_ref, "repo.refs", |c| c.repo.refs.clear());
        check_rule(some_type, "box.types", |c| c.box_.types.clear());
        let domain = |c: &mut Config| c.run.domain = Some("app.example.org".into());
        check_rule(domain_stays_at_its_address, "run.domain", domain);
        check_rule(domain_has_caddy, "run.domain", |c| {
            domain(c);
            c.box_.image = "ubuntu-22.04".into();
        });
        check_rule(spot_excludes_sleep, "box.spot", |c| {
            c.box_.spot = Spot::Only;
            c.sleep.after_idle_minutes = Some(15);
        });
        check_rule(xen_has_one_branch, "repo.refs", |c| {
            c.box_.types = vec!["t2.micro".into()];
            c.repo.refs = vec!["refs/heads/*".into()];
        });
        check_rule(token_goes_over_https, "repo.auth", |c| {
            c.repo.auth = RepoAuth::Token;
            c.repo.url = "http://github.com/usil/foo.git".into();
        });
        check_rule(deploy_key_goes_over_ssh, "repo.auth", |c| c.repo.auth = RepoAuth::DeployKey);
        check_rule(commit_status_has_a_host, "notify.commit_status", |c| {
            c.notify.commit_status = true;
            c.repo.url = "https://codeberg.org/usil/foo.git".into();
        });
        check_rule(script_fits, "run.env", |c| {
            // Digits of a hash do not pack.
            let noise: String = (0..400u32).map(|at| crate::hash::sha256_hex(at.to_be_bytes())).collect();
            c.run.env = vec![EnvVar { name: "NOISE".into(), value: EnvValue::Plain(noise) }];
        });
    }

    #[test]
    fn each_rule_of_a_variable_by_its_name() {
        let [path, other] =
            ["PATH", "OTHER"].map(|name| EnvVar { name: name.into(), value: EnvValue::Secret });
        assert!(secret_is_not_obeyed(&path, &[]).is_some() && secret_is_not_obeyed(&other, &[]).is_none());
        assert!(name_is_new(&path, &[other.clone(), path.clone()]).is_some());
        assert!(name_is_new(&path, std::slice::from_ref(&other)).is_none());
        let found = variables(&[other, path.clone(), path]);
        let paths: Vec<(&str, Part)> = found.iter().map(|found| (found.path.as_str(), found.part)).collect();
        assert_eq!(
            paths,
            [("run.env[1]", Part::Name), ("run.env[2]", Part::Name), ("run.env[2]", Part::Name)]
        );
    }
}
