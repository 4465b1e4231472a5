//! The state of the page and everything that can happen to it, as one pure reducer.

use std::rc::Rc;

use pushbox_shared::config::{self, Problem};
use yew::{Callback, Reducible, UseReducerDispatcher};

use crate::model::draft::{Draft, Entry, Row, next_id};
use crate::model::function_url;
use crate::model::history::{Change, History, Turn};
use crate::model::link::{self, Link};
use crate::model::presets::preset;
use crate::model::repository::{self, Browsed};
use crate::model::secret_names::{holds_password, looks_secret};
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
    /// The chosen kind of app.
    pub preset: &'static str,
    /// The fields that somebody has been in: their problems are shown beside them.
    pub visited: Rc<Vec<&'static str>>,
    /// The file that the preview shows.
    pub tab: Tab,
    /// What was last said to people who cannot see what changed.
    pub said: Rc<str>,
    /// The draft is one that a panic kept.
    pub restored: bool,
    pub history: Rc<History<Form>>,
    pub address: Address,
    /// The forms of links that were in the address, because a link does not hold all of a form. The latest comes last.
    seen: Rc<Vec<(Rc<Link>, Form)>>,
    /// What could not be taken over from the link that the page was opened with.
    pub link_problems: Rc<[Problem]>,
    /// What was taken from the address of a repository's page, for people.
    pub taken: Rc<str>,
    /// The draft is kept in this browser.
    pub keeps: bool,
    /// The link of a draft that was kept before, and that the link which was opened is not.
    pub offer: Option<Rc<str>>,
    /// What was last undone or redone, for the focus to go there, and how often that was done.
    pub turned: (u32, Option<Change>),
}

/// What can be undone: all that a person fills in.
#[derive(Clone, PartialEq)]
pub struct Form {
    pub draft: Rc<Draft>,
    /// As typed.
    pub function_url: Rc<str>,
    /// The chosen kind of app.
    pub preset: &'static str,
}

/// What the page's address has to hold.
#[derive(Clone, PartialEq)]
pub struct Address {
    pub link: Rc<Link>,
    /// Back leads to the one before.
    pub is_new: bool,
}

