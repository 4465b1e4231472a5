//! The files that a config stands for, from the text of a `pushbox.json`.

use pushbox_shared::checked;
use pushbox_shared::config;
use pushbox_shared::export::{OUTPUTS, Order, archive, zip};
use pushbox_shared::setup::{Installed, Setup};

/// Nothing of a config that has a problem: somebody could run it.
pub fn render(id: &str, config: &str) -> Option<String> {
    let output = OUTPUTS.iter().find(|output| output.id == id)?;
    let setup = Setup { config: checked::load(config.as_bytes()).ok()?, ..Setup::default() };
    Some((output.render)(&Order { setup: &setup, account: None }))
}

/// The function's program with the config beside it, or what is wrong with either.
pub fn function_zip(base: &[u8], config: &str) -> Result<Vec<u8>, String> {
    let config = checked::load(config.as_bytes()).map_err(|problems| said(&problems))?;
    zip::function(base, &config)
        .map_err(|error| format!("The function's program on this page cannot be used: it {error}"))
}

/// Everything in one zip, with `function.zip` unless its base is empty: not every page has the function's program.
pub fn archive(config: &str, function_url: Option<String>, base: &[u8]) -> Result<Vec<u8>, String> {
    let function_zip = if base.is_empty() { None } else { Some(function_zip(base, config)?) };
    let config = checked::load(config.as_bytes()).map_err(|problems| said(&problems))?;
    let installed = Installed { function_url, ..Installed::default() };
    let setup = Setup { config, installed, ..Setup::default() };
    archive::archive(&Order { setup: &setup, account: None }, function_zip.as_deref())
        .ok_or_else(|| "It would be larger than a zip can be.".into())
}

fn said(problems: &[config::Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::draft::Draft;
    use crate::model::sheet::Sheet;

    /// `pushbox.json` with that port.
    fn json(port: &str) -> String {
        let mut draft = Draft::default();
        draft.set_text("app", "foo");
        draft.set_text("repo.url", "https://github.com/usil/foo");
        draft.set_text("run.port", port);
        Sheet::new(&draft, None).json.to_string()
    }

    #[test]
    fn every_output_is_made_of_a_config_without_problems_and_of_no_other() {
        let faulty =
            r#"{"app": "foo", "repo": {"url": "https://github.com/usil/foo"}, "run": {"port": 70000}}"#;
        for output in OUTPUTS {
            assert!(render(output.id, &json("80")).is_some_and(|text| !text.is_empty()), "{}", output.id);
            assert_eq!(render(output.id, faulty), None, "{}", output.id);
        }
        assert_eq!(render("nonsense", &json("80")), None);
    }

    #[test]
    fn what_cannot_be_a_function_is_refused_with_its_reason() {
        let refused = function_zip(b"nonsense", &json("80")).unwrap_err();
        assert!(refused.starts_with("The function's program on this page cannot be used: it "), "{refused}");
        let refused = function_zip(b"nonsense", "{}").unwrap_err();
        assert!(refused.contains("app: "), "{refused}");
    }
}
