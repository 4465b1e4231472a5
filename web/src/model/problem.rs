//! How the form shows problems: what heads their list, and the element that each is mended in.

use pushbox_shared::config::{FIELDS, Field, Kind, Part, Problem};

use super::draft::Row;

/// What heads a list of problems.
#[derive(Debug, PartialEq, Eq)]
pub struct Heading {
    pub title: String,
    /// Nothing is wrong yet: a person has not filled in everything.
    pub only_missing: bool,
}

/// `None` if there is no problem.
pub fn heading(problems: &[Problem]) -> Option<Heading> {
    let only_missing = problems.iter().all(|problem| problem.kind == Kind::Missing);
    let title = match (problems.len(), only_missing) {
        (0, _) => return None,
        (1, true) => "One thing is missing".into(),
        (count, true) => format!("{count} things are missing"),
        (1, false) => "One problem".into(),
        (count, false) => format!("{count} problems"),
    };
    Some(Heading { title, only_missing })
}

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
            let part = match problem.part {
                Part::Value => "value",
                Part::Whole | Part::Name => "name",
            };
            Some(format!("run.env[{row}].{part}"))
        }
        Some(_) | None => Some(field.path.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::draft::Draft;
    use crate::model::sheet::Sheet;

    #[track_caller]
    fn check_part(path: &str, part: Part, expected: Option<&str>) {
        let problem = Problem::new(path, Kind::Value, "x").of(part);
        let rows = [Row::new(0, "A", ""), Row::new(1, "", ""), Row::new(2, "B", "")];
        assert_eq!(target(&problem, &rows).as_deref(), expected);
    }

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        check_part(path, Part::Whole, expected);
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
        check_part("run.env[1]", Part::Name, Some("run.env[2].name"));
        check_part("run.env[1]", Part::Value, Some("run.env[2].value"));
        check_part("build.args.A", Part::Value, Some("build.args"));
    }

    #[track_caller]
    fn check_heading(texts: &[(&'static str, &str)], expected: Option<(&str, bool)>) {
        let mut draft = Draft::default();
        texts.iter().for_each(|(path, text)| draft.set_text(path, text));
        let found = heading(&Sheet::new(&draft, None).problems);
        let found = found.as_ref().map(|heading| (heading.title.as_str(), heading.only_missing));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_missing_is_no_mistake_yet() {
        let (app, url) = (("app", "foo"), ("repo.url", "https://github.com/usil/foo"));
        check_heading(&[], Some(("2 things are missing", true)));
        check_heading(&[app], Some(("One thing is missing", true)));
        check_heading(&[app, ("run.port", "many")], Some(("2 problems", false)));
        check_heading(&[app, url, ("run.port", "many")], Some(("One problem", false)));
        check_heading(&[app, url], None);
    }

    /// Every kind of mistake that a form can hold.
    fn wrong() -> (Vec<Row>, Vec<Problem>) {
        let secret = Row { secret: true, ..Row::new(3, "PATH", "") };
        let rows = vec![Row::new(0, "1A", ""), Row::new(1, "", ""), Row::new(2, "B", "\0"), secret];
        let mut draft = Draft::default();
        draft.set_text("repo.refs", "main");
        draft.set_text("run.domain", "app.example.org");
        draft.set_text("box.types", "t9");
        draft.set_rows("run.env", rows.clone());
        draft.set_rows("build.args", vec![Row::new(0, "A", "\0"), Row::new(1, "A", "")]);
        (rows, Sheet::new(&draft, None).problems)
    }

    #[test]
    fn the_words_of_a_message_decide_nothing() {
        let (rows, problems) = wrong();
        let targets: Vec<Option<String>> = problems.iter().map(|problem| target(problem, &rows)).collect();
        for wanted in ["app", "run.env[0].name", "run.env[2].value", "run.env[3].name", "build.args"] {
            assert!(targets.iter().flatten().any(|target| target == wanted), "{wanted}: {targets:?}");
        }
        for words in ["x", "is missing", "the value of x"] {
            let said = |problem: &Problem| Problem { message: words.into(), ..problem.clone() };
            let said: Vec<Problem> = problems.iter().map(said).collect();
            assert_eq!(said.iter().map(|problem| target(problem, &rows)).collect::<Vec<_>>(), targets);
            assert_eq!(heading(&said), heading(&problems));
            let missing = |problem: &&Problem| problem.kind == Kind::Missing;
            let said: Vec<Problem> = said.iter().filter(missing).cloned().collect();
            assert_eq!(heading(&said).map(|heading| heading.only_missing), Some(true));
        }
    }
}