/// How a change of the form is remembered.
enum Step {
    /// A keystroke.
    Typed(Change),
    Done(Change),
    /// Not at all: only the way of writing changes.
    Tidied,
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
    /// The focus left the row with that id.
    LeaveRow(&'static str, u32),
    /// Nobody typed for a moment.
    Pause,
    Turn(Turn),
    /// Another kind of app.
    Preset(&'static str),
    /// Whether the draft is to be kept in this browser.
    Keep(bool),
    /// Whether the draft that was kept takes the place of the link that was opened.
    Offer(bool),
    /// Another address, by Back and Forward or by hand: what follows the `#`.
    Arrive(String),
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
        let mut state = State {
            sheet: Rc::new(Sheet::new(&draft, None)),
            draft: Rc::new(draft),
            function_url: "".into(),
            preset: "",
            visited: Rc::default(),
            tab: Tab::Script,
            said: "".into(),
            restored: false,
            history: Rc::default(),
            address: Address { link: Rc::default(), is_new: false },
            seen: Rc::default(),
            link_problems: Rc::new([]),
            taken: "".into(),
            keeps: false,
            offer: None,
            turned: (0, None),
        };
        state.commit(false);
        state
    }

    /// What the page begins with: the draft that a panic kept, what the link says that it was opened with, or the link of
    /// the draft that a person has kept in this browser.
    pub fn first(panicked: Option<Draft>, fragment: &str, kept: Option<String>) -> State {
        let keeps = kept.is_some();
        let kept = kept.filter(|kept| !kept.is_empty());
        let said = || "Your draft is back".into();
        let state = match (panicked, kept) {
            (Some(draft), _) => State { said: said(), restored: true, ..State::new(draft) },
            (None, Some(kept)) if link::is_link(fragment) => {
                let state = State::opened(fragment);
                let offer = (*kept != *state.address.link.text).then(|| kept.into());
                State { offer, ..state }
            }
            (None, Some(kept)) => State { said: said(), restored: true, ..State::opened(&kept) },
            (None, None) if link::is_link(fragment) => State::opened(fragment),
            (None, None) => State::default(),
        };
        State { keeps, ..state }
    }

    /// The page opened with a link.
    pub fn opened(fragment: &str) -> State {
        let link::Opened { draft, tab, problems } = link::read(fragment);
        let mut state = State::new(draft);
        state.tab = tab.unwrap_or(state.tab);
        state.commit(false);
        state.visit_filled();
        state.say(arrived(&problems).into());
        State { link_problems: problems.into(), ..state }
    }

    pub fn form(&self) -> Form {
        Form {
            draft: Rc::clone(&self.draft),
            function_url: Rc::clone(&self.function_url),
            preset: self.preset,
        }
    }

    /// Takes over what differs, and remembers it.
    fn take(&mut self, form: Form, step: Step) {
        let before = self.form();
        if form == before {
            return;
        }
        self.show(form);
        let history = Rc::make_mut(&mut self.history);
        match step {
            Step::Typed(change) => history.typed(change, before),
            Step::Done(change) => {
                history.done(change, before);
                self.commit(true);
            }
            Step::Tidied => {}
        }
    }

    /// The address follows the form.
    fn commit(&mut self, is_new: bool) {
        const MOST: usize = 100;
        let link = Rc::new(link::write(&self.draft, self.tab));
        let form = self.form();
        let seen = Rc::make_mut(&mut self.seen);
        seen.retain(|(other, _)| other.text != link.text);
        if seen.len() == MOST {
            seen.remove(0);
        }
        seen.push((Rc::clone(&link), form));
        if link != self.address.link {
            self.address = Address { link, is_new };
        }
    }

    fn arrive(&mut self, fragment: &str) {
        let fragment = if link::is_link(fragment) { fragment } else { "" };
        let link::Opened { draft, tab, problems } = link::read(fragment);
        let known = self.seen.iter().find(|(link, _)| link.text == fragment).map(|(_, form)| form.clone());
        let form = known.unwrap_or_else(|| Form { draft: Rc::new(draft), ..self.form() });
        self.tab = tab.unwrap_or(Tab::Script);
        self.take(
            form,
            Step::Done(Change { what: "the step through the browser's history", target: "".into() }),
        );
        self.commit(false);
        self.address.is_new = false;
        self.visit_filled();
        self.say(arrived(&problems).into());
        self.link_problems = problems.into();
    }

    fn show(&mut self, form: Form) {
        self.draft = form.draft;
        self.function_url = form.function_url;
        self.preset = form.preset;
        self.derive();
    }

    fn take_draft(&mut self, draft: Draft, step: Step) {
        self.take(Form { draft: Rc::new(draft), ..self.form() }, step);
    }

    fn take_rows(&mut self, path: &'static str, rows: Vec<Row>, step: Step) {
        let mut draft = Draft::clone(&self.draft);
        draft.set_rows(path, rows);
        self.take_draft(draft, step);
    }

    fn turn(&mut self, turn: Turn) {
        let present = self.form();
        let history = Rc::make_mut(&mut self.history);
        let (turned, done) = match turn {
            Turn::Undo => (history.undo(present), "Undone"),
            Turn::Redo => (history.redo(present), "Done again"),
        };
        match turned {
            Some((change, form)) => {
                self.say(format!("{done}: {}", change.what));
                self.turned = (self.turned.0.wrapping_add(1), Some(change));
                self.show(form);
                self.commit(true);
            }
            None => self.say("There is nothing more".into()),
        }
    }

    /// What is said twice must differ, or it is not heard the second time.
    fn say(&mut self, text: String) {
        self.said = if *text == *self.said { (text + "\u{a0}").into() } else { text.into() };
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
            Action::Type(path, text) => {
                if path == "repo.url" {
                    state.taken = "".into();
                }
                state.take_draft(with_text(&self.draft, path, &text), Step::Typed(of_field(path)));
            }
            Action::Switch(path, flag) => {
                let mut draft = Draft::clone(&self.draft);
                draft.set_flag(path, flag);
                state.take_draft(draft, Step::Done(of_field(path)));
            }
            Action::Leave(path) => state.leave(path),
            Action::LeaveRow(path, id) => {
                state.mark_value(path, id);
                state.leave(path);
            }
            Action::Arrive(fragment) => state.arrive(&fragment),
            Action::Pause => state.pause(),
            Action::Preset(id) => {
                let draft = preset(id).fill(&self.draft, preset(self.preset));
                let change = Change { what: "Kind of app", target: "preset".into() };
                state.take(Form { draft: Rc::new(draft), preset: id, ..self.form() }, Step::Done(change));
            }
            Action::Keep(keeps) => {
                state.keeps = keeps;
                state.offer = None;
                state.say(if keeps { "The draft is kept in this browser" } else { "Nothing is kept" }.into());
            }
            Action::Offer(take) => {
                if let Some(kept) = state.offer.take().filter(|_| take) {
                    state.arrive(&kept);
                    state.address.is_new = true;
                }
            }
            Action::Turn(turn) => state.turn(turn),
            Action::AddRow(path) => {
                let mut rows = self.draft.rows(path).to_vec();
                let step = Step::Done(of_row(path, rows.len(), "name"));
                rows.push(Row::new(next_id(&rows), "", ""));
                state.take_rows(path, rows, step);
            }
            Action::EditRow(path, id, edit) => {
                let mut rows = self.draft.rows(path).to_vec();
                if let Some((at, row)) = rows.iter_mut().enumerate().find(|(_, row)| row.id == id) {
                    let step = step_of_row(path, at, &edit);
                    let was_secret = row.secret;
                    edit_row(path, row, edit);
                    let marked = !was_secret && row.secret && !row.decided;
                    let name = Rc::clone(&row.name);
                    state.take_rows(path, rows, step);
                    if marked {
                        state.say_marked(&[name]);
                    }
                }
            }
            Action::RemoveRow(path, id) => {
                let mut rows = self.draft.rows(path).to_vec();
                if let Some(at) = rows.iter().position(|row| row.id == id) {
                    rows.remove(at);
                    state.take_rows(path, rows, Step::Done(of_row(path, at, "name")));
                }
            }
            Action::SetRows(path, mut rows) => {
                let marked =
                    if path == "run.env" { mark(&self.draft.rows(path), &mut rows) } else { Vec::new() };
                state.take_rows(path, rows, Step::Done(of_field(path)));
                if !marked.is_empty() {
                    state.say_marked(&marked);
                }
            }
            Action::Replace(draft) => {
                state.take_draft(draft, Step::Done(Change { what: "import", target: "".into() }));
                state.visit_all();
            }
            Action::Insist => state.visit_all(),
            Action::FunctionUrl(url) => {
                let change = Change { what: "Function URL", target: "function-url".into() };
                state.take(Form { function_url: url.into(), ..self.form() }, Step::Typed(change));
            }
            Action::Show(tab) => {
                state.tab = tab;
                state.commit(false);
            }
            Action::Say(text) => state.say(text),
        }
        Rc::new(state)
    }
}

