//! What people are told of the script once nobody types: comparing it and packing it take as long as everything else of a
//! keystroke together.

use std::rc::Rc;

use pushbox_shared::user_data::LIMIT;

use super::diff;
use super::sheet::{Sheet, Size};

#[derive(Clone)]
pub struct Settled {
    sheet: Rc<Sheet>,
    size: Size,
    /// "Script updated: 3 lines changed, 11,204 of 16,384 bytes". Nothing of the script that the page begins with.
    pub said: Rc<str>,
}

impl Settled {
    pub fn new(sheet: &Rc<Sheet>) -> Settled {
        Settled { sheet: Rc::clone(sheet), size: sheet.size(), said: "".into() }
    }

    /// Whether there is nothing to say of that sheet.
    pub fn knows(&self, sheet: &Rc<Sheet>) -> bool {
        let news = |sheet: &Sheet| (Rc::clone(&sheet.script), sheet.problems.len());
        Rc::ptr_eq(&self.sheet, sheet) || news(&self.sheet) == news(sheet)
    }

    pub fn next(&self, sheet: &Rc<Sheet>) -> Settled {
        let size = sheet.size();
        let lines = match diff::count(&self.sheet.script, &sheet.script) {
            0 => "Script unchanged".into(),
            1 => "Script updated: 1 line changed".into(),
            count => format!("Script updated: {count} lines changed"),
        };
        let problems = match sheet.problems.len() {
            0 => String::new(),
            1 => ", 1 problem".into(),
            count => format!(", {count} problems"),
        };
        let said = format!("{lines}, {}{problems}", size.words()).into();
        Settled { sheet: Rc::clone(sheet), size, said }
    }

    /// How much of what EC2 takes the script of that sheet needs: where it has to be packed, as it was before the last keystrokes.
    pub fn size_of(&self, sheet: &Sheet) -> Size {
        let script = sheet.script.len();
        match self.size {
            _ if script <= LIMIT => Size { script, gzip: None },
            Size { gzip: None, .. } => sheet.size(),
            before => Size { script, ..before },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::draft::{Draft, Row};

    fn sheet(port: &str, variables: u32) -> Rc<Sheet> {
        let mut draft = Draft::default();
        draft.set_text("app", "foo");
        draft.set_text("repo.url", "https://github.com/usil/foo");
        draft.set_text("run.port", port);
        let row = |at: u32| Row::new(at, &format!("SETTING_{at}"), &format!("what number {at} says"));
        draft.set_rows("run.env", (0..variables).map(row).collect());
        Rc::new(Sheet::new(&draft, None))
    }

    #[test]
    fn what_changed_is_said_once() {
        let first = Settled::new(&sheet("3000", 0));
        assert_eq!(&*first.said, "");
        assert!(first.knows(&sheet("3000", 0)));
        let changed = sheet("8080", 0);
        assert!(!first.knows(&changed));
        let next = first.next(&changed);
        assert!(next.said.starts_with("Script updated: 1 line changed, "), "{}", next.said);
        assert!(next.said.ends_with(" of 16,384 bytes"), "{}", next.said);
        assert!(next.knows(&changed));
        let wrong = next.next(&sheet("x", 0));
        assert!(wrong.said.ends_with(" bytes, 1 problem"), "{}", wrong.said);
    }

    #[test]
    fn a_script_that_is_packed_is_not_packed_at_every_keystroke() {
        let (short, long, longer) = (sheet("1", 1), sheet("1", 400), sheet("1", 401));
        let first = Settled::new(&short);
        assert_eq!(first.size_of(&long), long.size(), "the first time it must be known at once");
        let next = first.next(&long);
        assert_eq!(next.size_of(&longer), Size { script: longer.script.len(), ..long.size() });
        assert_eq!(next.size_of(&short), short.size());
    }
}
