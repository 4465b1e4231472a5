//! The script that a box runs: how it reads, whether bash reads it as meant, and what it does on a box whose docker,
//! metadata and services are stubs, with a real git.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic as tests do")]

mod agent;
mod deploy;
mod install;
mod quoting;
mod rendered;
mod sandbox;

use pushbox_shared::config::{Config, EnvValue, EnvVar};

/// What a first user has filled in.
fn config() -> Config {
    let mut config = Config { app: "my_app".into(), ..Config::default() };
    config.repo.url = "https://github.com/usil/foo.git".into();
    config
}

/// Every feature of the script is on.
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

fn env(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.into(), value: EnvValue::Plain(value.into()) }
}
