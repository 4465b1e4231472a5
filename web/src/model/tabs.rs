//! The files that a form makes, in the order of their tabs: those of `pushbox render`, and `pushbox.json` itself.

use std::rc::Rc;

use pushbox_shared::export::{Language, OUTPUTS, Output, USER_DATA, zip};

use super::sheet::Sheet;

#[derive(Clone, Copy)]
pub enum Tab {
    /// What a box runs.
    Script,
    Config,
    Export(&'static Export),
    /// The one that is no text.
    FunctionZip,
}

/// What a tab says of a file that the annex makes.
#[derive(Clone, Copy)]
pub struct Export {
    pub id: &'static str,
    pub label: &'static str,
    pub file: &'static str,
    pub about: &'static str,
    pub language: Language,
}

/// All of [`OUTPUTS`], without what renders them: whoever names that, ships it.
static EXPORTS: [Export; OUTPUTS.len()] = {
    let mut all = [Export::of(&USER_DATA); OUTPUTS.len()];
    let mut at = 0;
    while at < OUTPUTS.len() {
        all[at] = Export::of(&OUTPUTS[at]);
        at += 1;
    }
    all
};

impl Export {
    const fn of(output: &Output) -> Export {
        let Output { id, label, file, language, about, render: _ } = *output;
        Export { id, label, file, about, language }
    }
}

impl PartialEq for Tab {
    fn eq(&self, other: &Tab) -> bool {
        self.id() == other.id()
    }
}

impl Tab {
    pub fn all() -> impl DoubleEndedIterator<Item = Tab> {
        let exports = EXPORTS.iter().filter(|export| export.id != USER_DATA.id).map(Tab::Export);
        [Tab::Script, Tab::Config].into_iter().chain(exports).chain([Tab::FunctionZip])
    }

    /// Of the element that holds it.
    pub fn id(self) -> &'static str {
        match self {
            Tab::Script => "script",
            Tab::Config => "json",
            Tab::Export(export) => export.id,
            Tab::FunctionZip => "function-zip",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Tab::Script => USER_DATA.label,
            Tab::Config | Tab::FunctionZip => self.file(),
            Tab::Export(export) => export.label,
        }
    }

    pub fn file(self) -> &'static str {
        match self {
            Tab::Script => USER_DATA.file,
            Tab::Config => "pushbox.json",
            Tab::Export(export) => export.file,
            Tab::FunctionZip => "function.zip",
        }
    }

    /// What it is for, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Tab::Script => USER_DATA.about,
            Tab::Config => "What you have filled in: the function reads it, and this page takes it back.",
            Tab::Export(export) => export.about,
            Tab::FunctionZip => zip::ABOUT,
        }
    }

    pub fn language(self) -> Language {
        match self {
            Tab::Script => Language::Bash,
            Tab::Config | Tab::FunctionZip => Language::Json,
            Tab::Export(export) => export.language,
        }
    }

    /// What the page makes itself, and shows also while there are problems.
    pub fn text(self, sheet: &Sheet) -> Option<Rc<str>> {
        match self {
            Tab::Script => Some(Rc::clone(&sheet.script)),
            Tab::Config => Some(Rc::clone(&sheet.json)),
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
}
