//! A compose file, of which one service is taken. What its keys mean is from the Compose Specification.

use std::collections::BTreeSet;

use super::interpolated::{resolve, resolved};
use super::ports::{self, Published};
use super::taken::Taken;
use super::yaml::{self, Node, Value};
use super::{docker_build, docker_run, health, volumes};
use crate::model::secret_names::is_secret_name;
use crate::model::shell_words;

pub(super) fn read(text: &str, app: &str) -> Taken {
    let mut taken = Taken::default();
    let (document, faults) = yaml::parse(text);
    let lines: Vec<&str> = text.lines().collect();
    let unread = faults.iter().map(|(line, _)| *line).collect();
    for (line, why) in faults {
        taken.leave(line, lines.get(line - 1).unwrap_or(&"").trim(), why);
    }
    let services = services(&mut taken, &document);
    let chosen = services.iter().position(|(name, _)| name == app);
    let chosen = chosen
        .or_else(|| services.iter().position(|(_, service)| service.get("build").is_some()))
        .unwrap_or(0);
    for (at, (name, node)) in services.iter().enumerate() {
        if at == chosen {
            name.clone_into(&mut taken.chosen);
            service(&mut taken, node, &unread);
        } else {
            taken.leave(
                node.line,
                name,
                "is another container, and pushbox runs one; choose it above to take it instead",
            );
        }
    }
    if services.len() > 1 {
        taken.choices = services.into_iter().map(|(name, _)| name).collect();
    }
    taken
}

/// The services of a whole file, of what is below its `services:`, or the one whose lines these are.
fn services(taken: &mut Taken, document: &Node) -> Vec<(String, Node)> {
    if let Some(services) = document.get("services") {
        for (key, node) in document.map().iter().filter(|(key, _)| key != "services") {
            top(taken, key, node);
        }
        if services.map().is_empty() {
            taken.leave(
                services.line,
                "services",
                "has no service below it; expected the app, as in web: with its build: below",
            );
        }
        return services.map().to_vec();
    }
    let is_service = |node: &Node| SERVICE.iter().any(|key| node.get(key).is_some());
    if is_service(document) {
        return vec![(String::new(), document.clone())];
    }
    let (services, others): (Vec<_>, Vec<_>) =
        document.map().iter().cloned().partition(|(_, node)| is_service(node));
    for (key, node) in others {
        taken.leave(node.line, &key, "is no service; expected services: with the app below it");
    }
    if document.map().is_empty() {
        taken.leave(1, "", "expected a compose file with services:, found none");
    }
    services
}

/// By these a service is known.
const SERVICE: [&str; 5] = ["build", "image", "ports", "environment", "container_name"];

fn top(taken: &mut Taken, key: &str, node: &Node) {
    match (key, node.text()) {
        ("name", Some(name)) => taken.text(node.line, "app", name),
        ("version", _) => taken.leave(node.line, key, "says nothing any more, not to docker either"),
        ("volumes", _) => {
            taken.leave(node.line, key, "is not needed: docker makes a volume when it is first used");
        }
        _ if key.starts_with("x-") => taken.leave(node.line, key, "is for other programs"),
        _ => taken.leave(node.line, key, "has no place in pushbox, which runs one container"),
    }
}

/// `unread` are the lines that could not be read.
fn service(taken: &mut Taken, service: &Node, unread: &BTreeSet<usize>) {
    let mut published = Vec::new();
    for (key, node) in service.map() {
        match key.as_str() {
            // What could not be read is said already.
            _ if node.value == Value::Null && unread.contains(&node.line) => {}
            "build" => build(taken, node),
            "container_name" => text(taken, node, "app"),
            "environment" => pairs(taken, node, "run.env"),
            "ports" => published.extend(node.items().iter().filter_map(|port| one_port(taken, port))),
            "volumes" => node.items().iter().for_each(|one| one_volume(taken, one)),
            "healthcheck" => healthcheck(taken, node),
            "env_file" => {
                for file in node.items() {
                    let path = file.text().or_else(|| file.get("path")?.text()).unwrap_or_default();
                    taken.leave(file.line, &format!("{key} {path}"), docker_run::why("--env-file"));
                }
            }
            "image" if service.get("build").is_some() => {
                taken.leave(node.line, key, "names the image; pushbox names it after its commit");
            }
            _ => taken.leave(node.line, &shown(key, node), why(key)),
        }
    }
    ports::take(taken, published);
}

fn shown(key: &str, node: &Node) -> String {
    node.text().map_or_else(|| key.into(), |text| format!("{key}: {text}"))
}

/// As of the option of `docker run` that does the same.
fn why(key: &str) -> &'static str {
    match key {
        "image" => "is the image; pushbox builds its own from the repository's Dockerfile",
        "command" => "belongs into the Dockerfile, as CMD",
        "depends_on" | "links" => "is another container, and pushbox runs one",
        "secrets" | "configs" => "is for files in the container; mark a variable secret instead",
        "restart" => docker_run::why("--restart"),
        "networks" | "network_mode" => docker_run::why("--network"),
        "expose" => docker_run::why("--expose"),
        "user" => docker_run::why("--user"),
        "working_dir" => docker_run::why("--workdir"),
        "entrypoint" => docker_run::why("--entrypoint"),
        "labels" => docker_run::why("--label"),
        "logging" => docker_run::why("--log-opt"),
        "mem_limit" | "cpus" | "deploy" | "ulimits" => docker_run::why("--memory"),
        "privileged" | "cap_add" | "cap_drop" | "devices" | "security_opt" => docker_run::why("--privileged"),
        "platform" | "pull_policy" => docker_run::why("--platform"),
        "stdin_open" | "tty" => docker_run::why("--tty"),
        "<<" | "extends" => "repeats another part, which is not understood here; write it out",
        _ => "has no place in pushbox",
    }
}

