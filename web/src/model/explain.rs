//! Why a line of an output is there: the fields that it follows from, and the reason. And the way back: the lines of a field.
//! Script and config know it of themselves; of what the annex renders it is found out there (`exported.rs` and below).

mod alter;
mod compare;
mod experiment;
pub mod exported;
mod purpose;
#[cfg(test)]
mod tests;

use pushbox_shared::config::{FIELDS, Field};
use pushbox_shared::user_data;

use super::draft::Row;
use super::problem;
use super::sheet::Sheet;
use super::tabs::Tab;
use super::texts;

/// What one line follows from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Of fields, apart by blanks: `run.port`, or `run.env[2]` for the third entry. The first says most about the line.
    paths: String,
    /// In a sentence; empty where the help of the first field says it.
    why: String,
}

/// For people.
#[derive(Debug, Default, PartialEq)]
pub struct Reason {
    /// What the form calls the field, and the id of the element in which the line is changed.
    pub field: Option<(&'static str, String)>,
    pub why: String,
}

/// The field of the page that is none of the config: its id, and what the form calls it and says of it.
const FUNCTION_URL: &str = "function-url";
const FUNCTION_URL_SAYS: (&str, &str) = ("Function URL", "Lets a box fetch a newer script.");

/// One for each line that the page makes itself.
pub fn origins(tab: Tab, sheet: &Sheet) -> Vec<Origin> {
    match tab {
        Tab::Script => {
            let lines = user_data::lines(&sheet.config, sheet.function_url.as_deref());
            lines.into_iter().map(of_script).collect()
        }
        Tab::Config => of_config(&sheet.json),
        Tab::Export(_) | Tab::FunctionZip => Vec::new(),
    }
}

/// One for each line that the annex has explained ([`exported::explain`]).
pub fn of_exported(explained: &str) -> Vec<Origin> {
    let mut texts = texts::split(explained).map(String::from);
    std::iter::from_fn(|| Some(Origin { paths: texts.next()?, why: texts.next()? })).collect()
}

fn of_script(line: user_data::Line) -> Origin {
    let is_url = line.field.is_empty() && line.text.contains("FUNCTION_URL");
    let field = if is_url { FUNCTION_URL } else { line.field };
    let paths = line.entry.map_or_else(|| field.into(), |entry| format!("{field}[{entry}]"));
    Origin { paths, why: line.why }
}

/// `pushbox.json` as `config::to_json` lays it out: two blanks for each level, in which are a part, a field and an entry.
fn of_config(json: &str) -> Vec<Origin> {
    let (mut part, mut field, mut entries) = ("", "", 0_usize);
    let mut origins = Vec::new();
    for line in json.lines() {
        let text = line.trim_start();
        let level = (line.len() - text.len()) / 2;
        let name = text.trim_start_matches('"').split('"').next().unwrap_or_default();
        match level {
            _ if text.starts_with(['}', ']']) => {}
            1 => part = name,
            2 => (field, entries) = (name, 0),
            3 => entries += 1,
            _ => {}
        }
        let paths = match level {
            0 => String::new(),
            1 => part.into(),
            2 => format!("{part}.{field}"),
            _ => format!("{part}.{field}[{}]", entries.saturating_sub(1)),
        };
        origins.push(Origin { paths, why: String::new() });
    }
    origins
}

fn field_of(path: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| is_of(path, field.path))
}

/// Whether a path is another one, or leads to a part of what is there.
fn is_of(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|below| below.is_empty() || below.starts_with(['[', '.']))
}

/// `rows` are those of `run.env`.
pub fn reason(origin: &Origin, rows: &[Row]) -> Reason {
    let path = origin.paths.split(' ').next().unwrap_or_default();
    let said = says(path);
    let help = said.map_or("It is the same for every app.", |(_, help)| help);
    let why = if origin.why.is_empty() { help } else { &origin.why };
    Reason { field: said.map(|(label, _)| (label, target(path, rows))), why: why.into() }
}

/// What the form calls a field, and says of it.
fn says(path: &str) -> Option<(&'static str, &'static str)> {
    if path == FUNCTION_URL {
        Some(FUNCTION_URL_SAYS)
    } else {
        field_of(path).map(|field| (field.label, field.help))
    }
}

fn target(path: &str, rows: &[Row]) -> String {
    let (field, entry) = parts(path);
    let row = entry.filter(|_| field == "run.env").and_then(|entry| problem::row_at(rows, entry));
    row.map_or_else(|| field.into(), |row| format!("{field}[{row}].name"))
}

/// Of `run.env[3].value` the field and the entry.
fn parts(path: &str) -> (&str, Option<usize>) {
    let field = field_of(path).map_or(path, |field| field.path);
    (field, path.strip_prefix(field).and_then(problem::index))
}

/// What the form calls the field whose element has that id; nothing where that is no field.
pub fn label(id: &str) -> Option<&'static str> {
    says(id).map(|(label, _)| label)
}

/// The lines of the field whose element has that id, or of its row; nothing where that is no field.
pub fn lines_of(id: &str, origins: &[Origin], rows: &[Row]) -> Vec<usize> {
    let wanted = path_of(id, rows);
    let has_it = |origin: &Origin| origin.paths.split(' ').any(|path| is_of(path, &wanted));
    origins.iter().enumerate().filter(|(_, origin)| has_it(origin)).map(|(at, _)| at).collect()
}

/// The form counts an entry with the blank rows, and the config without them.
fn path_of(id: &str, rows: &[Row]) -> String {
    let (field, row) = parts(id);
    let blank = |row| rows.iter().take(row).filter(|row| field == "run.env" && row.is_blank()).count();
    row.map_or_else(|| field.into(), |row| format!("{field}[{}]", row - blank(row)))
}

/// "no line", "line 3", "lines 3, 7 to 9", for places from 0.
pub fn places(lines: &[usize]) -> String {
    let mut said = String::from(match lines.len() {
        0 => "no line",
        1 => "line",
        _ => "lines",
    });
    let mut before = "";
    for (place, at) in lines.iter().enumerate() {
        let goes_on = place.checked_sub(1).and_then(|before| lines.get(before)) == Some(&at.wrapping_sub(1));
        let ends = lines.get(place + 1) != Some(&(at + 1));
        if !goes_on || ends {
            said += &format!("{} {}", if goes_on { " to" } else { before }, at + 1);
        }
        before = ",";
    }
    said
}
