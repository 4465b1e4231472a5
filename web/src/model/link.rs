//! The link that holds a form: what follows `#` in the page's address. It is made to be read and edited by hand, has no
//! secret and nothing that is as it would be anyway, and stays valid for ever.
//!
//! ```text
//! v=1&repo.url=https://github.com/usil/foo.git&run.port=8080&run.env.bar=baz&run.secret=DB_PASSWORD
//! ```

use pushbox_shared::config::{Config, FIELDS, Field, Kind, Problem, Slot, quoted};
use pushbox_shared::percent;

use super::draft::{Draft, Entry, Row, default_text};
use super::secret_names::{holds_password, looks_secret};
use super::tabs::Tab;

/// Links of later pages say a higher one, if this page would misunderstand them.
const VERSION: u32 = 1;

/// Characters; some programs cut longer links off.
pub const LONG: usize = 8_000;

/// A secret variable, by its name alone.
const SECRET: &str = "run.secret";

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Without the `#`; empty where everything is as on a page that was just opened.
    pub text: String,
    /// What is not in it because it is, or looks like, a secret: names for people.
    pub left_out: Vec<String>,
}

/// What a link says.
#[derive(Default)]
pub struct Opened {
    pub draft: Draft,
    pub tab: Option<Tab>,
    /// What could not be read; everything else was.
    pub problems: Vec<Problem>,
}

/// Whether that is a link, and not the name of a part of the page.
pub fn is_link(fragment: &str) -> bool {
    fragment.contains('=')
}

pub fn write(draft: &Draft, tab: Tab) -> Link {
    let mut link = Link::default();
    let mut defaults = Config::default();
    for field in FIELDS {
        let default = (field.slot)(&mut defaults);
        let is_default = |flag: bool| matches!(&default, Slot::Flag(default) if **default == flag);
        match draft.entry(field.path) {
            None => {}
            Some(Entry::Text(text)) if holds_password(text) => link.left_out.push(field.label.into()),
            Some(Entry::Text(text)) => link.text(field, text),
            Some(Entry::Flag(flag)) if is_default(*flag) => {}
            Some(Entry::Flag(flag)) => link.add(field.path, if *flag { "true" } else { "false" }),
            Some(Entry::Rows(rows)) => rows.iter().for_each(|row| link.row(field, row)),
        }
    }
    if tab != Tab::Script {
        link.add("tab", tab.id());
    }
    if !link.text.is_empty() {
        link.text.insert_str(0, &format!("v={VERSION}"));
    }
    end_well(&mut link.text);
    link
}

impl Link {
    fn text(&mut self, field: &Field, text: &str) {
        if text == default_text(field) {
            return;
        }
        if is_list(field) {
            text.split('\n').for_each(|line| self.add(field.path, line));
        } else {
            self.add(field.path, text);
        }
    }

    fn row(&mut self, field: &Field, row: &Row) {
        if row.is_blank() {
            return;
        }
        let is_env = field.path == "run.env";
        let is_told = is_env && row.decided && !row.secret;
        if row.secret || (!is_told && looks_secret(&row.name, &row.value)) {
            self.left_out.push(row.name.to_string());
            if is_env {
                self.add(SECRET, &row.name);
            }
        } else {
            self.add(&format!("{}.{}", field.path, row.name), &row.value);
        }
    }

    fn add(&mut self, name: &str, value: &str) {
        self.text.push('&');
        encode(&mut self.text, name, "/:@,*");
        self.text.push('=');
        encode(&mut self.text, value, "/:@,*=");
    }
}

/// Keeps letters, digits, `-._~` and what is allowed besides.
fn encode(into: &mut String, text: &str, allowed: &str) {
    let mut bytes = [0; 4];
    for c in text.chars() {
        match c {
            ' ' => into.push('+'),
            c if allowed.contains(c) => into.push(c),
            c => into.push_str(&percent::encode(c.encode_utf8(&mut bytes))),
        }
    }
}

/// Mail programs and chats take a last `.` or `,` for the end of a sentence.
fn end_well(text: &mut String) {
    if let Some(last) = text.pop() {
        if last.is_ascii_alphanumeric() || "/=+".contains(last) {
            text.push(last);
        } else {
            text.push_str(&format!("%{:02X}", u32::from(last)));
        }
    }
}

