//! The settings at the top of the script: constants of bash, by the names that its parts use.

use super::quote;
use crate::config::{Choice as _, Config, EnvValue, RepoAuth};

pub(super) fn render(config: &Config, function_url: Option<&str>) -> String {
    let Config { app, repo, build, run, .. } = config;
    let submodules = if repo.submodules { "yes" } else { "no" };
    let mut settings = vec![
        "# ---- Settings -----------------------------------------------------------------------------\n"
            .into(),
        text("APP", app),
        "\n# What is deployed: the head of one of these refs. The git host is asked every so many minutes,\n\
         # or with 0 only at boot and when a push rings.\n"
            .into(),
        text("REPO_URL", &repo.url),
        list("REFS", &repo.refs),
        text("SUBMODULES", submodules),
        number("POLL_MINUTES", repo.poll_minutes.unwrap_or_default()),
        "\n# How it is built.\n".into(),
        text("CONTEXT", &build.context),
        options("BUILD_OPTIONS", &build_options(config)),
        "\n# How it runs: the box's port 80 is this port of the app. Times are in seconds.\n".into(),
        number("PORT", run.port),
        text("HEALTH_PATH", &run.health_path),
        number("HEALTH_TIMEOUT", run.health_timeout_s),
        number("DRAIN", run.drain_s),
        number("KEEP_IMAGES", config.keep_images),
        options("RUN_OPTIONS", &run_options(config)),
        "\n# Where changed settings come from. Empty: from nowhere, run a new script by hand.\n".into(),
        text("FUNCTION_URL", function_url.unwrap_or_default().trim_end_matches('/')),
    ];
    let not_yet = not_yet(config);
    if !not_yet.is_empty() {
        settings.push("\n# Why every deploy fails.\n".into());
        settings.push(text("NOT_YET", &format!("{}: not supported by this version yet", not_yet.join(", "))));
    }
    settings.concat()
}

/// Pairs of an option of `docker build` and its value.
fn build_options(config: &Config) -> Vec<(&'static str, String)> {
    let build = &config.build;
    let file = ("--file", build.dockerfile.clone());
    let target = build.target.iter().map(|target| ("--target", target.clone()));
    let args = build.args.iter().map(|(name, value)| ("--build-arg", format!("{name}={value}")));
    std::iter::once(file).chain(target).chain(args).collect()
}

/// Pairs of an option of `docker run` and its value.
fn run_options(config: &Config) -> Vec<(&'static str, String)> {
    let run = &config.run;
    let env =
        run.env.iter().filter_map(|var| Some(("--env", format!("{}={}", var.name, var.value.plain()?))));
    let volumes = run.volumes.iter().map(|volume| ("--volume", volume.clone()));
    let ports = run.extra_ports.iter().map(|port| ("--publish", port.clone()));
    env.chain(volumes).chain(ports).collect()
}

/// What a config may ask for and the script cannot do: deploying without it would be pretending.
fn not_yet(config: &Config) -> Vec<String> {
    let auth = config.repo.auth;
    let secret = |value: &EnvValue| *value == EnvValue::Secret;
    let auth = (auth != RepoAuth::None).then(|| format!("repo.auth {}", auth.name()));
    let secrets = config.run.env.iter().filter(|var| secret(&var.value));
    auth.into_iter().chain(secrets.map(|var| format!("the secret {}", var.name))).collect()
}

fn text(name: &str, value: &str) -> String {
    format!("readonly {name}={}\n", quote(value))
}

fn number(name: &str, value: u32) -> String {
    format!("readonly {name}={value}\n")
}

fn list(name: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quote(value)).collect();
    format!("readonly {name}=({})\n", values.join(" "))
}

/// One option a line, as one would type them.
fn options(name: &str, options: &[(&str, String)]) -> String {
    let lines: String =
        options.iter().map(|(option, value)| format!("  {option} {}\n", quote(value))).collect();
    if lines.is_empty() { format!("readonly {name}=()\n") } else { format!("readonly {name}=(\n{lines})\n") }
}
