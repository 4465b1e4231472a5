//! The files that a form makes, in the order of their tabs: those of `pushbox render`, and `pushbox.json` itself.

use pushbox_shared::export::{Language, OUTPUTS, Order, Output, USER_DATA, zip};
use pushbox_shared::setup::Setup;

use super::sheet::Sheet;

#[derive(Clone, Copy)]
pub enum Tab {
    /// What a box runs.
    Script,
    Config,
    Export(&'static Output),
    /// The one that is no text.
    FunctionZip,
}

impl PartialEq for Tab {
    fn eq(&self, other: &Tab) -> bool {
        self.id() == other.id()
    }
}

impl Tab {
    pub fn all() -> impl DoubleEndedIterator<Item = Tab> {
        let exports = OUTPUTS.iter().filter(|output| output.id != USER_DATA.id).map(Tab::Export);
        [Tab::Script, Tab::Config].into_iter().chain(exports).chain([Tab::FunctionZip])
    }

    /// Of the element that holds it.
    pub fn id(self) -> &'static str {
        match self {
            Tab::Script => "script",
            Tab::Config => "json",
            Tab::Export(output) => output.id,
            Tab::FunctionZip => "function-zip",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Tab::Script => USER_DATA.label,
            Tab::Config | Tab::FunctionZip => self.file(),
            Tab::Export(output) => output.label,
        }
    }

    pub fn file(self) -> &'static str {
        match self {
            Tab::Script => USER_DATA.file,
            Tab::Config => "pushbox.json",
            Tab::Export(output) => output.file,
            Tab::FunctionZip => "function.zip",
        }
    }

    /// What it is for, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Tab::Script => USER_DATA.about,
            Tab::Config => "What you have filled in: the function reads it, and this page takes it back.",
            Tab::Export(output) => output.about,
            Tab::FunctionZip => zip::ABOUT,
        }
    }

    pub fn language(self) -> Language {
        match self {
            Tab::Script => Language::Bash,
            Tab::Config | Tab::FunctionZip => Language::Json,
            Tab::Export(output) => output.language,
        }
    }

    /// The text of a sheet without problems; script and config are also shown while there are some.
    pub fn text(self, sheet: &Sheet) -> Option<String> {
        match self {
            Tab::Script => Some(sheet.script.clone()),
            Tab::Config => Some(sheet.json.clone()),
            Tab::Export(output) if sheet.problems.is_empty() => {
                let setup = Setup { config: sheet.config.clone(), ..Setup::default() };
                Some((output.render)(&Order { setup: &setup, account: None }))
            }
            Tab::Export(_) | Tab::FunctionZip => None,
        }
    }

    /// Where an arrow key leads from here.
    pub fn neighbour(self, key: &str) -> Option<Tab> {
        let mut all = Tab::all();
        match key {
            "ArrowRight" => all.skip_while(|tab| *tab != self).nth(1).or_else(|| Tab::all().next()),
            "ArrowLeft" => all.rev().skip_while(|tab| *tab != self).nth(1).or_else(|| Tab::all().next_back()),
            "Home" => all.next(),
            "End" => all.next_back(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::draft::Draft;

    #[test]
    fn every_output_of_the_command_line_has_one_tab() {
        let mut ids: Vec<&str> = Tab::all().map(Tab::id).collect();
        assert_eq!(ids.len(), OUTPUTS.len() + 2);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), OUTPUTS.len() + 2, "one is there twice: {ids:?}");
    }

    #[test]
    fn arrows_go_round() {
        let first = Tab::all().next().unwrap();
        let ids: Vec<&str> = std::iter::successors(Some(first), |tab| tab.neighbour("ArrowRight"))
            .map(Tab::id)
            .take(Tab::all().count() + 1)
            .collect();
        assert_eq!(ids.first(), ids.last());
        for tab in Tab::all() {
            let there = tab.neighbour("ArrowRight").unwrap();
            assert_eq!(there.neighbour("ArrowLeft").map(Tab::id), Some(tab.id()));
        }
        assert!(first.neighbour("Enter").is_none());
    }

    #[test]
    fn nothing_is_made_of_a_form_with_problems_that_somebody_could_run() {
        let mut draft = Draft::default();
        draft.set_text("app", "foo");
        draft.set_text("repo.url", "https://github.com/usil/foo");
        let complete = Sheet::new(&draft, None);
        draft.set_text("run.port", "70000");
        let faulty = Sheet::new(&draft, None);
        for tab in Tab::all().filter(|tab| matches!(tab, Tab::Export(_))) {
            assert!(tab.text(&complete).is_some_and(|text| !text.is_empty()), "{}", tab.id());
            assert_eq!(tab.text(&faulty), None, "{}", tab.id());
        }
    }
}
