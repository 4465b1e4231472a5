//! All that the page's state is made of.

use std::rc::Rc;

use pushbox_shared::config::Problem;

use crate::model::door::Door;
use crate::model::draft::Draft;
use crate::model::function_url;
use crate::model::history::{Change, History};
use crate::model::link::Link;
use crate::model::settled::Settled;
use crate::model::sheet::Sheet;
use crate::model::tabs::Tab;

/// The page's whole state.
#[derive(Clone)]
pub struct State {
    pub form: Form,
    pub preview: Preview,
    pub view: View,
    pub past: Past,
    pub address: Address,
    pub kept: Kept,
    pub annex: Annex,
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

/// What the form makes.
#[derive(Clone)]
pub struct Preview {
    /// Follows from the form.
    pub sheet: Rc<Sheet>,
    /// What was told of the sheet when nobody typed.
    pub settled: Rc<Settled>,
    /// The file that is shown.
    pub tab: Tab,
}

/// What is shown of the form, and said of it.
#[derive(Clone)]
pub struct View {
    /// The fields that a person has been in: their problems are shown with them.
    pub visited: Rc<Vec<&'static str>>,
    /// Also what is folded is drawn: it waits for the first moment to pass.
    pub draws_folded: bool,
    /// What was last said to people who cannot see what changed.
    pub said: Rc<str>,
    /// What was taken from the address of a repository's page, for people.
    pub taken: Rc<str>,
    /// What could not be taken over from the link that the page was opened with.
    pub link_problems: Rc<[Problem]>,
    /// Of the preset with that id, or why there is none.
    pub dockerfile: Option<(&'static str, Result<Rc<str>, String>)>,
}

/// The forms that there were.
#[derive(Clone)]
pub struct Past {
    pub history: Rc<History<Form>>,
    /// What was last undone or redone, for the focus to go there, and how often that was done.
    pub turned: (u32, Option<Change>),
    /// The forms of links that were in the address, because a link does not hold all of a form. The latest comes last.
    pub(super) seen: Rc<Vec<(Rc<Link>, Form)>>,
}

/// What the page's address has to hold.
#[derive(Clone, PartialEq)]
pub struct Address {
    pub link: Rc<Link>,
    /// Back leads to the one before.
    pub is_new: bool,
}

/// The draft in this browser.
#[derive(Clone)]
pub struct Kept {
    /// The draft is kept in this browser.
    pub keeps: bool,
    /// The link of a draft that was kept before, and that the link which was opened is not.
    pub offer: Option<Rc<str>>,
    /// The draft is one that was kept, by a panic or by choice.
    pub restored: bool,
}

/// The annex, and what is wanted of it.
#[derive(Clone)]
pub struct Annex {
    pub access: Access,
    /// A person waits for the dialog of the import.
    pub wants_import: bool,
    /// The doors that a person has opened once.
    pub opened: Rc<Vec<Door>>,
    /// The last door that the annex could not show, and why.
    pub shut: Option<(Door, Rc<str>)>,
    /// What was last said of a file that the annex makes, with the file's id.
    pub made: Option<(&'static str, String)>,
}

/// How far the page has come with the annex. The annex itself is the browser's, and no part of the state.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Access {
    #[default]
    NotAsked,
    Fetching,
    Failed(Rc<str>),
    Open,
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
            form: Form { draft: Rc::new(draft), function_url: "".into(), preset: "" },
            preview: Preview { settled: Rc::new(Settled::new(&sheet)), sheet, tab: Tab::Script },
            view: View {
                visited: Rc::default(),
                draws_folded: false,
                said: "".into(),
                taken: "".into(),
                link_problems: Rc::new([]),
                dockerfile: None,
            },
            past: Past { history: Rc::default(), turned: (0, None), seen: Rc::default() },
            address: Address { link: Rc::default(), is_new: false },
            kept: Kept { keeps: false, offer: None, restored: false },
            annex: Annex {
                access: Access::NotAsked,
                wants_import: false,
                opened: Rc::default(),
                shut: None,
                made: None,
            },
        };
        state.commit_in_place();
        state
    }

    /// What is said twice must differ, or it is not heard the second time.
    pub(super) fn say(&mut self, text: String) {
        let said = &mut self.view.said;
        *said = if *text == **said { (text + "\u{a0}").into() } else { text.into() };
    }

    /// The sheet follows the form.
    pub(super) fn derive(&mut self) {
        let url = function_url::read(&self.form.function_url).ok().flatten();
        self.preview.sheet = Rc::new(Sheet::new(&self.form.draft, url.as_deref()));
    }
}
