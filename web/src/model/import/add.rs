//! An import that goes besides what is in the form: only what it says changes. The page does this, because it alone has the
//! values of secrets.

use std::rc::Rc;

use pushbox_shared::config::FIELDS;

use crate::model::draft::{Draft, Entry};
use crate::model::edit::{mark, with_text};
use crate::model::env_paste::merge;

/// Of these lists each import brings some more lines.
const GROWING: [&str; 2] = ["run.volumes", "run.extra_ports"];

/// The draft with what was taken, and the names of the variables that are marked secret by that.
pub fn add(draft: &Draft, taken: &Draft) -> (Draft, Vec<Rc<str>>) {
    let mut draft = draft.clone();
    let mut marked = Vec::new();
    for path in FIELDS.iter().map(|field| field.path) {
        match taken.entry(path) {
            Some(Entry::Text(text)) if GROWING.contains(&path) => {
                let mut lines: Vec<&str> = draft.text(path).lines().collect();
                lines.extend(text.lines().filter(|line| !draft.text(path).lines().any(|old| old == *line)));
                let joined = lines.join("\n");
                draft.set_text(path, &joined);
            }
            Some(Entry::Text(text)) => draft = with_text(&draft, path, text),
            Some(Entry::Flag(flag)) => draft.set_flag(path, *flag),
            Some(Entry::Rows(rows)) => {
                let old = draft.rows(path);
                let mut rows = merge(&old, rows.iter().cloned());
                if path == "run.env" {
                    marked = mark(&old, &mut rows);
                }
                draft.set_rows(path, rows);
            }
            None => {}
        }
    }
    (draft, marked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::draft::Row;

    #[test]
    fn what_the_import_does_not_say_stays() {
        let mut form = Draft::default();
        form.set_text("app", "mine");
        form.set_text("run.port", "80");
        form.set_text("run.volumes", "data:/data");
        form.set_rows("run.env", vec![Row::new(3, "A", "1")]);
        let mut taken = Draft::default();
        taken.set_text("repo.url", "https://github.com/usil/foo");
        taken.set_text("run.port", "8080");
        taken.set_text("run.volumes", "data:/data\nlogs:/logs");
        taken.set_rows("run.env", vec![Row::new(0, "B", "2"), Row::new(1, "API_KEY", "hunter2")]);
        let (draft, marked) = add(&form, &taken);
        assert_eq!((draft.text("app"), draft.text("run.port")), ("mine", "8080"));
        assert_eq!(draft.text("run.volumes"), "data:/data\nlogs:/logs");
        let secret = Row { secret: true, ..Row::new(5, "API_KEY", "hunter2") };
        assert_eq!(*draft.rows("run.env"), [Row::new(3, "A", "1"), Row::new(4, "B", "2"), secret]);
        assert_eq!(marked, ["API_KEY".into()]);
        assert_eq!(add(&draft, &taken), (draft, vec![]), "a second time it changes nothing");
    }

    #[test]
    fn the_app_is_named_after_the_repository_unless_the_import_names_it() {
        let mut taken = Draft::default();
        taken.set_text("repo.url", "https://github.com/usil/foo");
        assert_eq!(add(&Draft::default(), &taken).0.text("app"), "foo");
        taken.set_text("app", "bar");
        assert_eq!(add(&Draft::default(), &taken).0.text("app"), "bar");
    }
}
