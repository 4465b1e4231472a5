//! What docker mounts, as `run.volumes` has it.

use super::taken::Taken;

/// `[source:]/inside[:options]`, from docker's page on volumes.
pub(super) fn take(taken: &mut Taken, line: usize, text: &str) {
    let (source, rest) = text.split_once(':').unwrap_or(("", text));
    let (inside, options) = rest.split_once(':').unwrap_or((rest, ""));
    mount(taken, line, text, source, inside, options);
}

/// `type=volume,source=data,target=/data,readonly`
pub(super) fn take_mount(taken: &mut Taken, line: usize, text: &str) {
    let of = |names: &[&str]| {
        let pairs = text.split(',').map(|part| part.split_once('=').unwrap_or((part, "true")));
        pairs.filter(|(name, _)| names.contains(name)).map(|(_, value)| value).next()
    };
    let kind = of(&["type"]).unwrap_or("volume");
    if !["volume", "bind"].contains(&kind) {
        return taken.leave(
            line,
            text,
            format!("is a mount of type {kind}; pushbox has volumes and folders of the box"),
        );
    }
    let read_only = of(&["readonly", "ro"]).is_some_and(|value| value == "true" || value == "1");
    let source = of(&["source", "src"]).unwrap_or_default();
    let inside = of(&["target", "destination", "dst"]).unwrap_or_default();
    mount(taken, line, text, source, inside, if read_only { "ro" } else { "" });
}

/// `what` is as it was written.
pub(super) fn mount(taken: &mut Taken, line: usize, what: &str, source: &str, inside: &str, options: &str) {
    if source.is_empty() {
        let name = inside.rsplit('/').find(|part| !part.is_empty()).unwrap_or("data");
        return taken.leave(
            line,
            what,
            format!("has no name, so each deploy would begin with an empty one; write {name}:{inside}"),
        );
    }
    if source.starts_with(['.', '~', '$']) || source.contains("$(") {
        return taken.leave(
            line,
            what,
            "is a folder of your machine; give it a name, or a path of the box that begins with /",
        );
    }
    let read_only = options.split(',').any(|option| option == "ro");
    let mode = if read_only { ":ro" } else { "" };
    for option in options.split(',').filter(|option| !["", "ro", "rw"].contains(option)) {
        taken.note(line, what, format!("is taken without {option}, which pushbox does not set"));
    }
    taken.list(line, "run.volumes", &format!("{source}:{inside}{mode}"));
}
