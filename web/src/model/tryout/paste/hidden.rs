//! Values that a git host or a terminal does not show.

use pushbox_shared::http::Headers;

/// What git hosts and terminals put where a secret was.
fn is_hidden(value: &str) -> bool {
    let value = value.trim();
    value.contains("REDACTED") || (value.len() > 2 && value.chars().all(|c| matches!(c, '*' | '•' | '.')))
}

pub(super) fn about_hidden(headers: &Headers) -> impl Iterator<Item = String> {
    let hidden = headers.iter().filter(|(_, value)| is_hidden(value));
    hidden.map(|(name, _)| format!("The value of {name} is hidden: enter the secret and sign anew."))
}
