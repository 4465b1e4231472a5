//! The form: a loop over the field table, place by place.

use std::rc::Rc;

use pushbox_shared::config::Place;
use yew::prelude::*;

use super::draft_keeper::keep_draft;
use super::import_door::ImportDoor;
use super::link::{copy_link, link_note};
use super::place::PlaceSection;
use super::presets::Presets;
use super::undo::undo_buttons;
use crate::model::draft::Draft;
use crate::model::link::Link;
use crate::model::sheet::Sheet;
use crate::state::Dispatch;

#[derive(Properties, PartialEq)]
pub struct FormProps {
    pub draft: Rc<Draft>,
    pub sheet: Rc<Sheet>,
    pub visited: Rc<Vec<&'static str>>,
    /// What would be taken back.
    pub undo: Option<&'static str>,
    /// What would be done again.
    pub redo: Option<&'static str>,
    pub link: Rc<Link>,
    /// What was taken from the address of a repository's page.
    pub taken: Rc<str>,
    /// The chosen kind of app.
    pub preset: &'static str,
    /// The draft is kept in this browser.
    pub keeps: bool,
    pub dispatch: Dispatch,
}

#[component]
pub fn Form(props: &FormProps) -> Html {
    html! {
        <section class="form" aria-labelledby="form-title">
            <div class="section-head">
                <h2 id="form-title">{ "Your app" }</h2>
                <div class="tools">
                    { undo_buttons(props.undo, props.redo, &props.dispatch) }
                    <ImportDoor dispatch={props.dispatch.clone()} />
                </div>
            </div>
            for place in Place::ALL {
                <PlaceSection
                    {place}
                    draft={&props.draft}
                    sheet={&props.sheet}
                    visited={&props.visited}
                    taken={&props.taken}
                    dispatch={props.dispatch.clone()}
                />
                if place == Place::Essentials {
                    <Presets chosen={props.preset} dispatch={props.dispatch.clone()} />
                }
            }
            <section class="place keeping" aria-labelledby="keeping-title">
                <h3 id="keeping-title">{ "Keep or share this form" }</h3>
                { link_note(&props.link) }
                { copy_link(&props.link, &props.dispatch) }
                { keep_draft(props.keeps, &props.dispatch) }
            </section>
        </section>
    }
}
