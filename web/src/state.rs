//! The state of the page and everything that can happen to it, as one pure reducer.

mod action;
mod address;
mod form;
mod rows;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use pushbox_shared::config::{self, Problem};

use crate::annex::Access;
use crate::model::draft::Draft;
use crate::model::edit::with_text;
use crate::model::function_url;
use crate::model::history::{Change, History};
use crate::model::import::{Goes, add};
use crate::model::link::Link;
use crate::model::presets::preset;
use crate::model::settled::Settled;
use crate::model::sheet::Sheet;
use crate::model::tabs::Tab;

pub use crate::model::edit::RowEdit;
pub use action::{Action, Dispatch, say};
pub use address::Address;
pub use form::Form;
use form::{Step, of_field};

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
            Action::AddRow(path) => state.add_row(path),
            Action::EditRow(path, id, edit) => state.edit_row(path, id, edit),
            Action::RemoveRow(path, id) => state.remove_row(path, id),
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
}
