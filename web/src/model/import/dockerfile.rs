//! A Dockerfile: what it says of port, health and build arguments. The rest stays where it is, because the box builds it.

use super::commands::document;
use super::health;
use super::taken::Taken;
use crate::model::secret_names::looks_secret;
use crate::model::shell_words;

/// One instruction over all its lines.
struct Instruction {
    line: usize,
    name: String,
    /// Continued lines are one.
    arguments: String,
}

pub(super) fn read(text: &str) -> Taken {
    let mut taken = Taken::default();
    let mut exposed: Vec<(usize, String)> = Vec::new();
    let mut port_variable = None;
    let mut others: Vec<(usize, String)> = Vec::new();
    for Instruction { line, name, arguments } in instructions(text) {
        match name.as_str() {
            "EXPOSE" => exposed.extend(arguments.split_whitespace().map(|port| (line, port.into()))),
            "ENV" => {
                for (name, value) in pairs(&arguments) {
                    if name == "PORT" {
                        port_variable = Some((line, value.clone()));
                    }
                    taken.leave(
                        line,
                        &format!("ENV {name}={value}"),
                        "is in the image already; add it to the variables only to change it",
                    );
                }
            }
            "ARG" => arg(&mut taken, line, &arguments),
            "HEALTHCHECK" => healthcheck(&mut taken, line, &arguments),
            "FROM" => stage(&mut taken, line, &arguments),
            "VOLUME" => taken.leave(
                line,
                &format!("VOLUME {arguments}"),
                "would be lost with each version; name it in the volumes, as in data:/data, to keep it",
            ),
            _ => others.push((line, name)),
        }
    }
    take_port(&mut taken, exposed, port_variable);
    if let Some((line, first)) = others.first() {
        let mut names: Vec<&str> = others.iter().map(|(_, name)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let what = if names.len() == 1 { first.clone() } else { names.join(", ") };
        taken.leave(*line, &what, "stays in the Dockerfile, which the box builds");
    }
    taken
}

/// Of several ports the first of tcp is the app's; without any, `ENV PORT` is.
fn take_port(taken: &mut Taken, exposed: Vec<(usize, String)>, variable: Option<(usize, String)>) {
    let mut own: Option<String> = None;
    for (line, text) in exposed {
        let (port, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        match &own {
            _ if !is_port => taken.leave(line, &format!("EXPOSE {text}"), "is no port from 1 to 65535"),
            None if protocol == "tcp" => {
                taken.text(line, "run.port", port);
                own = Some(port.into());
            }
            Some(own) if own == port => {}
            Some(_) | None => {
                let why = format!("is published only if you add {port}:{text} to the extra ports");
                taken.leave(line, &format!("EXPOSE {text}"), why);
            }
        }
    }
    if let Some((line, port)) = variable.filter(|_| own.is_none())
        && port.parse::<u16>().is_ok_and(|port| port > 0)
    {
        taken.text(line, "run.port", &port);
        let what = format!("ENV PORT={port}");
        taken.left.retain(|left| (left.line, &left.what) != (line, &what));
        taken.note(line, &what, "is taken for the port, because there is no EXPOSE");
    }
}

/// Each with a default, so that it can be changed in the form.
fn arg(taken: &mut Taken, line: usize, arguments: &str) {
    for word in words(arguments) {
        let what = format!("ARG {word}");
        match word.split_once('=') {
            None => taken.leave(
                line,
                &what,
                "has no default; add it to the build arguments if the build needs it",
            ),
            Some((name, value)) if looks_secret(name, value) => {
                taken.leave(line, &what, "looks like a secret, and build arguments end up in the image's history; read it where the app runs");
            }
            Some((name, value)) if !taken.draft.rows("build.args").iter().any(|row| *row.name == *name) => {
                taken.pair(line, "build.args", name, value);
            }
            Some(_) => {}
        }
    }
}

fn healthcheck(taken: &mut Taken, line: usize, arguments: &str) {
    let words = words(arguments);
    let Some(at) = words.iter().position(|word| word.eq_ignore_ascii_case("cmd")) else {
        return taken.leave(
            line,
            &format!("HEALTHCHECK {arguments}"),
            "cannot be: a new version serves only after it has answered",
        );
    };
    if at > 0 {
        let options = words.get(..at).unwrap_or_default().join(" ");
        taken.leave(
            line,
            &options,
            "is for docker's own check; pushbox asks until \"Health timeout\" has passed",
        );
    }
    // `["curl", "-f", "…"]` is read as words too, since brackets and commas are no part of an address.
    let command = words.get(at + 1..).unwrap_or_default();
    health::take(taken, line, command.iter().map(|word| word.trim_matches(['[', ']', ',', '"'])));
}

fn stage(taken: &mut Taken, line: usize, arguments: &str) {
    let words: Vec<&str> = arguments.split_whitespace().collect();
    if let Some(at) = words.iter().position(|word| word.eq_ignore_ascii_case("as"))
        && let Some(name) = words.get(at + 1)
    {
        taken.leave(
            line,
            &format!("AS {name}"),
            "is a stage; name it under \"Build stage\" to stop the build there",
        );
    }
}

/// Both forms of `ENV`: `A=b C=d` and `A b`.
fn pairs(arguments: &str) -> Vec<(String, String)> {
    let (first, rest) = arguments.split_once(char::is_whitespace).unwrap_or((arguments, ""));
    if !first.contains('=') {
        return vec![(first.into(), rest.trim().into())];
    }
    let words = words(arguments);
    words
        .iter()
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn words(arguments: &str) -> Vec<String> {
    match shell_words::words(arguments) {
        Ok(words) => words.into_iter().map(|word| word.text).collect(),
        Err(_) => arguments.split_whitespace().map(String::from).collect(),
    }
}

/// Without comments, empty lines and here documents.
fn instructions(text: &str) -> Vec<Instruction> {
    let mut found: Vec<Instruction> = Vec::new();
    let mut goes_on = false;
    let mut end: Option<String> = None;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(word) = &end {
            if line == word {
                end = None;
            }
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (part, more) = line.strip_suffix('\\').map_or((line, false), |line| (line.trim_end(), true));
        match found.last_mut() {
            Some(open) if goes_on => {
                open.arguments.push(' ');
                open.arguments.push_str(part);
            }
            _ => {
                let (name, arguments) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
                let (name, arguments) = (name.to_ascii_uppercase(), arguments.trim().to_string());
                found.push(Instruction { line: at + 1, name, arguments });
            }
        }
        goes_on = more;
        end = document(line);
    }
    found
}
