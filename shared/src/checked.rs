//! A config whose fields fit together: what page, command line and function load.

mod rules;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::config::{self, Config, Problem};

/// A config that may be used, or all that is wrong with the text.
pub fn load(text: &[u8]) -> Result<Config, Vec<Problem>> {
    let (config, problems) = read(&config::parse(text).map_err(|problem| vec![problem])?);
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

/// As much of a config as the JSON of a file says, and everything that is wrong with it.
/// What is wrong or missing has its default in the config.
pub fn read(json: &Value) -> (Config, Vec<Problem>) {
    with_rules(config::of_file(json))
}

/// As [`read`], of an object that holds nothing but fields: what a form has made.
pub fn read_fields(json: &Value) -> (Config, Vec<Problem>) {
    with_rules(config::of_form(json))
}

fn with_rules((config, mut problems): (Config, Vec<Problem>)) -> (Config, Vec<Problem>) {
    rules::check(&config, &mut problems);
    (config, problems)
}
