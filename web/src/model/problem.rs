//! Which part of the form a problem belongs to.

use pushbox_shared::config::{FIELDS, Field, Problem};

use super::draft::Row;

/// The field that a problem is about; nothing where it is about the file or an unknown key.
pub fn field(problem: &Problem) -> Option<&'static Field> {
    FIELDS.iter().find(|field| below(problem, field.path).is_some())
}

/// The rest of a problem's path below a field: empty, `[2].name`, `.KEY`.
pub fn below<'a>(problem: &'a Problem, path: &str) -> Option<&'a str> {
    let rest = problem.path.strip_prefix(path)?;
    (rest.is_empty() || rest.starts_with(['[', '.'])).then_some(rest)
}

/// The index in `[2]` or `[2].name`.
pub fn index(below: &str) -> Option<usize> {
    below.strip_prefix('[')?.split_once(']')?.0.parse().ok()
}

/// The row among all of a list's that is the `index`th of the document, where blank rows do not count.
pub fn row_at(rows: &[Row], index: usize) -> Option<usize> {
    rows.iter().enumerate().filter(|(_, row)| !row.is_blank()).map(|(at, _)| at).nth(index)
}

/// The id of the element that a problem is mended in: the field's path, or that of a name in a row.
pub fn target(problem: &Problem, env: &[Row]) -> Option<String> {
    let field = field(problem)?;
    let row = below(problem, field.path).and_then(index).and_then(|index| row_at(env, index));
    match row {
        Some(row) if field.path == "run.env" => {
            let part = if problem.message.starts_with("the value of") { "value" } else { "name" };
            Some(format!("run.env[{row}].{part}"))
        }
        Some(_) | None => Some(field.path.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        let problem = Problem { path: path.into(), message: String::new() };
        let rows = [Row::new(0, "A", ""), Row::new(1, "", ""), Row::new(2, "B", "")];
        assert_eq!(target(&problem, &rows).as_deref(), expected);
    }

    #[test]
    fn every_problem_leads_to_the_place_where_it_is_mended() {
        check("run.port", Some("run.port"));
        check("run.env", Some("run.env"));
        check("run.env[1]", Some("run.env[2].name"));
        check("run.env[7]", Some("run.env"));
        check("repo.refs[0]", Some("repo.refs"));
        check("build.args.A", Some("build.args"));
        check("run.prot", None);
        check("", None);
    }
}
