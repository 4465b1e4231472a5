//! `${NAME:-default}` in a compose file, as the Compose Specification has it. Nobody here knows the variables of a person's shell.

use super::taken::Taken;

/// A text with what compose would put in the place of `${NAME:-default}`; `what` is where it stands. What it would take from elsewhere is left.
pub(super) fn resolved(taken: &mut Taken, line: usize, what: &str, text: &str) -> Option<String> {
    let found = resolve(text);
    match &found {
        None => taken.leave(line, what, "takes its value from your shell or from a .env file; write it out"),
        Some(value) if value != text && text.contains("${") => {
            taken.note(line, what, format!("is taken as {value}"));
        }
        Some(_) => {}
    }
    found
}

/// Nothing where a variable has no default.
pub(super) fn resolve(text: &str) -> Option<String> {
    let mut parts = text.split('$');
    let mut resolved = parts.next().unwrap_or_default().to_string();
    while let Some(part) = parts.next() {
        if part.is_empty() {
            // `$$` stands for one.
            resolved.push('$');
            resolved.push_str(parts.next().unwrap_or_default());
        } else if let Some((inside, rest)) = part.strip_prefix('{').and_then(|part| part.split_once('}')) {
            let (_, default) = inside.split_once(":-").or_else(|| inside.split_once('-'))?;
            resolved.push_str(default);
            resolved.push_str(rest);
        } else if part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        } else {
            resolved.push('$');
            resolved.push_str(part);
        }
    }
    Some(resolved)
}
