//! The state of the page and everything that can happen to it, as one pure reducer.

use std::rc::Rc;

use yew::{Callback, Reducible, UseReducerDispatcher};

use crate::model::draft::{Draft, Entry, Row, next_id};
use crate::model::function_url;
use crate::model::sheet::Sheet;
use crate::model::suggest;
use crate::model::tabs::Tab;

pub type Dispatch = UseReducerDispatcher<State>;

/// Says a text to people who cannot see what changed.
pub fn say(dispatch: &Dispatch) -> Callback<String> {
    let dispatch = dispatch.clone();
    Callback::from(move |text| dispatch.dispatch(Action::Say(text)))
}

#[derive(Clone, PartialEq)]
pub struct State {
    pub draft: Rc<Draft>,
    /// Follows from `draft` and `function_url`.
    pub sheet: Rc<Sheet>,
    /// As typed.
    pub function_url: Rc<str>,
    /// The fields that somebody has been in: their problems are shown beside them.
    pub visited: Rc<Vec<&'static str>>,
    /// The file that the preview shows.
    pub tab: Tab,
    /// What was last said to people who cannot see what changed.
    pub said: Rc<str>,
    /// The draft is one that a panic kept.
    pub restored: bool,
}

impl Default for State {
    fn default() -> State {
        State::new(Draft::default())
    }
}

