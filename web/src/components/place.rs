//! One part of the form. The essentials are open, the other places fold away with a count of what differs from its default.

use std::rc::Rc;

use pushbox_shared::config::{Config, FIELDS, Field, Place, Slot};
use yew::prelude::*;

use super::fault::Fault;
use super::field::FieldRow;
use super::repo_hint::repo_hint;
use crate::dispatch::Dispatch;
use crate::model::draft::Draft;
use crate::model::problem;
use crate::model::sheet::Sheet;

#[derive(Properties)]
pub struct PlaceProps {
    pub place: Place,
    pub draft: Rc<Draft>,
    pub sheet: Rc<Sheet>,
    pub visited: Rc<Vec<&'static str>>,
    /// What was taken from the address of a repository's page.
    pub taken: Rc<str>,
    /// Nobody sees what is folded in the page's first moment.
    pub draws_folded: bool,
    pub dispatch: Dispatch,
}

impl PartialEq for PlaceProps {
    /// Whether it looks the same: a keystroke in another place draws nothing here.
    fn eq(&self, other: &PlaceProps) -> bool {
        let same_field = |field: &Field| {
            self.draft.entry(field.path) == other.draft.entry(field.path)
                && self.sheet.problems_of(field.path).eq(other.sheet.problems_of(field.path))
        };
        let shown = |props: &PlaceProps| (props.place, props.sheet.changed(props.place));
        shown(self) == shown(other)
            && self.visited == other.visited
            && self.taken == other.taken
            && self.draws_folded == other.draws_folded
            && self.dispatch == other.dispatch
            // On which the hint at the repository's URL depends.
            && self.draft.text("repo.auth") == other.draft.text("repo.auth")
            && FIELDS.iter().filter(|field| field.place == self.place).all(same_field)
    }
}

pub struct PlaceSection;

impl Component for PlaceSection {
    type Message = ();
    type Properties = PlaceProps;

    fn create(_: &Context<PlaceSection>) -> PlaceSection {
        PlaceSection
    }

    fn view(&self, context: &Context<PlaceSection>) -> Html {
        section(context.props())
    }
}

fn section(props: &PlaceProps) -> Html {
    let fields = || {
        html! {
            <div class="fields">
                for field in fields_of(props.place) {
                    <FieldRow
                        key={field.path}
                        path={field.path}
                        entry={props.draft.entry(field.path).cloned()}
                        faults={faults(props, field)}
                        dispatch={props.dispatch.clone()}
                    />
                    if field.path == "repo.url" {
                        { repo_hint(props.draft.text("repo.url"), props.draft.text("repo.auth"), &props.taken, &props.dispatch) }
                    }
                }
            </div>
        }
    };
    if props.place == Place::Essentials {
        return fields();
    }
    let changed = props.sheet.changed(props.place);
    html! {
        <details class="place">
            <summary>
                <span class="place-name">{ props.place.label() }</span>
                if changed > 0 {
                    <span class="count">{ format!("{changed} changed") }</span>
                }
            </summary>
            if props.draws_folded {
                { fields() }
            }
        </details>
    }
}

/// The order in which people fill the essentials in; what is not named here follows in the table's order.
const FIRST: [&str; 5] = ["repo.url", "app", "run.port", "repo.refs", "run.env"];

/// A choice of one is none.
fn fields_of(place: Place) -> Vec<&'static Field> {
    let mut defaults = Config::default();
    let mut is_choice = |field: &Field| match (field.slot)(&mut defaults) {
        Slot::Choice(choice) => choice.names().len() > 1,
        _ => true,
    };
    let (mut first, others): (Vec<_>, Vec<_>) = FIELDS
        .iter()
        .filter(|field| field.place == place)
        .filter(|field| is_choice(field))
        .partition(|field| FIRST.contains(&field.path));
    let wanted = FIRST
        .iter()
        .filter_map(|path| Some(first.swap_remove(first.iter().position(|field| field.path == *path)?)));
    wanted.collect::<Vec<_>>().into_iter().chain(others).collect()
}

/// What to show beside a field. Nobody is told that a field is wrong before having been there.
fn faults(props: &PlaceProps, field: &Field) -> Vec<Fault> {
    if !props.visited.contains(&field.path) {
        return Vec::new();
    }
    let rows = props.draft.rows(field.path);
    let fault = |(below, found): (&str, &pushbox_shared::config::Problem)| {
        let index = problem::index(below);
        Fault {
            entry: index.map(|index| problem::row_at(&rows, index).unwrap_or(index)),
            message: found.message.clone(),
        }
    };
    props.sheet.problems_of(field.path).map(fault).collect()
}