fn text(taken: &mut Taken, node: &Node, path: &'static str) {
    let Some(text) = node.text() else { return taken.leave(node.line, path, "expected a text") };
    if let Some(text) = resolved(taken, node.line, text, text) {
        taken.text(node.line, path, &text);
    }
}

fn build(taken: &mut Taken, node: &Node) {
    let (mut folder, mut dockerfile) = (String::new(), None);
    match &node.value {
        Value::Text(context) => folder = context_of(taken, node.line, context),
        _ => {
            for (key, node) in node.map() {
                match key.as_str() {
                    "context" => folder = context_of(taken, node.line, node.text().unwrap_or_default()),
                    "dockerfile" => dockerfile = Some(node),
                    "target" => text(taken, node, "build.target"),
                    "args" => pairs(taken, node, "build.args"),
                    _ => taken.leave(node.line, &format!("build.{key}"), "has no place in pushbox"),
                }
            }
        }
    }
    // Here it is a path from the context, in `pushbox.json` from the top of the repository.
    if let Some(path) = dockerfile.and_then(Node::text) {
        let path = docker_build::in_repository(path, "", &folder);
        taken.text(dockerfile.map_or(node.line, |node| node.line), "build.dockerfile", &path);
    } else if !folder.is_empty() {
        taken.text(node.line, "build.dockerfile", &format!("{folder}/Dockerfile"));
    }
}

/// The folder in the repository. A context may also be a repository itself.
fn context_of(taken: &mut Taken, line: usize, context: &str) -> String {
    let Some(context) = resolved(taken, line, context, context) else { return String::new() };
    if context.contains("://") || context.starts_with("git@") {
        let (url, rest) = context.split_once('#').unwrap_or((&context, ""));
        taken.text(line, "repo.url", url);
        if !rest.is_empty() {
            taken.leave(
                line,
                &format!("#{rest}"),
                "is a part of an address of docker's; fill in branch and context in the form",
            );
        }
        return String::new();
    }
    let folder = docker_build::in_repository(&context, "", "");
    if !folder.is_empty() {
        taken.text(line, "build.context", &folder);
    }
    folder
}

/// A mapping, or a list of `NAME=value`.
fn pairs(taken: &mut Taken, node: &Node, path: &'static str) {
    let of_map =
        node.map().iter().map(|(name, node)| (name.clone(), node.text().map(String::from), node.line));
    let of_list = node.items().iter().filter_map(|item| {
        let text = item.text()?;
        let (name, value) =
            text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value.into())));
        Some((name.to_string(), value, item.line))
    });
    let found: Vec<(String, Option<String>, usize)> = of_map.chain(of_list).collect();
    for (name, value, line) in found {
        let is_variable = path == "run.env";
        match value {
            // Where else than from a shell or from a file beside it would a secret come?
            Some(value) if is_variable && is_secret_name(&name) && resolve(&value).is_none() => {
                taken.secret(line, &name);
            }
            Some(value) => {
                if let Some(value) = resolved(taken, line, &format!("{name}={value}"), &value) {
                    taken.pair(line, path, &name, &value);
                }
            }
            None if is_variable => taken.variable(line, &name),
            None => taken.leave(line, &name, "has no value here; docker would take it from your shell"),
        }
    }
}

fn one_port(taken: &mut Taken, node: &Node) -> Option<Published> {
    if let Some(text) = node.text() {
        return Some(Published::parse(node.line, &resolved(taken, node.line, text, text)?));
    }
    let mut of = |key: &str| match node.get(key).and_then(Node::text) {
        Some(text) => resolved(taken, node.line, text, text),
        None => Some(String::new()),
    };
    let (inside, outside, address) = (of("target")?, of("published")?, of("host_ip")?);
    let protocol = Some(of("protocol")?).filter(|text| !text.is_empty()).unwrap_or_else(|| "tcp".into());
    let what = format!("{outside}:{inside}/{protocol}");
    Some(Published { line: node.line, what, address, outside, inside, protocol })
}

fn one_volume(taken: &mut Taken, node: &Node) {
    if let Some(text) = node.text() {
        if let Some(text) = resolved(taken, node.line, text, text) {
            volumes::take(taken, node.line, &text);
        }
        return;
    }
    let of = |key: &str| node.get(key).and_then(Node::text).unwrap_or_default();
    let what = format!("{} {}", of("type"), of("target"));
    if !["volume", "bind"].contains(&of("type")) {
        return taken.leave(node.line, &what, "is no volume and no folder of the box");
    }
    let options = if of("read_only") == "true" { "ro" } else { "" };
    volumes::mount(taken, node.line, &what, of("source"), of("target"), options);
}

fn healthcheck(taken: &mut Taken, node: &Node) {
    for (key, node) in node.map() {
        match key.as_str() {
            "test" => {
                let words = node.items().iter().filter_map(Node::text);
                let words: Vec<&str> = words.filter(|word| !["CMD", "CMD-SHELL"].contains(word)).collect();
                match shell_words::words(&words.join(" ")) {
                    Ok(words) => health::take(taken, node.line, words.iter().map(|word| word.text.as_str())),
                    Err(_) => health::take(taken, node.line, words),
                }
            }
            "disable" => taken.leave(node.line, &shown(key, node), docker_run::why("--no-healthcheck")),
            _ => taken.leave(node.line, &shown(key, node), docker_run::why("--health-interval")),
        }
    }
}
