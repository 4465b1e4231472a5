//! Everything that can happen to the page.

use std::rc::Rc;

use crate::model::door::Door;
use crate::model::draft::Draft;
use crate::model::edit::RowEdit;
use crate::model::history::Turn;
use crate::model::import::Goes;
use crate::model::tabs::Tab;

pub enum Action {
    Type(&'static str, String),
    Switch(&'static str, bool),
    /// The focus left a field.
    Leave(&'static str),
    /// The focus left the row with that id.
    LeaveRow(&'static str, u32),
    /// The address is about to be read, perhaps while a field still has the focus.
    Commit,
    /// Nobody typed for a moment.
    Pause,
    /// What a person sees first is drawn.
    DrawFolded,
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
    /// Takes the place of the whole draft, or goes besides it.
    Import(Goes, Draft),
    /// Somebody wants the file although there are problems.
    Insist,
    FunctionUrl(String),
    Show(Tab),
    /// A person unfolds or folds what is behind the door.
    Open(Door),
    /// Why the annex cannot show what is behind the door.
    Shut(Door, String),
    OpenImport,
    /// The dialog of the import is open.
    ImportOpened,
    /// What is wanted is made by the annex.
    NeedAnnex,
    /// The annex has arrived, or why it has not.
    Fetched(Result<(), String>),
    /// What is to be said of the file with that id.
    Made(&'static str, String),
    /// The Dockerfile of a preset has arrived, or why it has not.
    Dockerfile(&'static str, Result<Rc<str>, String>),
    Say(String),
}
