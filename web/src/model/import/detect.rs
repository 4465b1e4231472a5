//! Which kind of text it is. A guess, which the page says and a person may correct.

use super::commands::{Command, commands};
use super::kind::Kind;
use super::taken::Taken;
use crate::model::link::is_link;

/// Dockerfile's own words, from docker's reference.
const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// With what a compose file, or a service of one, begins a line.
const COMPOSE: [&str; 8] = [
    "services:",
    "build:",
    "image:",
    "ports:",
    "environment:",
    "container_name:",
    "depends_on:",
    "healthcheck:",
];

/// How many characters are looked at.
const ENOUGH: usize = 20_000;

pub fn detect(text: &str) -> Kind {
    let text = text.trim_start_matches('\u{feff}').trim();
    let end = text.char_indices().nth(ENOUGH).map_or(text.len(), |(at, _)| at);
    let text = text.get(..end).unwrap_or(text);
    if text.starts_with(['{', '[']) {
        return Kind::Config;
    }
    if is_page_link(text) {
        return Kind::Link;
    }
    if text.starts_with("#!") {
        return Kind::Script;
    }
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_instruction = |line: &str| {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let is_from = first.eq_ignore_ascii_case("from") && words.next().is_some();
        is_from || (INSTRUCTIONS.contains(&first) && words.next().is_some_and(|next| next != "="))
    };
    if lines().next().is_some_and(is_instruction) {
        return Kind::Dockerfile;
    }
    if lines().any(|line| COMPOSE.iter().any(|key| line.starts_with(key))) {
        return Kind::Compose;
    }
    // A line with a quote that never closes is no command.
    let is_run = |line: &str| {
        ["docker run ", "podman run ", "nerdctl run "].iter().any(|start| line.starts_with(start))
    };
    match of_commands(&commands(&mut Taken::default(), text)) {
        Kind::Env
            if lines().any(|line| is_run(line.trim_start_matches("$ ").trim_start_matches("sudo "))) =>
        {
            Kind::DockerRun
        }
        kind => kind,
    }
}

fn of_commands(commands: &[Command]) -> Kind {
    let is_of_script =
        |command: &Command| command.docker_build().is_some() || command.after(&["git", "clone"]).is_some();
    let runs = commands.iter().any(|command| command.docker_run().is_some());
    if commands.iter().any(is_of_script) {
        Kind::Script
    } else if runs {
        Kind::DockerRun
    } else {
        Kind::Env
    }
}

fn is_page_link(text: &str) -> bool {
    let is_one_line = !text.contains(char::is_whitespace);
    let fragment = text.split_once('#').filter(|(page, _)| page.contains("://") || page.is_empty());
    is_one_line && (fragment.is_some_and(|(_, fragment)| is_link(fragment)) || text.starts_with("v=1&"))
}