pub fn read(fragment: &str) -> Opened {
    let mut reader = Reader::default();
    for pair in fragment.split('&').filter(|pair| !pair.is_empty()) {
        reader.pair(pair);
    }
    let Reader { mut opened, texts, env, args } = reader;
    for (field, text) in texts {
        opened.draft.set_text(field.path, &text);
    }
    for (path, rows) in [("run.env", env), ("build.args", args)] {
        if !rows.is_empty() {
            opened.draft.set_rows(path, rows);
        }
    }
    opened
}

#[derive(Default)]
struct Reader {
    opened: Opened,
    texts: Vec<(&'static Field, String)>,
    env: Vec<Row>,
    args: Vec<Row>,
}

impl Reader {
    fn pair(&mut self, pair: &str) {
        let Some((name, value)) = pair.split_once('=') else {
            return self.problem(pair, Kind::Value, format!("expected name=value, found {}", quoted(pair)));
        };
        match (percent::decode_form(name), percent::decode_form(value)) {
            (Ok(name), Ok(value)) => self.value(&name, &value),
            _ => self.problem(
                name,
                Kind::Value,
                format!("expected UTF-8 with %25 for every %, found {}", quoted(value)),
            ),
        }
    }

    fn value(&mut self, name: &str, value: &str) {
        if let Some(field) = FIELDS.iter().find(|field| field.path == name) {
            return self.field(field, value);
        }
        if let Some(name) = name.strip_prefix("run.env.") {
            return add_row(&mut self.env, name, value, false);
        }
        if let Some(name) = name.strip_prefix("build.args.") {
            return add_row(&mut self.args, name, value, false);
        }
        match name {
            SECRET => add_row(&mut self.env, value, "", true),
            "v" => self.version(value),
            "tab" => {
                self.opened.tab = Tab::all().find(|tab| tab.id() == value);
                if self.opened.tab.is_none() {
                    self.problem(
                        name,
                        Kind::Value,
                        format!("expected the name of a file, found {}", quoted(value)),
                    );
                }
            }
            _ => self.problem(name, Kind::Unknown, "is not a field, so it was left out".into()),
        }
    }

    fn field(&mut self, field: &'static Field, value: &str) {
        let mut defaults = Config::default();
        match (field.slot)(&mut defaults) {
            Slot::Flag(_) => match value {
                "true" => self.opened.draft.set_flag(field.path, true),
                "false" => self.opened.draft.set_flag(field.path, false),
                _ => self.problem(
                    field.path,
                    Kind::Type,
                    format!("expected true or false, found {}", quoted(value)),
                ),
            },
            Slot::Env(_) | Slot::Pairs(_) => {
                self.problem(
                    field.path,
                    Kind::Value,
                    format!("expected {}.NAME=value, found no name", field.path),
                );
            }
            slot => match self.texts.iter_mut().find(|(other, _)| other.path == field.path) {
                None => self.texts.push((field, value.into())),
                Some((_, text)) if matches!(slot, Slot::List(_)) => {
                    text.push('\n');
                    text.push_str(value);
                }
                Some((_, text)) => {
                    *text = value.into();
                    self.problem(field.path, Kind::Conflict, "is there twice; the last one was taken".into());
                }
            },
        }
    }

    fn version(&mut self, value: &str) {
        match value.parse::<u32>() {
            Ok(version) if version <= VERSION => {}
            Ok(version) => self.problem(
                "v",
                Kind::Value,
                format!("the link is of a later page (expected version {VERSION}, found {version}), so check what was taken from it, or reload this page for a newer one"),
            ),
            Err(_) => self.problem("v", Kind::Value, format!("expected {VERSION}, found {}", quoted(value))),
        }
    }

    fn problem(&mut self, path: &str, kind: Kind, message: String) {
        self.opened.problems.push(Problem::new(path, kind, message));
    }
}

fn add_row(rows: &mut Vec<Row>, name: &str, value: &str, secret: bool) {
    let id = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    rows.push(Row { secret, ..Row::new(id, name, value) });
}

fn is_list(field: &Field) -> bool {
    matches!((field.slot)(&mut Config::default()), Slot::List(_))
}

#[cfg(test)]
#[path = "link/tests.rs"]
mod tests;
