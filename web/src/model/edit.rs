//! What an edit makes of a draft besides what was typed: an address fills other fields in, and a name marks a secret.

use std::rc::Rc;

use super::draft::{Draft, Row};
use super::repository::{self, Browsed};
use super::secret_names::looks_secret;
use super::suggest;

pub enum RowEdit {
    Name(String),
    Value(String),
    Secret(bool),
}

/// The name decides whether a variable is secret, until a person does.
pub fn edit_row(path: &str, row: &mut Row, edit: RowEdit) {
    match edit {
        RowEdit::Name(name) => {
            row.name = name.into();
            if path == "run.env" && !row.decided {
                row.secret = looks_secret(&row.name, &row.value);
            }
        }
        RowEdit::Value(value) => row.value = value.into(),
        RowEdit::Secret(secret) => {
            row.secret = secret;
            row.decided = true;
        }
    }
}

/// Marks what is new and looks like a secret; gives the names.
pub fn mark(old: &[Row], rows: &mut [Row]) -> Vec<Rc<str>> {
    let mut marked = Vec::new();
    for row in rows {
        let is_new = !old.contains(row);
        if is_new && !row.secret && !row.decided && looks_secret(&row.name, &row.value) {
            row.secret = true;
            marked.push(Rc::clone(&row.name));
        }
    }
    marked
}

/// What follows from the repository's address follows it for as long as nobody says otherwise.
pub fn with_text(draft: &Draft, path: &'static str, text: &str) -> Draft {
    let mut draft = draft.clone();
    if path == "repo.url" {
        let old = guesses(draft.text("repo.url"));
        for ((path, old), (_, new)) in old.into_iter().zip(guesses(text)) {
            if draft.text(path) == old {
                draft.set_text(path, &new);
            }
        }
    }
    draft.set_text(path, text);
    draft
}

fn guesses(url: &str) -> [(&'static str, String); 2] {
    [("app", suggest::app_name(url).unwrap_or_default()), ("repo.auth", repository::access(url).into())]
}

/// The draft with what the address of a repository's page says, and that for people. What somebody has filled in stays.
pub fn with_page(draft: &Draft, page: &str) -> Option<(Draft, String)> {
    let Browsed { url, git_ref, folder } = repository::browsed(page)?;
    let mut said = format!("Taken from the address of a page: the repository {url}");
    let mut draft = with_text(draft, "repo.url", &url);
    for (path, value, what) in [("repo.refs", git_ref, ", "), ("build.context", folder, ", the folder ")] {
        if let Some(value) = value.filter(|_| draft.text(path).is_empty()) {
            said.push_str(what);
            said.push_str(&value);
            draft.set_text(path, &value);
        }
    }
    Some((draft, said))
}
