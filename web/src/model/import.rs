//! What a person has at hand already, read into the form: one kind of text a file. Nothing is dropped silently: what could
//! not be used is listed with its line and why.

mod add;
mod commands;
mod compose;
mod config;
mod detect;
mod docker_build;
mod docker_run;
mod dockerfile;
mod env;
mod health;
mod interpolated;
mod kind;
mod link;
mod ports;
mod script;
mod summary;
mod taken;
mod volumes;
mod yaml;

pub use super::env_paste::Remark;
pub use add::add;
pub use detect::detect;
pub use kind::{Goes, Kind};
pub use summary::summary;
pub use taken::Taken;

/// Reads a text as that kind. Of several apps in it, that of this name is taken, if there is one.
pub fn read(kind: Kind, text: &str, app: &str) -> Taken {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut taken = match kind {
        Kind::Config => config::read(&text),
        Kind::Link => link::read(&text),
        Kind::Env => env::read(&text),
        Kind::DockerRun => docker_run::read(&text),
        Kind::Compose => compose::read(&text, app),
        Kind::Dockerfile => dockerfile::read(&text),
        Kind::Script => script::read(&text),
    };
    taken.left.sort_by_key(|left| left.line);
    taken.notes.sort_by_key(|note| note.line);
    taken
}

#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod tests;
