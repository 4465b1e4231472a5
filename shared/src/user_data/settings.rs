//! The settings at the top of the script: constants of bash, by the names that its parts use.

use super::quote;
use crate::config::{Choice as _, Config, EnvValue, RepoAuth};

pub(super) fn render(config: &Config, function_url: Option<&str>) -> String {
    let Config { app, repo, build, run, keep_images, .. } = config;
    let mut settings = Settings::titled("Settings");
    settings.text("APP", app);

    settings.comment("What is deployed: the head of one of these refs.");
    settings.text("REPO_URL", &repo.url);
    settings.list("REFS", &repo.refs);
    if let Some(minutes) = repo.poll_minutes {
        settings.comment("How often the git host is asked for pushes that did not ring.");
        settings.number("POLL_MINUTES", minutes);
    }

    settings.comment("How it is built.");
    settings.text("CONTEXT", &build.context);
    settings.options("BUILD_OPTIONS", &build_options(config));

    settings.comment("How it runs: port 80 of the box is this port of the app. Times are in seconds.");
    settings.number("PORT", run.port);
    settings.text("HEALTH_PATH", &run.health_path);
    settings.number("HEALTH_TIMEOUT", run.health_timeout_s);
    settings.number("DRAIN", run.drain_s);
    settings.number("KEEP_IMAGES", *keep_images);
    settings.options("RUN_OPTIONS", &run_options(config));

    if let Some(url) = function_url {
        settings.comment("Where changed settings come from.");
        settings.text("FUNCTION_URL", url.trim_end_matches('/'));
    }
    let not_yet = not_yet(config);
    if !not_yet.is_empty() {
        settings.comment("Why every deploy fails.");
        settings.text("NOT_YET", &format!("not supported by this version yet: {}", not_yet.join(", ")));
    }
    settings.0
}

/// Pairs of an option of `docker build` and its value.
fn build_options(config: &Config) -> Vec<(&'static str, String)> {
    let build = &config.build;
    let file = ("--file", build.dockerfile.clone());
    let target = build.target.iter().map(|target| ("--target", target.clone()));
    let args = build.args.iter().map(|(name, value)| ("--build-arg", format!("{name}={value}")));
    std::iter::once(file).chain(target).chain(args).collect()
}

/// Pairs of an option of `docker run` and its value. Here a value may hold line breaks; in a file for `--env-file` none
/// could, and as a variable of docker's own process it could change what docker does (`PATH`, `DOCKER_HOST`).
fn run_options(config: &Config) -> Vec<(&'static str, String)> {
    let run = &config.run;
    let plain = run.env.iter().filter_map(|var| var.value.plain().map(|value| (&var.name, value)));
    let env = plain.map(|(name, value)| ("--env", format!("{name}={value}")));
    let volumes = run.volumes.iter().map(|volume| ("--volume", volume.clone()));
    let ports = run.extra_ports.iter().map(|port| ("--publish", port.clone()));
    env.chain(volumes).chain(ports).collect()
}

/// What a config may ask for and the script cannot do: deploying without it would be pretending.
pub(super) fn not_yet(config: &Config) -> Vec<String> {
    let auth = config.repo.auth;
    let auth = (auth != RepoAuth::None).then(|| format!("repo.auth {}", auth.name()));
    let secrets = config.run.env.iter().filter(|var| var.value == EnvValue::Secret);
    auth.into_iter().chain(secrets.map(|var| format!("secret {}", var.name))).collect()
}

struct Settings(String);

impl Settings {
    fn titled(title: &str) -> Settings {
        Settings(format!("# ---- {title} ----\n\n"))
    }

    fn comment(&mut self, text: &str) {
        self.0.push_str(&format!("\n# {text}\n"));
    }

    fn text(&mut self, name: &str, value: &str) {
        self.set(name, &quote(value));
    }

    fn number(&mut self, name: &str, value: u32) {
        self.set(name, &value.to_string());
    }

    fn list(&mut self, name: &str, values: &[String]) {
        let words: Vec<String> = values.iter().map(|value| quote(value)).collect();
        self.set(name, &format!("({})", words.join(" ")));
    }

    /// An option and its value a line, as one would type them.
    fn options(&mut self, name: &str, options: &[(&str, String)]) {
        let lines: String =
            options.iter().map(|(name, value)| format!("  {name} {}\n", quote(value))).collect();
        let start = if lines.is_empty() { "" } else { "\n" };
        self.set(name, &format!("({start}{lines})"));
    }

    fn set(&mut self, name: &str, word: &str) {
        self.0.push_str(&format!("readonly {name}={word}\n"));
    }
}
