//! Why a line of an output is there: the field that it follows from, and the reason. And the way back: the lines of a field.

use pushbox_shared::config::{self, FIELDS, Field};
use pushbox_shared::user_data;

use super::draft::Row;
use super::problem;
use super::sheet::Sheet;
use super::tabs::Tab;

/// What one line follows from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The path of a field; empty where there is none.
    field: &'static str,
    /// Which of the field's entries in the config, from 0.
    entry: Option<usize>,
    /// In a sentence; empty where the field's own help says it.
    why: String,
}

/// For people.
#[derive(Debug, PartialEq)]
pub struct Reason {
    /// What the form calls the field, and the id of the element in which the line is changed.
    pub field: Option<(&'static str, String)>,
    pub why: String,
}

/// The field of the page that is none of the config.
const FUNCTION_URL: (&str, &str) = ("Function URL", "function-url");

/// One for each line; none where nobody knows.
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

fn of_script(line: user_data::Line) -> Origin {
    let is_url = line.field.is_empty() && line.text.contains("FUNCTION_URL");
    Origin { field: if is_url { FUNCTION_URL.1 } else { line.field }, entry: line.entry, why: line.why }
}

/// `pushbox.json` as [`config::to_json`] lays it out: a member or an entry a line, two blanks for each level.
fn of_config(json: &str) -> Vec<Origin> {
    // The path of each level, and how many entries it has had if it is a list.
    let mut levels: Vec<(String, Option<usize>)> = Vec::new();
    let mut origins = Vec::new();
    for line in json.lines() {
        let text = line.trim_start();
        let closes = text.starts_with(['}', ']']);
        levels.truncate(((line.len() - text.len()) / 2 + usize::from(closes)).min(levels.len()));
        let path = match levels.last_mut() {
            None => String::new(),
            Some((above, _)) if closes => above.clone(),
            Some((above, Some(count))) => {
                *count += 1;
                format!("{above}[{}]", *count - 1)
            }
            Some((above, None)) => {
                let key = text.trim_start_matches('"').split('"').next().unwrap_or_default();
                if above.is_empty() { key.into() } else { format!("{above}.{key}") }
            }
        };
        origins.push(of_path(&path));
        if text.ends_with('{') || text.ends_with('[') {
            levels.push((path, text.ends_with('[').then_some(0)));
        }
    }
    origins
}

/// `run.env[3].value`
fn of_path(path: &str) -> Origin {
    let found = FIELDS.iter().find_map(|field| {
        let below = path.strip_prefix(field.path)?;
        (below.is_empty() || below.starts_with(['[', '.'])).then_some((field, below))
    });
    found.map_or_else(Origin::default, |(field, below)| Origin {
        field: field.path,
        entry: problem::index(below),
        why: String::new(),
    })
}

/// `rows` are those of `run.env`.
pub fn reason(origin: &Origin, rows: &[Row]) -> Reason {
    if origin.field == FUNCTION_URL.1 {
        let why = "Lets a box fetch a newer script.".to_string();
        return Reason { field: Some((FUNCTION_URL.0, FUNCTION_URL.1.into())), why };
    }
    let Some(field) = config::field(origin.field) else {
        let why = if origin.why.is_empty() { "It is the same for every app." } else { &origin.why };
        return Reason { field: None, why: why.into() };
    };
    let why = if origin.why.is_empty() { field.help } else { &origin.why };
    Reason { field: Some((field.label, target(field, origin.entry, rows))), why: why.into() }
}

fn target(field: &Field, entry: Option<usize>, rows: &[Row]) -> String {
    let row = entry.filter(|_| field.path == "run.env").and_then(|entry| problem::row_at(rows, entry));
    row.map_or_else(|| field.path.into(), |row| format!("{}[{row}].name", field.path))
}

/// The lines of the field whose element has that id, or of its row; nothing where that is no field.
pub fn lines_of(id: &str, origins: &[Origin], rows: &[Row]) -> Vec<usize> {
    let wanted = if id == FUNCTION_URL.1 {
        Origin { field: FUNCTION_URL.1, ..Origin::default() }
    } else {
        of_id(id, rows)
    };
    let is_of = |origin: &Origin| {
        !wanted.field.is_empty()
            && origin.field == wanted.field
            && (wanted.entry.is_none() || origin.entry == wanted.entry)
    };
    origins.iter().enumerate().filter(|(_, origin)| is_of(origin)).map(|(at, _)| at).collect()
}

/// `run.env[3].value` with the row's place in the form, in which blank rows count.
fn of_id(id: &str, rows: &[Row]) -> Origin {
    let path = id.split('[').next().unwrap_or_default();
    if config::field(path).is_none() {
        return Origin::default();
    }
    let origin = of_path(id);
    let filled = |row: usize| rows.iter().take(row).filter(|row| !row.is_blank()).count();
    Origin { entry: origin.entry.map(|row| if path == "run.env" { filled(row) } else { row }), ..origin }
}

/// "line 3", "lines 3, 7 to 9", for places from 0.
pub fn places(lines: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in lines {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *at => *last = *at,
            _ => runs.push((*at, *at)),
        }
    }
    let run = |(first, last): &(usize, usize)| match last - first {
        0 => (first + 1).to_string(),
        _ => format!("{} to {}", first + 1, last + 1),
    };
    let runs: Vec<String> = runs.iter().map(run).collect();
    format!("{} {}", if lines.len() == 1 { "line" } else { "lines" }, runs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::diff;
    use crate::model::draft::Draft;

    fn sheet() -> (Sheet, Vec<Row>) {
        let rows = vec![Row::new(0, "A", "1"), Row::new(1, "", ""), Row::new(2, "B", "two\nlines")];
        let mut draft = Draft::default();
        draft.set_text("app", "foo");
        draft.set_text("repo.url", "https://github.com/usil/foo");
        draft.set_text("repo.refs", "refs/heads/a\nrefs/heads/b");
        draft.set_text("run.port", "8080");
        draft.set_rows("build.args", vec![Row::new(0, "X", "1")]);
        draft.set_rows("run.env", rows.clone());
        (Sheet::new(&draft, Some("https://abc.lambda-url.us-east-1.on.aws")), rows)
    }

    /// The lines of an output that focusing the element brings out.
    #[track_caller]
    fn check(tab: Tab, id: &str, expected: &[&str]) {
        let (sheet, rows) = sheet();
        let text = tab.text(&sheet).unwrap();
        let lines: Vec<&str> = diff::lines(&text).collect();
        let origins = origins(tab, &sheet);
        assert_eq!(origins.len(), lines.len());
        let found: Vec<&str> =
            lines_of(id, &origins, &rows).into_iter().map(|at| lines[at].trim_end_matches('\n')).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_field_has_its_lines_in_the_config() {
        check(Tab::Config, "app", &[r#"  "app": "foo","#]);
        check(Tab::Config, "run.port", &[r#"    "port": 8080,"#]);
        check(
            Tab::Config,
            "repo.refs",
            &[r#"    "refs": ["#, r#"      "refs/heads/a","#, r#"      "refs/heads/b""#, "    ]"],
        );
        check(Tab::Config, "build.args", &[r#"    "args": {"#, r#"      "X": "1""#, "    }"]);
        check(
            Tab::Config,
            "run.env[2].value",
            &["      {", r#"        "name": "B","#, r#"        "value": "two\nlines""#, "      }"],
        );
        check(Tab::Config, "function-url", &[]);
        check(Tab::Config, "run.env-add", &[]);
    }

    #[test]
    fn a_row_has_its_lines_in_the_script() {
        check(Tab::Script, "run.env[0].name", &["  --env 'A=1'"]);
        check(Tab::Script, "run.env[2].value", &["  --env 'B=two", "lines'"]);
    }

    #[test]
    fn a_line_leads_to_where_it_is_changed() {
        let (sheet, rows) = sheet();
        let origins = origins(Tab::Script, &sheet);
        let of = |start: &str| {
            let at = sheet.script.lines().position(|line| line.starts_with(start)).unwrap();
            reason(&origins[at], &rows)
        };
        assert_eq!(
            of("  --env 'B=two").field,
            Some(("Environment variables", "run.env[2].name".to_string()))
        );
        assert_eq!(of("FUNCTION_URL=").field, Some(("Function URL", "function-url".to_string())));
        assert_eq!(of("PORT=").why, config::field("run.port").unwrap().help, "it speaks for itself");
        assert_eq!(of("set -Eeuo pipefail").field, None);
        for origin in &origins {
            assert!(!reason(origin, &rows).why.is_empty(), "{origin:?}");
        }
    }

    #[test]
    fn lines_are_named_as_people_count_them() {
        assert_eq!(places(&[2]), "line 3");
        assert_eq!(places(&[2, 6, 7, 8, 11]), "lines 3, 7 to 9, 12");
    }
}
