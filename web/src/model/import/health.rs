//! The path that a health check asks for, out of its command.

use super::taken::Taken;

/// The words of a command such as `curl -f http://localhost:3000/health || exit 1`.
pub(super) fn take<'a>(taken: &mut Taken, line: usize, words: impl IntoIterator<Item = &'a str>) {
    let words: Vec<&str> = words.into_iter().flat_map(str::split_whitespace).collect();
    let asks = words.iter().any(|word| {
        let program = word.rsplit('/').next().unwrap_or_default();
        ["curl", "wget"].contains(&program)
    });
    let path = words.iter().find_map(|word| path(word.trim_matches(['"', '\'', ';'])));
    match path.filter(|_| asks) {
        Some(path) => taken.text(line, "run.health_path", &path),
        None => taken.leave(
            line,
            &words.join(" "),
            "asks for no path of the app with curl or wget; pushbox's health check is such a request",
        ),
    }
}

/// The path of an address of this machine.
fn path(word: &str) -> Option<String> {
    let is_address = word.contains("://") || word.starts_with("localhost") || word.starts_with("127.0.0.1");
    let rest = word.split_once("://").map_or(word, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    (is_address && !host.is_empty()).then(|| format!("/{path}"))
}
