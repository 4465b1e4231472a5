//! What a person takes over, on its way from the annex, which reads it, to the page.

use super::draft::Draft;
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

#[cfg(test)]
mod tests {
    use super::*;
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
}
