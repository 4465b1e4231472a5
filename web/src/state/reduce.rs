//! What follows from an action.

use std::rc::Rc;

use pushbox_shared::config;

use super::action::Action;
use super::change::{Step, of_field};
use super::page::{Access, Form, State};
use crate::model::draft::Draft;
use crate::model::edit::with_text;
use crate::model::history::Change;
use crate::model::import::{Goes, add};
use crate::model::presets::preset;
use crate::model::tabs::Tab;

impl State {
    /// What follows; the same where nothing does.
    pub fn reduce(self: Rc<State>, action: Action) -> Rc<State> {
        if matches!(action, Action::Pause)
            && !self.past.history.is_open()
            && self.preview.settled.knows(&self.preview.sheet)
        {
            return self;
        }
        let mut state = State::clone(&self);
        match action {
            Action::Type(path, text) => {
                if path == "repo.url" {
                    state.view.taken = "".into();
                }
                state.take_draft(with_text(&self.form.draft, path, &text), Step::Typed(of_field(path)));
            }
            Action::Switch(path, flag) => {
                let mut draft = Draft::clone(&self.form.draft);
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
                if !self.preview.settled.knows(&self.preview.sheet) {
                    state.preview.settled = Rc::new(self.preview.settled.next(&self.preview.sheet));
                }
            }
            Action::Preset(id) => {
                let draft = preset(id).fill(&self.form.draft, preset(self.form.preset));
                let change = Change { what: "Kind of app", target: "preset".into() };
                state.take(
                    Form { draft: Rc::new(draft), preset: id, ..self.form.clone() },
                    Step::Done(change),
                );
            }
            Action::Keep(keeps) => {
                state.kept.keeps = keeps;
                state.kept.offer = None;
                // Perhaps a field still has the focus.
                state.commit();
                state.say(if keeps { "The draft is kept in this browser" } else { "Nothing is kept" }.into());
            }
            Action::Offer(take) => {
                if let Some(kept) = state.kept.offer.take().filter(|_| take) {
                    state.arrive(&kept);
                    state.address.is_new = true;
                }
            }
            Action::DrawFolded => state.view.draws_folded = true,
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
                        state.view.link_problems = Rc::new([]);
                    }
                    Goes::Besides => {
                        let (draft, marked) = add(&self.form.draft, &taken);
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
                state.take(Form { function_url: url.into(), ..self.form.clone() }, Step::Typed(change));
            }
            Action::Show(tab) => {
                state.show_tab(tab);
                state.commit_in_place();
            }
            Action::Open(door) => {
                if !self.annex.opened.contains(&door) {
                    Rc::make_mut(&mut state.annex.opened).push(door);
                    state.need_annex();
                }
            }
            Action::Shut(door, why) => {
                state.say(why.clone());
                state.annex.shut = Some((door, why.into()));
            }
            Action::OpenImport => {
                state.need_annex();
                state.annex.wants_import = true;
            }
            Action::ImportOpened => state.annex.wants_import = false,
            Action::NeedAnnex => state.need_annex(),
            Action::Fetched(annex) => {
                let (access, said) = match annex {
                    Ok(()) => (Access::Open, "Loaded".into()),
                    Err(why) => (Access::Failed(why.as_str().into()), why),
                };
                state.annex.access = access;
                state.say(said);
            }
            Action::Made(id, said) => state.annex.made = Some((id, said)),
            Action::Dockerfile(id, file) => state.view.dockerfile = Some((id, file)),
            Action::Say(text) => state.say(text),
        }
        Rc::new(state)
    }
}

impl State {
    pub(super) fn show_tab(&mut self, tab: Tab) {
        self.preview.tab = tab;
        if matches!(tab, Tab::Export(_)) {
            self.need_annex();
        }
    }

    /// It is fetched once, and again after a failure. Whoever asks for something else waits for the import no longer.
    fn need_annex(&mut self) {
        self.annex.wants_import = false;
        if matches!(self.annex.access, Access::NotAsked | Access::Failed(_)) {
            self.annex.access = Access::Fetching;
            self.say("Loading…".into());
        }
    }

    fn visit_all(&mut self) {
        self.view.visited = Rc::new(config::FIELDS.iter().map(|field| field.path).collect());
    }
}
