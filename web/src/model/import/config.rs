//! A `pushbox.json`. Problems are in the words of the command line.

use pushbox_shared::config::Problem;

use super::taken::Taken;
use crate::model::env_paste::Remark;
use crate::model::sheet::import;

/// The text is searched for each, and nobody reads more.
const MOST_PROBLEMS: usize = 50;

pub(super) fn read(text: &str) -> Taken {
    match import(text.as_bytes()) {
        Ok(imported) => {
            let mut problems = imported.problems;
            let more = problems.split_off(problems.len().min(MOST_PROBLEMS)).len();
            let left = problems.into_iter().map(|problem| remark(text, problem)).collect();
            let mut taken = Taken { draft: imported.draft, left, ..Taken::default() };
            if more > 0 {
                taken.leave(1, "pushbox.json", format!("has {more} more problems; mend these first"));
            }
            taken
        }
        Err(problem) => Taken { left: vec![remark(text, problem)], ..Taken::default() },
    }
}

fn remark(text: &str, problem: Problem) -> Remark {
    let what = if problem.path.is_empty() { "pushbox.json".into() } else { problem.path };
    Remark { line: line_of(text, &what), what, why: problem.message }
}

/// The line of the last key of a path, looked for behind the keys before it; the first where a key is missing.
fn line_of(text: &str, path: &str) -> usize {
    let mut at = 0;
    for key in path.split(['.', '[', ']']).filter(|key| !key.is_empty()) {
        let rest = text.get(at..).unwrap_or_default();
        let found = match key.parse::<usize>() {
            // An entry of a list of objects, as variables are; lists of texts stand in one place.
            Ok(number) => rest.match_indices('{').nth(number).map(|(found, _)| found + 1),
            Err(_) => rest.find(&format!("\"{key}\"")).map(|found| found + key.len() + 2),
        };
        let Some(found) = found else { break };
        at += found;
    }
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_line_of_what_it_is_about() {
        let text = "{\n \"app\": \"a\",\n \"repo\": {\n  \"url\": \"x\" },\n \"run\": {\n  \"env\": [\n   {\"name\": \"A\"},\n   {\"name\": \"1\"}],\n  \"prot\": 1}}";
        for (path, line) in
            [("app", 2), ("repo.url", 4), ("run.prot", 9), ("run.env[1].name", 8), ("box.disk_gb", 1)]
        {
            assert_eq!(line_of(text, path), line, "{path}");
        }
    }
}