impl State {
    fn visit_all(&mut self) {
        self.visited = Rc::new(config::FIELDS.iter().map(|field| field.path).collect());
    }

    fn leave(&mut self, path: &'static str) {
        if !self.visited.contains(&path) {
            Rc::make_mut(&mut self.visited).push(path);
        }
        if let Some(Entry::Text(text)) = self.draft.entry(path) {
            let text = suggest::tidy(path, text);
            let page = (path == "repo.url").then(|| with_page(&self.draft, &text)).flatten();
            let draft = match page {
                Some((draft, said)) => {
                    self.taken = said.as_str().into();
                    self.say(said);
                    draft
                }
                None => with_text(&self.draft, path, &text),
            };
            self.take_draft(draft, Step::Tidied);
        }
        self.pause();
        self.commit(true);
    }

    /// A URL with a password makes its variable a secret once it is typed. Whoever undoes that has decided.
    fn mark_value(&mut self, path: &'static str, id: u32) {
        let mut rows = self.draft.rows(path).to_vec();
        let found = rows.iter_mut().enumerate().find(|(_, row)| row.id == id);
        let Some((at, row)) = found.filter(|(_, row)| path == "run.env" && !row.decided && !row.secret)
        else {
            return;
        };
        if !holds_password(&row.value) {
            return;
        }
        let mut marked = rows.clone();
        rows[at].decided = true;
        marked[at].secret = true;
        let name = Rc::clone(&marked[at].name);
        self.take_rows(path, rows, Step::Tidied);
        self.take_rows(path, marked, Step::Done(of_row(path, at, "secret")));
        self.say_marked(&[name]);
    }

