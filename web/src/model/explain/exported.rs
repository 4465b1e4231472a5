//! Why the lines of the files are there that the annex renders, as a text that the page reads ([`super::of_exported`]).

use pushbox_shared::checked;
use pushbox_shared::export::{OUTPUTS, Order, iac};
use pushbox_shared::setup::Setup;

use super::experiment::{Fate, causes};
use super::purpose::purposes;
use crate::model::texts;

/// Two texts for each line: the paths that it follows from, apart by a blank, and why it is there; empty where the help of
/// the first field says that. Nothing of a config that has a problem.
pub fn explain(id: &str, config: &str) -> Option<String> {
    let output = OUTPUTS.iter().find(|output| output.id == id)?;
    let config = checked::load(config.as_bytes()).ok()?;
    let render = |config| {
        let setup = Setup { config, ..Setup::default() };
        (output.render)(&Order { setup: &setup, account: None })
    };
    let purposes = purposes(&render(config.clone()), output.language, &iac::statements(&config));
    let explained = causes(&config, render).into_iter().zip(purposes).flat_map(|(causes, purpose)| {
        let is_a_value = causes.first().is_some_and(|cause| cause.fate == Fate::Other);
        let paths: Vec<&str> = causes.iter().map(|cause| cause.path.as_str()).collect();
        [paths.join(" "), if is_a_value && !purpose.is_of_statement { String::new() } else { purpose.why }]
    });
    Some(texts::join(explained.collect::<Vec<_>>().iter().map(String::as_str)))
}

#[cfg(test)]
mod tests;