pub enum Action {
    Type(&'static str, String),
    Switch(&'static str, bool),
    /// The focus left a field.
    Leave(&'static str),
    AddRow(&'static str),
    /// The row with that id.
    EditRow(&'static str, u32, RowEdit),
    RemoveRow(&'static str, u32),
    SetRows(&'static str, Vec<Row>),
    /// Takes the place of the whole draft.
    Replace(Draft),
    /// Somebody wants the file although there are problems.
    Insist,
    FunctionUrl(String),
    Show(Tab),
    Say(String),
}

pub enum RowEdit {
    Name(String),
    Value(String),
    Secret(bool),
}

impl State {
    pub fn new(draft: Draft) -> State {
        State {
            sheet: Rc::new(Sheet::new(&draft, None)),
            draft: Rc::new(draft),
            function_url: "".into(),
            visited: Rc::default(),
            tab: Tab::Script,
            said: "".into(),
            restored: false,
        }
    }

    fn edit(&mut self, edit: impl FnOnce(&mut Draft)) {
        let mut draft = Draft::clone(&self.draft);
        edit(&mut draft);
        if draft != *self.draft {
            self.draft = Rc::new(draft);
            self.derive();
        }
    }

    fn edit_rows(&mut self, path: &'static str, edit: impl FnOnce(&mut Vec<Row>)) {
        self.edit(|draft| {
            let mut rows = draft.rows(path).to_vec();
            edit(&mut rows);
            draft.set_rows(path, rows);
        });
    }

    fn derive(&mut self) {
        let url = function_url::read(&self.function_url).ok().flatten();
        self.sheet = Rc::new(Sheet::new(&self.draft, url.as_deref()));
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<State>, action: Action) -> Rc<State> {
        let mut state = State::clone(&self);
        match action {
            Action::Type(path, text) => state.edit(|draft| type_text(draft, path, &text)),
            Action::Switch(path, flag) => state.edit(|draft| draft.set_flag(path, flag)),
            Action::Leave(path) => {
                if !self.visited.contains(&path) {
                    Rc::make_mut(&mut state.visited).push(path);
                }
                if let Some(Entry::Text(text)) = self.draft.entry(path) {
                    state.edit(|draft| type_text(draft, path, &suggest::tidy(path, text)));
                }
            }
            Action::AddRow(path) => state.edit_rows(path, |rows| rows.push(Row::new(next_id(rows), "", ""))),
            Action::EditRow(path, id, edit) => state.edit_rows(path, |rows| {
                if let Some(row) = rows.iter_mut().find(|row| row.id == id) {
                    edit_row(row, edit);
                }
            }),
            Action::RemoveRow(path, id) => state.edit_rows(path, |rows| rows.retain(|row| row.id != id)),
            Action::SetRows(path, rows) => state.edit(|draft| draft.set_rows(path, rows)),
            Action::Replace(draft) => {
                state.edit(|old| *old = draft);
                state.visit_all();
            }
            Action::Insist => state.visit_all(),
            Action::FunctionUrl(url) => {
                state.function_url = url.into();
                state.derive();
            }
            Action::Show(tab) => state.tab = tab,
            // What is said twice must differ, or it is not heard the second time.
            Action::Say(text) if *text == *self.said => state.said = (text + "\u{a0}").into(),
            Action::Say(text) => state.said = text.into(),
        }
        Rc::new(state)
    }
}

impl State {
    fn visit_all(&mut self) {
        self.visited = Rc::new(pushbox_shared::config::FIELDS.iter().map(|field| field.path).collect());
    }
}

/// The app is named after its repository as long as nobody names it otherwise.
fn type_text(draft: &mut Draft, path: &'static str, text: &str) {
    let guess = suggest::app_name(draft.text("repo.url")).unwrap_or_default();
    let untouched = path == "repo.url" && draft.text("app") == guess;
    draft.set_text(path, text);
    if untouched {
        draft.set_text("app", &suggest::app_name(text).unwrap_or_default());
    }
}

/// What becomes a secret loses its value.
fn edit_row(row: &mut Row, edit: RowEdit) {
    match edit {
        RowEdit::Name(name) => row.name = name.into(),
        RowEdit::Value(value) => row.value = value.into(),
        RowEdit::Secret(secret) => {
            row.secret = secret;
            row.value = "".into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(actions: impl IntoIterator<Item = Action>) -> Rc<State> {
        actions.into_iter().fold(Rc::new(State::new(Draft::default())), Reducible::reduce)
    }

    fn typed(path: &'static str, text: &str) -> Action {
        Action::Type(path, text.into())
    }

    #[test]
    fn the_app_follows_its_repository_until_it_is_named() {
        let state = after([typed("repo.url", "https://github.com/usil/foo")]);
        assert_eq!(state.draft.text("app"), "foo");
        let state = state.reduce(typed("repo.url", "https://github.com/usil/bar.git"));
        assert_eq!(state.draft.text("app"), "bar");
        let state =
            state.reduce(typed("app", "mine")).reduce(typed("repo.url", "https://github.com/usil/baz"));
        assert_eq!(state.draft.text("app"), "mine");
    }

    #[test]
    fn a_bare_branch_is_completed_when_its_field_is_left() {
        let state = after([typed("repo.refs", "main\n"), Action::Leave("repo.refs")]);
        assert_eq!(state.draft.text("repo.refs"), "refs/heads/main");
        assert_eq!(state.sheet.config.repo.refs, ["refs/heads/main"]);
    }

    #[test]
    fn rows_are_edited_by_their_id() {
        let state = after([
            Action::AddRow("run.env"),
            Action::AddRow("run.env"),
            Action::EditRow("run.env", 1, RowEdit::Name("B".into())),
            Action::EditRow("run.env", 1, RowEdit::Value("x".into())),
            Action::RemoveRow("run.env", 0),
            Action::AddRow("run.env"),
        ]);
        assert_eq!(*state.draft.rows("run.env"), [Row::new(1, "B", "x"), Row::new(2, "", "")]);
        let state = state.reduce(Action::EditRow("run.env", 1, RowEdit::Secret(true)));
        assert!(!state.draft.save().contains('x'), "a secret's value is dropped");
    }

    #[test]
    fn the_script_follows_every_keystroke() {
        let state = after([typed("repo.url", "https://github.com/usil/foo"), typed("run.port", "70000")]);
        let problems: Vec<String> = state.sheet.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, ["run.port: expected a whole number from 1 to 65535, found 70000"]);
        assert_eq!(state.reduce(typed("run.port", "8080")).sheet.config.run.port, 8080);
    }

    #[test]
    fn what_changes_nothing_derives_nothing() {
        let state = after([typed("app", "x")]);
        let next = Rc::clone(&state).reduce(typed("app", "x"));
        assert!(Rc::ptr_eq(&state.sheet, &next.sheet));
    }
}
