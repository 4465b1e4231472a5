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
mod link;
mod ports;
mod script;
mod summary;
mod volumes;
mod yaml;

use pushbox_shared::config::field;

use super::draft::{Draft, Row, next_id};

pub use super::env_paste::Remark;
pub use add::add;
pub use detect::detect;
pub use summary::summary;

/// What was pasted or dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Config,
    Link,
    Env,
    DockerRun,
    Compose,
    Dockerfile,
    Script,
}

impl Kind {
    pub const ALL: [Kind; 7] =
        [Kind::Config, Kind::Link, Kind::Env, Kind::DockerRun, Kind::Compose, Kind::Dockerfile, Kind::Script];

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Config => "pushbox.json",
            Kind::Link => "a link to this page",
            Kind::Env => "variables (.env)",
            Kind::DockerRun => "a docker run line",
            Kind::Compose => "a compose file",
            Kind::Dockerfile => "a Dockerfile",
            Kind::Script => "a user-data script",
        }
    }

    /// For programs.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Config => "config",
            Kind::Link => "link",
            Kind::Env => "env",
            Kind::DockerRun => "docker-run",
            Kind::Compose => "compose",
            Kind::Dockerfile => "dockerfile",
            Kind::Script => "script",
        }
    }

    /// What it says takes the place of the whole form, or of the fields that it names.
    pub fn goes(self) -> Goes {
        match self {
            Kind::Config | Kind::Link => Goes::InPlace,
            Kind::Env | Kind::DockerRun | Kind::Compose | Kind::Dockerfile | Kind::Script => Goes::Besides,
        }
    }
}

/// Where an import goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Of all that is in the form.
    InPlace,
    /// What is in the form and not in the import stays.
    Besides,
}

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// Holds only the fields that the text says something of. Which variables are secret is decided in the form, unless the text
    /// gives them no value.
    pub draft: Draft,
    /// What could not be used.
    pub left: Vec<Remark>,
    /// What was taken, but perhaps not as it was meant.
    pub notes: Vec<Remark>,
    /// Where a text describes several apps, their names. The first of them that pushbox could build is taken unless a person says.
    pub choices: Vec<String>,
    /// That which was taken of them.
    pub chosen: String,
}

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

/// More variables, or lines of a list, than any script has room for.
const MOST: usize = 1000;

impl Taken {
    /// Takes a text for a field, if the field takes it.
    fn text(&mut self, line: usize, path: &'static str, text: &str) {
        if self.fits(line, path, text) {
            self.draft.set_text(path, text);
        }
    }

    /// Takes one more line of a list.
    fn list(&mut self, line: usize, path: &'static str, text: &str) {
        let is_fine = self.fits(line, path, text);
        let old = self.draft.text(path);
        if is_fine && old.lines().count() == MOST {
            self.leave(line, text, "is one more than a script has room for");
        } else if is_fine && !old.lines().any(|old| old == text) {
            let joined = if old.is_empty() { text.into() } else { format!("{old}\n{text}") };
            self.draft.set_text(path, &joined);
        }
    }

    /// In the words of the config's own check.
    fn fits(&mut self, line: usize, path: &'static str, text: &str) -> bool {
        let checked = pushbox_shared::config::field(path).map_or(Ok(()), |field| (field.check)(text));
        checked.map_err(|why| self.leave(line, text, why)).is_ok()
    }

    /// Takes a variable or a build argument; of several of a name the last.
    fn pair(&mut self, line: usize, path: &'static str, name: &str, value: &str) {
        if let Err(why) = super::env_paste::check_name(name) {
            return self.leave(line, name, why);
        }
        if expands(value) {
            self.note(line, name, "is kept as written: nothing is put in the place of its $");
        }
        self.row(line, path, Row::new(0, name, value));
    }

    /// Takes a variable without a value, which only a secret can be.
    fn secret(&mut self, line: usize, name: &str) {
        self.row(line, "run.env", Row { secret: true, ..Row::new(0, name, "") });
    }

    fn row(&mut self, line: usize, path: &'static str, row: Row) {
        let rows = self.draft.rows(path);
        if rows.len() == MOST && !rows.iter().any(|other| other.name == row.name) {
            return self.leave(line, &row.name, "is one more than a script has room for");
        }
        let mut rows: Vec<Row> = rows.iter().filter(|other| other.name != row.name).cloned().collect();
        rows.push(Row { id: next_id(&rows), ..row });
        self.draft.set_rows(path, rows);
    }

    /// A variable as `NAME=value`, or as `NAME` alone, whose value is somewhere else.
    fn variable(&mut self, line: usize, text: &str) {
        match text.split_once('=') {
            Some((name, value)) => self.pair(line, "run.env", name, value),
            None if super::secret_names::is_secret_name(text) => self.secret(line, text),
            None => self.leave(line, text, "has no value here; docker would take it from your shell"),
        }
    }

    fn leave(&mut self, line: usize, what: &str, why: impl Into<String>) {
        self.left.push(Remark { line, what: shown(what), why: why.into() });
    }

    fn note(&mut self, line: usize, what: &str, why: impl Into<String>) {
        self.notes.push(Remark { line, what: shown(what), why: why.into() });
    }
}

/// Without its quotes: whoever shows it marks it in another way.
fn shown(what: &str) -> String {
    let quoted = field::quoted(what);
    quoted.get(1..quoted.len() - 1).unwrap_or(&quoted).to_string()
}

/// Whether a shell, docker or compose would put something in the place of a part of it.
fn expands(text: &str) -> bool {
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "_{(".contains(c));
    text.split('$').skip(1).any(begins)
}

#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod tests;
