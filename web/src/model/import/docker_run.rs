//! A `docker run` line. What its options mean is from docker's page on `docker container run`.

use super::commands::{Command, commands};
use super::ports::{self, Published};
use super::taken::Taken;
use super::{health, volumes};
use crate::model::shell_words::{self, Word};

pub(super) fn read(text: &str) -> Taken {
    let mut taken = Taken::default();
    let mut found: Vec<Command> = Vec::new();
    for command in commands(&mut taken, text) {
        let is_first = found.is_empty();
        match command.docker_run() {
            Some(_) if is_first => found.push(command),
            Some(_) => {
                taken.leave(command.line(), &command.shown(), "is another container; pushbox runs one");
            }
            None => taken.leave(
                command.line(),
                &command.shown(),
                "is no docker run; choose \"a user-data script\" above to read it as a part of one",
            ),
        }
    }
    if let Some(arguments) = found.first().and_then(Command::docker_run) {
        take(&mut taken, arguments);
    }
    taken
}

/// The words behind `docker run`.
pub(super) fn take(taken: &mut Taken, arguments: &[Word]) {
    let mut ports = Vec::new();
    let mut rest = arguments;
    while let Some((word, behind)) = rest.split_first() {
        let text = word.text.as_str();
        if text == "--" {
            rest = behind;
            break;
        }
        if !text.starts_with('-') || text == "-" {
            break;
        }
        rest = behind;
        for option in options(word, &mut rest) {
            option.take(taken, &mut ports);
        }
    }
    ports::take(taken, ports);
    if let Some((image, command)) = rest.split_first() {
        taken.leave(
            image.line,
            &image.text,
            "is the image; pushbox builds its own from the repository's Dockerfile",
        );
        if let Some(first) = command.first() {
            let command: Vec<&str> = command.iter().map(|word| word.text.as_str()).collect();
            taken.leave(
                first.line,
                &command.join(" "),
                "is the container's command; put it into the Dockerfile as CMD",
            );
        }
    }
}

/// An option with its value.
struct Opt {
    line: usize,
    /// The long name, with its dashes.
    name: String,
    /// Nothing where the option has none, or where the line ends before it.
    value: Option<String>,
}

/// Those that have no value, docker's and podman's.
const WITHOUT_VALUE: [&str; 14] = [
    "--detach",
    "--disable-content-trust",
    "--help",
    "--init",
    "--interactive",
    "--no-healthcheck",
    "--oom-kill-disable",
    "--privileged",
    "--publish-all",
    "--quiet",
    "--read-only",
    "--replace",
    "--rm",
    "--tty",
];

/// Short options and the long ones that they stand for.
const SHORT: [(char, &str); 14] = [
    ('a', "--attach"),
    ('c', "--cpu-shares"),
    ('d', "--detach"),
    ('e', "--env"),
    ('h', "--hostname"),
    ('i', "--interactive"),
    ('l', "--label"),
    ('m', "--memory"),
    ('p', "--publish"),
    ('P', "--publish-all"),
    ('q', "--quiet"),
    ('t', "--tty"),
    ('u', "--user"),
    ('v', "--volume"),
];

/// The options of one word, with a value out of the next word where they need one: `--name=a`, `--name a`, `-dp 80:80`.
fn options(word: &Word, rest: &mut &[Word]) -> Vec<Opt> {
    let line = word.line;
    let text = word.text.as_str();
    if text.starts_with("--") {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let is_alone = value.is_some() || WITHOUT_VALUE.contains(&name);
        let value = value.map(String::from).or_else(|| if is_alone { None } else { next(rest) });
        return vec![Opt { line, name: name.into(), value }];
    }
    let mut found = Vec::new();
    let mut letters = text.trim_start_matches('-').chars();
    while let Some(letter) = letters.next() {
        let long = SHORT.iter().find(|(short, _)| *short == letter).map(|(_, long)| (*long).to_string());
        let name = long.unwrap_or_else(|| format!("-{letter}"));
        if WITHOUT_VALUE.contains(&name.as_str()) {
            found.push(Opt { line, name, value: None });
            continue;
        }
        let attached = letters.as_str();
        let value =
            if attached.is_empty() { next(rest) } else { Some(attached.trim_start_matches('=').into()) };
        found.push(Opt { line, name, value });
        break;
    }
    found
}

fn next(rest: &mut &[Word]) -> Option<String> {
    let (word, behind) = rest.split_first()?;
    *rest = behind;
    Some(word.text.clone())
}

impl Opt {
    fn take(self, taken: &mut Taken, ports: &mut Vec<Published>) {
        let Opt { line, name, value } = self;
        if value.is_none() && !WITHOUT_VALUE.contains(&name.as_str()) {
            return taken.leave(line, &name, "has nothing behind it");
        }
        let value = value.unwrap_or_default();
        let shown = if value.is_empty() { name.clone() } else { format!("{name} {value}") };
        match name.as_str() {
            "--publish" => ports.push(Published::parse(line, &value)),
            "--env" => taken.variable(line, &value),
            "--volume" => volumes::take(taken, line, &value),
            "--mount" => volumes::take_mount(taken, line, &value),
            "--name" => taken.text(line, "app", &value),
            "--health-cmd" => match shell_words::words(&value) {
                Ok(words) => health::take(taken, line, words.iter().map(|word| word.text.as_str())),
                Err(_) => health::take(taken, line, [value.as_str()]),
            },
            _ => taken.leave(line, &shown, why(&name)),
        }
    }
}

/// Why an option has no place in pushbox, and what to do instead.
pub(super) fn why(option: &str) -> &'static str {
    match option {
        "--detach" => "is what pushbox does anyway: an app runs in the background",
        "--restart" | "--rm" | "--replace" => {
            "is pushbox's own business: it restarts the app, and removes what is old"
        }
        "--interactive" | "--tty" | "--attach" => "needs a terminal, and the box has none",
        "--env-file" => "names a file, which cannot be read here; paste or drop what is in it",
        "--network" | "--net" | "--network-alias" | "--link" | "--ip" => {
            "has no place here: pushbox publishes one port of its own; leave it out"
        }
        "--publish-all" | "--expose" => {
            "names no port of the box; pushbox publishes the app's port and the extra ports"
        }
        "--user" => "belongs into the Dockerfile, as USER",
        "--workdir" | "-w" => "belongs into the Dockerfile, as WORKDIR",
        "--entrypoint" => "belongs into the Dockerfile, as ENTRYPOINT",
        "--label" | "--label-file" => "belongs into the Dockerfile, as LABEL",
        "--health-interval"
        | "--health-retries"
        | "--health-start-period"
        | "--health-timeout"
        | "--health-start-interval" => {
            "is for docker's own check; pushbox asks until \"Health timeout\" has passed"
        }
        "--no-healthcheck" => "cannot be: a new version serves only after it has answered",
        "--log-driver" | "--log-opt" => "is set by pushbox: docker keeps 30 MB of logs",
        "--memory" | "--cpus" | "--cpu-shares" | "--cpuset-cpus" | "--memory-swap" | "--pids-limit"
        | "--ulimit" => "has no place here: the app has the box for itself",
        "--privileged" | "--cap-add" | "--cap-drop" | "--device" | "--security-opt" | "--gpus" => {
            "has no place here: pushbox gives a container docker's usual rights"
        }
        "--platform" | "--pull" => "has no place here: the box builds the image for its own processor",
        _ => "has no place in pushbox",
    }
}
