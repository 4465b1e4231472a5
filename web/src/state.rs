//! The state of the page and everything that can happen to it, as one pure reducer.

mod action;
mod address;

use std::rc::Rc;

use pushbox_shared::config::{self, Problem};
use yew::Callback;

use crate::annex::Access;
use crate::model::draft::{Draft, Entry, Row, next_id};
use crate::model::edit::{edit_row, with_page, with_text};
use crate::model::function_url;
use crate::model::history::{Change, History, Turn};
use crate::model::import::{Goes, add};
use crate::model::link::Link;
use crate::model::presets::preset;
use crate::model::secret_names::holds_password;
use crate::model::settled::Settled;
use crate::model::sheet::Sheet;
use crate::model::suggest;
use crate::model::tabs::Tab;

pub use crate::model::edit::RowEdit;
pub use action::Action;
pub use address::Address;

/// Makes an action happen.
#[derive(Clone, PartialEq)]
pub struct Dispatch(Callback<Action>);

impl Dispatch {
    pub fn new(act: Callback<Action>) -> Dispatch {
        Dispatch(act)
    }

    pub fn dispatch(&self, action: Action) {
        self.0.emit(action);
    }
}

/// Says a text to people who cannot see what changed.
pub fn say(dispatch: &Dispatch) -> Callback<String> {
    let dispatch = dispatch.clone();
    Callback::from(move |text| dispatch.dispatch(Action::Say(text)))
}

#[derive(Clone)]
pub struct State {
    pub draft: Rc<Draft>,
    /// Follows from `draft` and `function_url`.
    pub sheet: Rc<Sheet>,
    /// What was told of the sheet when nobody typed.
    pub settled: Rc<Settled>,
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
    /// Also what is folded is drawn: it waits for the first moment to pass.
    pub draws_folded: bool,
    /// What was taken from the address of a repository's page, for people.
    pub taken: Rc<str>,
    /// The draft is kept in this browser.
    pub keeps: bool,
    /// The link of a draft that was kept before, and that the link which was opened is not.
    pub offer: Option<Rc<str>>,
    pub annex: Access,
    /// Somebody waits for the dialog of the import.
    pub wants_import: bool,
    /// The parts of the annex that somebody has unfolded once.
    pub opened: Rc<Vec<&'static str>>,
    /// What was last said of a file that the annex makes, with the file's id.
    pub made: Option<(&'static str, String)>,
    /// Of the preset with that id, or why there is none.
    pub dockerfile: Option<(&'static str, Result<Rc<str>, String>)>,
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

impl State {
    pub fn new(draft: Draft) -> State {
        let sheet = Rc::new(Sheet::new(&draft, None));
        let mut state = State {
            settled: Rc::new(Settled::new(&sheet)),
            sheet,
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
            draws_folded: false,
            taken: "".into(),
            keeps: false,
            offer: None,
            annex: Access::NotAsked,
            wants_import: false,
            opened: Rc::default(),
            made: None,
            dockerfile: None,
            turned: (0, None),
        };
        state.commit_in_place();
        state
    }

    pub fn form(&self) -> Form {
        Form {
            draft: Rc::clone(&self.draft),
            function_url: Rc::clone(&self.function_url),
            preset: self.preset,
        }
    }

    /// Whether nobody filled in anything else. It does not look at what is the same draft.
    pub fn is_same_form(&self, other: &State) -> bool {
        Rc::ptr_eq(&self.draft, &other.draft)
            && self.function_url == other.function_url
            && self.preset == other.preset
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
                self.commit();
            }
            Step::Tidied => {}
        }
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
                self.commit();
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

impl State {
    /// What follows; the same where nothing does.
    pub fn reduce(self: Rc<State>, action: Action) -> Rc<State> {
        if matches!(action, Action::Pause) && !self.history.is_open() && self.settled.knows(&self.sheet) {
            return self;
        }
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
            Action::Commit => state.commit(),
            Action::Pause => {
                state.pause();
                if !self.settled.knows(&self.sheet) {
                    state.settled = Rc::new(self.settled.next(&self.sheet));
                }
            }
            Action::Preset(id) => {
                let draft = preset(id).fill(&self.draft, preset(self.preset));
                let change = Change { what: "Kind of app", target: "preset".into() };
                state.take(Form { draft: Rc::new(draft), preset: id, ..self.form() }, Step::Done(change));
            }
            Action::Keep(keeps) => {
                state.keeps = keeps;
                state.offer = None;
                // Perhaps a field still has the focus.
                state.commit();
                state.say(if keeps { "The draft is kept in this browser" } else { "Nothing is kept" }.into());
            }
            Action::Offer(take) => {
                if let Some(kept) = state.offer.take().filter(|_| take) {
                    state.arrive(&kept);
                    state.address.is_new = true;
                }
            }
            Action::DrawFolded => state.draws_folded = true,
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
            Action::Import(goes, taken) => {
                let step = Step::Done(Change { what: "import", target: "".into() });
                match goes {
                    Goes::InPlace => {
                        state.take_draft(taken, step);
                        state.visit_all();
                        state.link_problems = Rc::new([]);
                    }
                    Goes::Besides => {
                        let (draft, marked) = add(&self.draft, &taken);
                        state.take_draft(draft, step);
                        state.visit_filled();
                        if !marked.is_empty() {
                            state.say_marked(&marked);
                        }
                    }
                }
            }
            Action::Insist => state.visit_all(),
            Action::FunctionUrl(url) => {
                let change = Change { what: "Function URL", target: "function-url".into() };
                state.take(Form { function_url: url.into(), ..self.form() }, Step::Typed(change));
            }
            Action::Show(tab) => {
                state.show_tab(tab);
                state.commit_in_place();
            }
            Action::Open(part) => {
                if !self.opened.contains(&part) {
                    Rc::make_mut(&mut state.opened).push(part);
                    state.need_annex();
                }
            }
            Action::OpenImport => {
                state.need_annex();
                state.wants_import = true;
            }
            Action::ImportOpened => state.wants_import = false,
            Action::NeedAnnex => state.need_annex(),
            Action::Annex(annex) => {
                let (access, said) = match annex {
                    Ok(annex) => (Access::Open(annex), "Loaded".into()),
                    Err(why) => (Access::Failed(why.as_str().into()), why),
                };
                state.annex = access;
                state.say(said);
            }
            Action::Made(id, said) => state.made = Some((id, said)),
            Action::Dockerfile(id, file) => state.dockerfile = Some((id, file)),
            Action::Say(text) => state.say(text),
        }
        Rc::new(state)
    }
}

impl State {
    fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
        if matches!(tab, Tab::Export(_)) {
            self.need_annex();
        }
    }

    /// It is fetched once, and again after a failure. Whoever asks for something else waits for the import no longer.
    fn need_annex(&mut self) {
        self.wants_import = false;
        if matches!(self.annex, Access::NotAsked | Access::Failed(_)) {
            self.annex = Access::Fetching;
            self.say("Loading…".into());
        }
    }

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
        self.commit();
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

    fn pause(&mut self) {
        Rc::make_mut(&mut self.history).pause();
    }
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

#[cfg(test)]
mod tests;
