//! What every output is.

use crate::setup::Setup;

/// A file that a config stands for: a tab of the page, and a word of `pushbox render`.
pub struct Output {
    /// As on the command line.
    pub id: &'static str,
    /// As on a tab of the page.
    pub label: &'static str,
    /// What it is called when it is saved.
    pub file: &'static str,
    pub language: Language,
    /// What it is, in one sentence.
    pub about: &'static str,
    pub render: fn(&Order<'_>) -> String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Bash,
    Json,
    Yaml,
    Hcl,
}

/// What a file is made from. The config must have passed its checks.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub setup: &'a Setup,
    /// The 12 digits of the AWS account, where they are known.
    pub account: Option<&'a str>,
}