    fn say_marked(&mut self, names: &[Rc<str>]) {
        self.say(format!("Marked secret, so that the value is not written anywhere: {}", names.join(", ")));
    }

    /// Nobody is told of a link that what it does not hold is missing.
    fn visit_filled(&mut self) {
        let filled = |path: &&str| self.draft.entry(path).is_some() || self.visited.contains(path);
        let paths = config::FIELDS.iter().map(|field| field.path);
        self.visited = Rc::new(paths.filter(filled).collect());
    }

    fn pause(&mut self) {
        Rc::make_mut(&mut self.history).pause();
    }
}

fn arrived(problems: &[Problem]) -> &'static str {
    if problems.is_empty() {
        "The form is as the link says"
    } else {
        "The form is filled in from the link, but not all of it could be read"
    }
}

/// Marks what is new and looks like a secret; gives the names.
fn mark(old: &[Row], rows: &mut [Row]) -> Vec<Rc<str>> {
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

fn of_field(path: &'static str) -> Change {
    Change { what: config::field(path).map_or(path, |field| field.label), target: path.into() }
}

/// `at` counts from 0.
fn of_row(path: &'static str, at: usize, part: &str) -> Change {
    Change { target: format!("{path}[{at}].{part}").into(), ..of_field(path) }
}

fn step_of_row(path: &'static str, at: usize, edit: &RowEdit) -> Step {
    match edit {
        RowEdit::Name(_) => Step::Typed(of_row(path, at, "name")),
        RowEdit::Value(_) => Step::Typed(of_row(path, at, "value")),
        RowEdit::Secret(_) => Step::Done(of_row(path, at, "secret")),
    }
}

/// What follows from the repository's address follows it for as long as nobody says otherwise.
fn with_text(draft: &Draft, path: &'static str, text: &str) -> Draft {
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
fn with_page(draft: &Draft, page: &str) -> Option<(Draft, String)> {
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

/// The name decides whether a variable is secret, until a person does.
fn edit_row(path: &str, row: &mut Row, edit: RowEdit) {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        assert!(!state.draft.save().contains('x'), "a secret's value is written nowhere");
    }

    #[test]
    fn the_script_follows_every_keystroke() {
        let state = after([typed("repo.url", "https://github.com/usil/foo"), typed("run.port", "70000")]);
        let problems: Vec<String> = state.sheet.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, ["run.port: expected a whole number from 1 to 65535, found 70000"]);
        assert_eq!(state.reduce(typed("run.port", "8080")).sheet.config.run.port, 8080);
    }

    #[test]
    fn what_is_undone_is_said_and_looked_at() {
        let state = after([
            typed("run.port", "8"),
            typed("run.port", "80"),
            Action::Leave("run.port"),
            Action::FunctionUrl("https://x.on.aws".into()),
            Action::Turn(Turn::Undo),
        ]);
        assert_eq!((&*state.said, &*state.function_url), ("Undone: Function URL", ""));
        let state = state.reduce(Action::Turn(Turn::Undo));
        assert_eq!(state.draft.text("run.port"), "", "what was typed without a pause is one step");
        assert_eq!(state.sheet.config.run.port, 3000);
        assert_eq!(state.turned.1.as_ref().map(|change| &*change.target), Some("run.port"));
        let state = state.reduce(Action::Turn(Turn::Redo));
        assert_eq!((&*state.said, state.draft.text("run.port")), ("Done again: Port", "80"));
    }

    #[test]
    fn completing_a_branch_is_no_step() {
        let state = after([typed("repo.refs", "main"), Action::Leave("repo.refs"), Action::Turn(Turn::Undo)]);
        assert_eq!((state.draft.text("repo.refs"), state.history.undoable()), ("", None));
    }

    /// Every kind of action that changes what a person fills in.
    fn an_edit((kind, id, text): (u8, u32, String)) -> Action {
        let path = ["app", "repo.url", "run.port", "repo.refs"][id as usize];
        let list = ["run.env", "build.args"][id as usize % 2];
        match kind {
            0 => Action::Type(path, text),
            1 => Action::Switch("repo.submodules", id == 0),
            2 => Action::AddRow(list),
            3 => Action::EditRow(list, id, RowEdit::Name(text)),
            4 => Action::EditRow(list, id, RowEdit::Value(text)),
            5 => Action::EditRow(list, id, RowEdit::Secret(text.is_empty())),
            6 => Action::RemoveRow(list, id),
            7 => Action::SetRows("run.env", vec![Row::new(id, &text, "x")]),
            8 => {
                let mut draft = Draft::default();
                draft.set_text("run.port", &text);
                Action::Replace(draft)
            }
            9 => Action::FunctionUrl(text),
            10 => Action::Preset(["", "rust", "go", "java"][id as usize]),
            _ => Action::Pause,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whatever_was_done_can_be_undone_and_done_again(
            edits in prop::collection::vec((0..12_u8, 0..4_u32, "[A-Z0-9]{0,3}"), 0..40),
        ) {
            let start = State::default();
            let end = after(edits.into_iter().map(an_edit));
            let mut state = Rc::clone(&end);
            while state.history.undoable().is_some() {
                state = state.reduce(Action::Turn(Turn::Undo));
            }
            prop_assert!(state.form() == start.form());
            while state.history.redoable().is_some() {
                state = state.reduce(Action::Turn(Turn::Redo));
            }
            prop_assert!(state.form() == end.form());
            prop_assert!(state.sheet == end.sheet);
        }
    }

    #[test]
    fn the_address_follows_what_is_done_and_not_every_keystroke() {
        let state = after([typed("app", "f"), typed("app", "foo")]);
        assert_eq!(state.address.link.text, "");
        let state = state.reduce(Action::Leave("app"));
        assert_eq!((&*state.address.link.text, state.address.is_new), ("v=1&app=foo", true));
        let state = state.reduce(Action::Show(Tab::Config));
        assert_eq!((&*state.address.link.text, state.address.is_new), ("v=1&app=foo&tab=json", false));
    }

    #[test]
    fn back_leads_to_the_very_form_that_was_there() {
        let row = |edit| Action::EditRow("run.env", 0, edit);
        let state = after([
            Action::AddRow("run.env"),
            row(RowEdit::Name("A".into())),
            row(RowEdit::Value("postgres://a:b@c".into())),
            Action::LeaveRow("run.env", 0),
        ]);
        let link = state.address.link.text.clone();
        assert_eq!(link, "v=1&run.secret=A", "the password is not in the address");
        let later = Rc::clone(&state).reduce(Action::RemoveRow("run.env", 0));
        let back = later.reduce(Action::Arrive(link));
        assert!(back.form() == state.form());
        assert!(!back.address.is_new);
        let start = back.reduce(Action::Arrive("page".into()));
        assert_eq!(start.sheet, State::default().sheet, "before the first change there was no link");
        assert_eq!(start.reduce(Action::Turn(Turn::Undo)).draft, state.draft, "that can be undone too");
    }

    #[test]
    fn a_link_fills_the_form_in() {
        let state = State::opened("run.port=8080&app=A&colour=red&tab=json");
        assert_eq!(state.sheet.config.run.port, 8080);
        assert_eq!((state.tab.id(), state.link_problems.len()), ("json", 1));
        assert_eq!(
            *state.visited,
            ["app", "run.port"],
            "what it fills in is judged, and nothing is missing yet"
        );
        assert_eq!(
            (&*state.address.link.text, state.address.is_new),
            ("v=1&app=A&run.port=8080&tab=json", false)
        );
        assert_eq!(state.history.undoable(), None);
    }

    #[test]
    fn a_name_that_looks_secret_marks_its_variable_until_a_person_decides() {
        let edit = |edit| Action::EditRow("run.env", 0, edit);
        let state = after([
            Action::AddRow("run.env"),
            edit(RowEdit::Value("hunter2".into())),
            edit(RowEdit::Name("KEY".into())),
        ]);
        assert!(state.draft.rows("run.env")[0].secret);
        assert!(state.said.contains("KEY"), "{}", state.said);
        assert!(!(state.sheet.script.contains("hunter2") || state.draft.save().contains("hunter2")));
        let typed_on = Rc::clone(&state).reduce(edit(RowEdit::Name("KEYBOARD".into())));
        assert!(
            typed_on.sheet.script.contains("KEYBOARD=hunter2"),
            "nothing is lost on the way to another name"
        );
        let state = state.reduce(edit(RowEdit::Secret(false))).reduce(edit(RowEdit::Name("API_KEY".into())));
        assert!(state.sheet.script.contains("API_KEY=hunter2"), "a person has decided");
    }

    #[test]
    fn a_password_in_a_url_marks_its_variable_and_undo_takes_that_back_for_good() {
        let state = after([
            Action::AddRow("run.env"),
            Action::EditRow("run.env", 0, RowEdit::Name("DATABASE_URL".into())),
            Action::EditRow("run.env", 0, RowEdit::Value("postgres://a:hunter2@db".into())),
            Action::LeaveRow("run.env", 0),
        ]);
        assert!(!state.sheet.script.contains("hunter2"));
        let state = state.reduce(Action::Turn(Turn::Undo)).reduce(Action::LeaveRow("run.env", 0));
        assert!(state.sheet.script.contains("hunter2"));
    }

    #[test]
    fn pasted_secrets_are_marked_and_what_was_there_before_is_left_alone() {
        let before = [Row { decided: true, ..Row::new(0, "A_TOKEN", "1") }];
        let state = after([Action::SetRows("run.env", before.to_vec())]);
        let mut rows = before.to_vec();
        rows.extend([Row::new(1, "B_TOKEN", "2"), Row::new(2, "C", "3")]);
        let state = state.reduce(Action::SetRows("run.env", rows));
        let secret: Vec<bool> = state.draft.rows("run.env").iter().map(|row| row.secret).collect();
        assert_eq!(secret, [false, true, false]);
        assert!(state.said.ends_with("anywhere: B_TOKEN"), "{}", state.said);
    }

    #[test]
    fn the_address_of_a_page_fills_in_what_it_says() {
        let page = "https://github.com/usil/foo/tree/dev/web?tab=readme";
        let state = after([typed("repo.url", page), Action::Leave("repo.url")]);
        let shown = ["repo.url", "app", "repo.refs", "build.context"].map(|path| state.draft.text(path));
        assert_eq!(shown, ["https://github.com/usil/foo", "foo", "refs/heads/dev", "web"]);
        assert!(state.taken.ends_with("foo, refs/heads/dev, the folder web"), "{}", state.taken);
        let state = after([typed("repo.refs", "x"), typed("repo.url", page), Action::Leave("repo.url")]);
        assert_eq!(state.draft.text("repo.refs"), "x", "what somebody has filled in stays");
    }

    #[test]
    fn an_address_of_ssh_brings_its_key() {
        let state = after([typed("repo.url", "git@github.com:usil/foo.git")]);
        assert_eq!(state.draft.text("repo.auth"), "deploy-key");
        let state = state.reduce(typed("repo.url", "https://github.com/usil/foo.git"));
        assert_eq!(state.draft.text("repo.auth"), "");
    }

    #[test]
    fn a_kept_draft_comes_back_unless_a_link_was_opened() {
        let kept = || Some("v=1&app=mine".to_string());
        let state = State::first(None, "steps", kept());
        assert_eq!((state.draft.text("app"), state.restored, state.keeps), ("mine", true, true));
        let state = State::first(None, "v=1&app=theirs", kept());
        assert_eq!((state.draft.text("app"), state.offer.as_deref()), ("theirs", Some("v=1&app=mine")));
        let taken = Rc::new(state.clone()).reduce(Action::Offer(true));
        assert_eq!((taken.draft.text("app"), &taken.offer, taken.address.is_new), ("mine", &None, true));
        let refused = Rc::new(state).reduce(Action::Offer(false));
        assert_eq!((refused.draft.text("app"), &refused.offer), ("theirs", &None));
        assert_eq!(State::first(None, "v=1&app=mine", kept()).offer, None, "it is the same");
        assert!(!State::first(None, "", None).keeps);
    }

    #[test]
    fn what_changes_nothing_derives_nothing() {
        let state = after([typed("app", "x")]);
        let next = Rc::clone(&state).reduce(typed("app", "x"));
        assert!(Rc::ptr_eq(&state.sheet, &next.sheet));
    }
}
