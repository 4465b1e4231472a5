//! The settings at the top of the script: constants of bash, by the names that its parts use.

use serde_json::Value;

use super::parts::{secret_env, secret_names};
use super::{Line, quote};
use crate::config::schedule::Schedule;
use crate::config::{Config, RepoAuth};
use crate::git_host::GitHost;
use crate::pattern;
use crate::region::partition;

/// The lines, and for each name in them the field that it stands for.
pub(super) fn render(
    config: &Config,
    function_url: Option<&str>,
) -> (Vec<Line>, Vec<(&'static str, &'static str)>) {
    let Config { app, repo, build, run, box_, keep_images, .. } = config;
    let mut settings = Settings::titled("Settings");
    settings.text("app", "APP", app);

    settings.comment("What is deployed: the head of one of these refs.");
    settings.text("repo.url", "REPO_URL", &repo.url);
    if repo.has_globs() {
        settings.text("repo.refs", "REFS", &pattern::regex(&repo.refs));
        if let Some(name) = repo.first_exact_ref() {
            settings.text("repo.refs", "DEFAULT_REF", name);
        }
    } else {
        settings.list("repo.refs", "REFS", &repo.refs);
    }
    if let Some(minutes) = repo.poll_minutes {
        settings.number("repo.poll_minutes", "POLL_MINUTES", minutes);
    }

    settings.comment("How it is built.");
    settings.text("build.context", "CONTEXT", &build.context);
    settings.options("build.dockerfile", "BUILD_OPTIONS", &build_options(config));

    settings.comment("How it runs. Times are in seconds.");
    settings.number("run.port", "PORT", run.port);
    settings.text("run.health_path", "HEALTH_PATH", &run.health_path);
    settings.number("run.health_timeout_s", "HEALTH_TIMEOUT", run.health_timeout_s);
    settings.number("run.drain_s", "DRAIN", run.drain_s);
    settings.number("keep_images", "KEEP_IMAGES", *keep_images);
    settings.options("run.env", "RUN_OPTIONS", &run_options(config));
    if let Some(domain) = &run.domain {
        settings.text("run.domain", "DOMAIN", domain);
    }
    if config.sleep.is_on() {
        settings.number("sleep.after_idle_minutes", "IDLE_MINUTES", config.sleep.idle_minutes());
    }
    let schedule = config.sleep.schedule.as_deref().map(Schedule::parse);
    if let Some(Ok(Schedule { days, from, to, zone })) = schedule {
        let days: String = days.iter().map(u8::to_string).collect();
        settings.text("sleep.schedule", "AWAKE_DAYS", &days);
        settings.number("sleep.schedule", "AWAKE_FROM", from);
        settings.number("sleep.schedule", "AWAKE_TO", to);
        settings.text("sleep.schedule", "AWAKE_ZONE", &zone);
    }

    let secrets = secret_names(config);
    if !secrets.is_empty() {
        settings.lines.push(Line::plain(""));
        settings.list("run.env", "SECRET_REQUESTS", &requests(app, &secrets));
        let env: Vec<String> = secret_env(config).map(String::from).collect();
        if !env.is_empty() {
            settings.list("run.env", "SECRET_ENV", &env);
        }
        let host = format!("https://ssm.{}.{}/", box_.region, partition(&box_.region).domain);
        settings.text("box.region", "PARAMETER_STORE", &host);
    }
    if let (RepoAuth::Token, Some(host)) = (repo.auth, GitHost::of(&repo.url)) {
        settings.text("repo.auth", "REPO_HOST", &host.origin);
        settings.text("repo.auth", "REPO_USER", host.token_user());
    }
    let status = GitHost::of(&repo.url).and_then(|host| host.commit_status(app));
    if let Some(status) = status.filter(|_| config.notify.commit_status) {
        settings.text("notify.commit_status", "STATUS_URL", &status.url);
        settings.text("notify.commit_status", "STATUS_HEADER", status.header);
        settings.text("notify.commit_status", "STATUS_BODY", &status.body);
    }

    if let Some(url) = function_url {
        settings.lines.push(Line::plain(""));
        settings.text("", "FUNCTION_URL", url.trim_end_matches('/'));
    }
    (settings.lines, settings.names)
}

