//! What a pasted text holds, on its way from the annex, which reads it, to the page, which shows it.

use super::draft::Draft;
use super::env_paste::{Pasted, Remark, Var};
use super::import::Goes;
use super::texts;

/// What a person takes over from the import.
#[derive(Debug, PartialEq)]
pub struct Import {
    pub goes: Goes,
    /// For people who cannot see what changed.
    pub said: String,
    pub draft: Draft,
}

/// Says that an import goes besides what there is.
const BESIDES: &str = "besides";

impl Import {
    /// As one text, for [`Import::from_text`].
    pub fn to_text(&self) -> String {
        let goes = match self.goes {
            Goes::InPlace => "",
            Goes::Besides => BESIDES,
        };
        texts::join([goes, &self.said, &self.draft.save()])
    }

    /// What [`Import::to_text`] made.
    pub fn from_text(text: &str) -> Option<Import> {
        let mut texts = texts::split(text);
        let goes = if texts.next()? == BESIDES { Goes::Besides } else { Goes::InPlace };
        Some(Import { goes, said: texts.next()?.into(), draft: Draft::restore(texts.next()?) })
    }
}

impl Pasted {
    /// As one text, for [`Pasted::from_text`].
    pub fn to_text(&self) -> String {
        let var = |var: &Var| ["var".into(), var.line.to_string(), var.name.clone(), var.value.clone()];
        let remark = |kind: &str, remark: &Remark| {
            [kind.into(), remark.line.to_string(), remark.what.clone(), remark.why.clone()]
        };
        let vars = self.vars.iter().map(var);
        let ignored = self.ignored.iter().map(|found| remark("ignored", found));
        let notes = self.notes.iter().map(|found| remark("note", found));
        let texts: Vec<String> = vars.chain(ignored).chain(notes).flatten().collect();
        texts::join(texts.iter().map(String::as_str))
    }

    /// What [`Pasted::to_text`] made.
    pub fn from_text(text: &str) -> Pasted {
        let mut pasted = Pasted::default();
        let mut texts = texts::split(text);
        while let (Some(kind), Some(line), Some(what)) = (texts.next(), texts.next(), texts.next()) {
            let line = line.parse().unwrap_or_default();
            let (what, why) = (what.to_string(), texts.next().unwrap_or_default().to_string());
            match kind {
                "var" => pasted.vars.push(Var { line, name: what, value: why }),
                "ignored" => pasted.ignored.push(Remark { line, what, why }),
                _ => pasted.notes.push(Remark { line, what, why }),
            }
        }
        pasted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::env_paste::parse;
    use crate::model::import::{Kind, read};

    #[test]
    fn an_import_reaches_the_page_as_it_is() {
        for goes in [Goes::InPlace, Goes::Besides] {
            let draft =
                read(Kind::DockerRun, "docker run -p 80:1 -e A='1\n2' -e B_TOKEN -v a1:/a x", "").draft;
            let import = Import { goes, said: "port 1".into(), draft };
            assert_eq!(Import::from_text(&import.to_text()), Some(import));
        }
    }

    #[test]
    fn nothing_is_lost_between_annex_and_page() {
        let pasted = parse("A=1\nA='it''s \"two\"\nlines 🙂'\nnonsense here\n-e B=$X\n");
        assert!(!pasted.vars.is_empty() && !pasted.ignored.is_empty() && !pasted.notes.is_empty());
        assert_eq!(Pasted::from_text(&pasted.to_text()), pasted);
    }
}
