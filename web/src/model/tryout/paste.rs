//! A delivery as people have it: a `curl` command, what a git host's page of recent deliveries shows, or a file that was kept.
//! What cannot be taken over is said, never dropped silently.

mod curl;
mod page;
#[cfg(test)]
mod tests;

use pushbox_shared::http::Headers;

use super::fixture;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    pub source: Source,
    pub headers: Headers,
    /// Of a GET; empty for a POST.
    pub query: String,
    pub body: Vec<u8>,
    /// What was not taken over, and what a person should know, a sentence each.
    pub remarks: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Curl,
    Page,
    Fixture,
}

impl Source {
    pub fn label(self) -> &'static str {
        match self {
            Source::Curl => "A curl command",
            Source::Page => "A copied delivery",
            Source::Fixture => "A kept delivery",
        }
    }
}

/// An error says what was expected and what was found.
pub fn read(text: &str) -> Result<Pasted, String> {
    if let Some(pasted) = fixture::read(text) {
        return pasted;
    }
    if curl::is_command(text) { curl::read(text) } else { page::read(text) }
}

/// What git hosts and terminals put where a secret was.
fn is_hidden(value: &str) -> bool {
    let value = value.trim();
    value.contains("REDACTED") || (value.len() > 2 && value.chars().all(|c| matches!(c, '*' | '•' | '.')))
}

fn about_hidden(headers: &Headers) -> impl Iterator<Item = String> {
    let hidden = headers.iter().filter(|(_, value)| is_hidden(value));
    hidden.map(|(name, _)| format!("The value of {name} is hidden: enter the secret and sign anew."))
}
