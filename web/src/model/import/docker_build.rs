//! A `docker build` line: where the Dockerfile is, and what it is given.

use super::taken::Taken;
use crate::model::shell_words::Word;

/// Options that have no value.
const WITHOUT_VALUE: [&str; 8] =
    ["--force-rm", "--load", "--no-cache", "--pull", "--push", "--quiet", "--rm", "-q"];

/// `folder` is that of the repository in which the command runs, empty at its top; `clone` is the folder of the repository.
pub(super) fn take(taken: &mut Taken, arguments: &[Word], clone: &str, folder: &str) {
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let (line, text) = (word.line, word.text.as_str());
        if !text.starts_with('-') {
            let context = in_repository(text, clone, folder);
            if !context.is_empty() {
                taken.text(line, "build.context", &context);
            }
            continue;
        }
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        if WITHOUT_VALUE.contains(&name) {
            taken.leave(line, text, "has no place here: pushbox builds with the layers that it has");
            continue;
        }
        let value = value.or_else(|| words.next().map(|word| word.text.as_str()));
        let Some(value) = value else {
            taken.leave(line, text, "has nothing behind it");
            continue;
        };
        match name {
            "--build-arg" => match value.split_once('=') {
                Some((name, value)) => taken.pair(line, "build.args", name, value),
                None => taken.leave(line, value, "has no value here; docker would take it from your shell"),
            },
            "--file" | "-f" => taken.text(line, "build.dockerfile", &in_repository(value, clone, folder)),
            "--target" => taken.text(line, "build.target", value),
            "--tag" | "-t" => taken.leave(
                line,
                &format!("{name} {value}"),
                "is pushbox's own business: it names an image after its commit",
            ),
            _ => taken.leave(line, &format!("{name} {value}"), "has no place in pushbox"),
        }
    }
}

/// A path as the repository has it; empty for its top.
pub(super) fn in_repository(path: &str, clone: &str, folder: &str) -> String {
    let whole = if path.starts_with('/') { path.to_string() } else { format!("{folder}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/').filter(|part| !["", "."].contains(part)) {
        match part {
            ".." if !parts.is_empty() => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    // Before the script has changed into the clone, its name comes first, wherever that was made.
    let own = parts.iter().position(|part| !clone.is_empty() && *part == clone);
    let parts = own.and_then(|at| parts.get(at + 1..)).unwrap_or(&parts);
    parts.join("/")
}
