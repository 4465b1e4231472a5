//! An old user-data script: the clone, the build and the run in it. The rest is what pushbox does itself, or does not do.

use super::commands::{Command, commands};
use super::docker_build::in_repository;
use super::taken::Taken;
use super::{docker_build, docker_run};
use crate::model::repository::access;
use crate::model::shell_words::Word;

pub(super) fn read(text: &str) -> Taken {
    let mut taken = Taken::default();
    let commands = commands(&mut taken, text);
    let mut reader = Reader::default();
    for command in commands {
        reader.command(&mut taken, &reader.filled_in(command));
    }
    taken
}

/// Each later command is searched for all of them.
const MOST_VARIABLES: usize = 50;

/// Bytes of a text in which variables are looked for, and of a variable's value: each could double the one before.
const LONGEST: usize = 1000;

#[derive(Default)]
struct Reader {
    /// The script's own, which later commands name.
    variables: Vec<(String, String)>,
    /// The folder into which the repository is cloned, without those above it.
    clone: String,
    /// The folder of the repository in which the script is.
    folder: String,
    has_run: bool,
}

impl Reader {
    /// The command with the values of variables that the script has set before.
    fn filled_in(&self, mut command: Command) -> Command {
        for word in command.0.iter_mut().filter(|word| word.text.contains('$')) {
            for (name, value) in &self.variables {
                if word.text.len() > LONGEST {
                    break;
                }
                word.text = word.text.replace(&format!("${{{name}}}"), value);
                if let Some(before) = word.text.strip_suffix(&format!("${name}")) {
                    word.text = format!("{before}{value}");
                }
            }
        }
        command
    }

    fn command(&mut self, taken: &mut Taken, command: &Command) {
        if let Some(arguments) = command.docker_run() {
            if self.has_run {
                return taken.leave(
                    command.line(),
                    &command.shown(),
                    "is another container; pushbox runs one",
                );
            }
            self.has_run = true;
            return docker_run::take(taken, arguments);
        }
        if let Some(arguments) = command.docker_build() {
            return docker_build::take(taken, arguments, &self.clone, &self.folder);
        }
        if let Some(arguments) = command.after(&["git", "clone"]) {
            return self.git_clone(taken, arguments);
        }
        match (command.word(0), command.word(1)) {
            ("cd", folder) => self.folder = in_repository(folder, &self.clone, &self.folder),
            ("git", "checkout" | "switch") => {
                let is_commit =
                    |text: &str| text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                match command.0.last() {
                    Some(Word { line, text }) if is_commit(text) => {
                        taken.leave(*line, text, "is a commit; pushbox deploys the head of a branch");
                    }
                    Some(Word { line, text }) => {
                        taken.text(*line, "repo.refs", &format!("refs/heads/{text}"));
                    }
                    None => {}
                }
            }
            ("export" | "declare" | "readonly", _) => {
                command.0.iter().skip(1).for_each(|word| self.variable(taken, word));
            }
            (first, "") if first.contains('=') => {
                command.0.iter().for_each(|word| self.variable(taken, word));
            }
            _ => taken.leave(command.line(), &command.shown(), why(command)),
        }
    }

    /// A variable of the script is one of the app only where `docker run` says so.
    fn variable(&mut self, taken: &mut Taken, word: &Word) {
        if let Some((name, value)) = word.text.split_once('=') {
            if self.variables.len() < MOST_VARIABLES && value.len() <= LONGEST {
                self.variables.push((name.into(), value.into()));
            }
            taken.leave(word.line, &word.text, "is a variable of the script, which the app does not see; add it to the variables if the app needs it");
        }
    }

    fn git_clone(&mut self, taken: &mut Taken, arguments: &[Word]) {
        let mut places = Vec::new();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let (line, text) = (word.line, word.text.as_str());
            let (name, value) =
                text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            match name {
                "-b" | "--branch" => {
                    let branch = value.or_else(|| words.next().map(|word| word.text.as_str()));
                    taken.text(line, "repo.refs", &format!("refs/heads/{}", branch.unwrap_or_default()));
                }
                "--recurse-submodules" | "--recursive" => taken.draft.set_flag("repo.submodules", true),
                "--depth" | "-o" | "--origin" | "-c" | "--config" | "-j" | "--jobs" => {
                    let value = value.or_else(|| words.next().map(|word| word.text.as_str()));
                    let what = format!("{name} {}", value.unwrap_or_default());
                    taken.leave(
                        line,
                        &what,
                        "is pushbox's own business: it fetches the one commit that it needs",
                    );
                }
                _ if text.starts_with('-') => taken.leave(line, text, "has no place in pushbox"),
                _ => places.push(word),
            }
        }
        let Some(url) = places.first() else { return };
        taken.text(url.line, "repo.url", &url.text);
        if taken.draft.text("repo.url") == url.text && !access(&url.text).is_empty() {
            taken.text(url.line, "repo.auth", access(&url.text));
        }
        let folder = places.get(1).unwrap_or(url).text.trim_end_matches('/');
        let folder = folder.rsplit(['/', ':']).next().unwrap_or_default();
        self.clone = folder.strip_suffix(".git").unwrap_or(folder).into();
    }
}

/// Why a command has no place in pushbox, and what does its work.
fn why(command: &Command) -> &'static str {
    let words = (command.word(0), command.word(1), command.word(2));
    match words {
        (
            "apt-get" | "apt" | "apt-key" | "add-apt-repository" | "apt-cache" | "yum" | "dnf" | "snap"
            | "dpkg",
            ..,
        ) => {
            "installs something; pushbox installs docker and git, and an app's own packages belong into its Dockerfile"
        }
        (
            "docker" | "podman",
            "stop" | "kill" | "rm" | "rmi" | "image" | "system" | "builder" | "container" | "volume",
            _,
        ) => "cleans up; pushbox replaces a version when the next one has answered, and removes what is old",
        ("docker" | "podman", "pull" | "push" | "login" | "tag", _) => {
            "is for images of a registry; pushbox builds on the box"
        }
        ("docker-compose", ..) | ("docker" | "podman", "compose", _) => {
            "runs a compose file; paste that file here"
        }
        ("systemctl" | "service" | "usermod" | "groupadd" | "newgrp", ..) => {
            "sets docker up, which pushbox does itself"
        }
        ("git", "pull" | "fetch" | "reset", _) => "fetches, which pushbox does at every push",
        ("set" | "#!/bin/bash" | "exec" | "trap" | "shopt", ..) => {
            "is for the script itself; pushbox has its own"
        }
        ("fallocate" | "mkswap" | "swapon" | "dd", ..) => "adds swap, which pushbox does itself",
        _ => "has no place in pushbox: the box does what is in the Dockerfile",
    }
}
