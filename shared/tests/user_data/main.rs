//! The script that a box runs: how it reads, whether bash reads it as meant, and what it does on a box whose docker,
//! metadata and services are stubs, with a real git.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic as tests do")]

mod agent;
mod deploy;
mod install;
mod lines;
mod quoting;
mod rendered;
mod sandbox;
mod secret_env;
mod sleep;

use pushbox_shared::config::{Address, Config, EnvValue, EnvVar, Notify, RepoAuth};

/// What a first user has filled in.
fn config() -> Config {
    let mut config = Config { app: "my_app".into(), ..Config::default() };
    config.repo.url = "https://github.com/usil/foo.git".into();
    config
}

/// As many features of the script as go together, without those that need secrets.
fn rich_config() -> Config {
    let mut config = config();
    config.repo.refs = vec!["refs/heads/main".into(), "refs/tags/v*".into()];
    config.repo.submodules = true;
    config.repo.poll_minutes = Some(10);
    config.build.dockerfile = "deploy/Dockerfile".into();
    config.build.context = "server".into();
    config.build.target = Some("production".into());
    config.build.args = vec![("GREETING".into(), "it's $HOME".into())];
    config.run.port = 8080;
    config.run.health_path = "/health?full=1".into();
    config.run.env = vec![env("bar", "baz"), env("MOTD", "two\nlines 🚀"), env("TABS", "a\tb\r\n")];
    config.run.volumes = vec!["data:/var/lib/data".into()];
    config.run.extra_ports = vec!["53:53/udp".into()];
    config
}

/// Every feature is on, and no variable has a value in it.
fn full_config() -> Config {
    let mut config = rich_config();
    config.repo.refs = vec!["refs/tags/v*".into()];
    config.build.args = vec![("A".into(), "b".into())];
    config.repo.auth = RepoAuth::Token;
    config.run.env = vec![EnvVar { name: "DB_PASSWORD".into(), value: EnvValue::Secret }];
    config.run.domain = Some("app.example.org".into());
    config.box_.address = Address::Elastic;
    config.notify = Notify { commit_status: true, webhook: true };
    config.sleep.after_idle_minutes = Some(30);
    config
}

fn env(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.into(), value: EnvValue::Plain(value.into()) }
}