/// The requests for all these secrets: GetParameters takes ten at a time.
fn requests(app: &str, names: &[String]) -> Vec<String> {
    let request = |names: &[String]| {
        let paths: Vec<String> = names.iter().map(|name| format!("/pushbox/{app}/{name}")).collect();
        format!("{{\"Names\":{},\"WithDecryption\":true}}", Value::from(paths))
    };
    names.chunks(10).map(request).collect()
}

/// An option of docker with its value, and the field that asks for it.
struct DockerOption {
    field: &'static str,
    /// Which of the field's entries, where it is a list.
    entry: Option<usize>,
    option: &'static str,
    value: String,
}

/// One for each entry of a list.
fn options<'a, T: 'a>(
    field: &'static str,
    option: &'static str,
    entries: impl IntoIterator<Item = T> + 'a,
    value: fn(T) -> Option<String>,
) -> impl Iterator<Item = DockerOption> + 'a {
    let made = move |(at, entry)| Some(DockerOption { field, entry: Some(at), option, value: value(entry)? });
    entries.into_iter().enumerate().filter_map(made)
}

fn build_options(config: &Config) -> Vec<DockerOption> {
    let build = &config.build;
    let one =
        |field, option, value: &String| DockerOption { field, entry: None, option, value: value.clone() };
    let file = one("build.dockerfile", "--file", &build.dockerfile);
    let target = build.target.iter().map(|target| one("build.target", "--target", target));
    let args =
        options("build.args", "--build-arg", &build.args, |(name, value)| Some(format!("{name}={value}")));
    std::iter::once(file).chain(target).chain(args).collect()
}

/// Here a value may hold line breaks; in a file for `--env-file` none could, and as a variable of docker's own process it
/// could change what docker does (`PATH`, `DOCKER_HOST`).
fn run_options(config: &Config) -> Vec<DockerOption> {
    let run = &config.run;
    let env =
        options("run.env", "--env", &run.env, |var| Some(format!("{}={}", var.name, var.value.plain()?)));
    let volumes = options("run.volumes", "--volume", &run.volumes, |volume| Some(volume.clone()));
    let ports = options("run.extra_ports", "--publish", &run.extra_ports, |port| Some(port.clone()));
    env.chain(volumes).chain(ports).collect()
}

struct Settings {
    lines: Vec<Line>,
    names: Vec<(&'static str, &'static str)>,
}

impl Settings {
    fn titled(title: &str) -> Settings {
        let lines = vec![Line::plain(&format!("# ---- {title} ----")), Line::plain("")];
        Settings { lines, names: Vec::new() }
    }

    fn comment(&mut self, text: &str) {
        self.lines.push(Line::plain(""));
        self.lines.push(Line::plain(&format!("# {text}")));
    }

    fn text(&mut self, field: &'static str, name: &'static str, value: &str) {
        self.set(field, name, &quote(value));
    }

    fn number(&mut self, field: &'static str, name: &'static str, value: u32) {
        self.set(field, name, &value.to_string());
    }

    fn list(&mut self, field: &'static str, name: &'static str, values: &[String]) {
        let words: Vec<String> = values.iter().map(|value| quote(value)).collect();
        self.set(field, name, &format!("({})", words.join(" ")));
    }

    /// An option and its value a line, as one would type them.
    fn options(&mut self, field: &'static str, name: &'static str, options: &[DockerOption]) {
        if options.is_empty() {
            return self.set(field, name, "()");
        }
        self.add(field, &format!("{name}=("));
        for DockerOption { field, entry, option, value } in options {
            let first = self.lines.len();
            self.add(field, &format!("  {option} {}", quote(value)));
            self.lines.iter_mut().skip(first).for_each(|line| line.entry = *entry);
        }
        self.add(field, ")");
        self.names.push((name, field));
    }

    fn set(&mut self, field: &'static str, name: &'static str, word: &str) {
        self.add(field, &format!("{name}={word}"));
        self.names.push((name, field));
    }

    /// A text with line breaks is several lines.
    fn add(&mut self, field: &'static str, text: &str) {
        self.lines.extend(text.split('\n').map(|text| Line {
            text: text.into(),
            field,
            entry: None,
            why: String::new(),
        }));
    }
}
