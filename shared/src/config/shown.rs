//! Values of a config as a message shows them.

use serde_json::Value;

/// A value as a person would name it, never longer than a line.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".into(),
    }
}

/// A text in quotes, cut where it is long, control characters made visible.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let control =
        c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    let escaped = control.then(|| c.escape_default());
    let plain = (!control).then_some(c);
    escaped.into_iter().flatten().chain(plain)
}
