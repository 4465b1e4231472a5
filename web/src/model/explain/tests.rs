use pushbox_shared::config;

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
    assert_eq!(of("  --env 'B=two").field, Some(("Environment variables", "run.env[2].name".to_string())));
    assert_eq!(of("FUNCTION_URL=").field, Some(("Function URL", "function-url".to_string())));
    assert_eq!(of("PORT=").why, config::field("run.port").unwrap().help, "it speaks for itself");
    assert_eq!(of("set -Eeuo pipefail").field, None);
    for origin in &origins {
        assert!(!reason(origin, &rows).why.is_empty(), "{origin:?}");
    }
}

#[test]
fn lines_are_named_as_people_count_them() {
    assert_eq!(places(&[]), "no line");
    assert_eq!(places(&[2]), "line 3");
    assert_eq!(places(&[2, 6, 7, 8, 11]), "lines 3, 7 to 9, 12");
}
