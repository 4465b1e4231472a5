//! What was pasted, read as a delivery.

use pushbox_shared::http::Headers;

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
