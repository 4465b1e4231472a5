//! The form: a loop over the field table, place by place.

use std::rc::Rc;

use pushbox_shared::config::Place;
use yew::prelude::*;

use super::draft_keeper::keep_draft;
use super::import_button::import_button;
use super::link::{copy_link, link_note};
use super::place::PlaceSection;
use super::presets::presets;
use super::undo::undo_buttons;
use crate::dispatch::Dispatch;
use crate::state::{Access, State};

pub fn form(state: &State, dispatch: &Dispatch) -> Html {
    let link = &state.address.link;
    html! {
        <section class="form" aria-labelledby="form-title">
            <div class="section-head">
                <h2 id="form-title">{ "Your app" }</h2>
                <div class="tools">
                    { undo_buttons(state.past.history.undoable(), state.past.history.redoable(), dispatch) }
                    { import_button("open-import", "Import…", dispatch) }
                    if let (true, Access::Failed(why)) = (state.annex.wants_import, &state.annex.access) {
                        <p class="fault" id="import-failed">{ &**why }</p>
                    }
                </div>
            </div>
            for place in Place::ALL {
                <PlaceSection
                    {place}
                    draft={&state.form.draft}
                    sheet={&state.preview.sheet}
                    visited={&state.view.visited}
                    taken={Rc::clone(&state.view.taken)}
                    draws_folded={state.view.draws_folded}
                    dispatch={dispatch.clone()}
                />
                if place == Place::Essentials {
                    { presets(state, dispatch) }
                }
            }
            <section class="place keeping" aria-labelledby="keeping-title">
                <h3 id="keeping-title">{ "Keep or share this form" }</h3>
                { link_note(link) }
                { copy_link(link, dispatch) }
                { keep_draft(state.kept.keeps, dispatch) }
            </section>
        </section>
    }
}
