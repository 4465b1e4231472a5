//! The state of the tryout, which is an app of its own, and everything that can happen to it, as one pure reducer.

use std::rc::Rc;

use pushbox_shared::config::Config;
use pushbox_shared::ec2;
use pushbox_shared::webhook::{Breakage, Provider};

use crate::model::samples::Sample;
use crate::model::tryout::runs::Runs;
use crate::model::tryout::{Body, Delivery, Since, Trial, paste};

#[derive(Clone, Default, PartialEq)]
pub struct State {
    /// What the form says.
    pub config: Rc<Config>,
    pub delivery: Rc<Delivery>,
    /// Follows from `delivery` and `config` since somebody tried it.
    pub trial: Option<Rc<Trial>>,
    pub refused: Option<Refused>,
    /// What a person should know of what was pasted last.
    pub remarks: Rc<[String]>,
    pub runs: Rc<Runs>,
}

/// Why nothing changed, by where a person looks then.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// What was pasted is no delivery.
    Paste(Rc<str>),
    /// It could not be signed or broken.
    Proof(Rc<str>),
}

pub enum Edit {
    /// The form says something else.
    Config(Rc<Config>),
    Headers(String),
    BodyText(String),
    BodyFile(String, Vec<u8>),
    Query(String),
    Secret(String),
    Provider(Provider),
    BoxState(Option<ec2::State>),
    BoxDelivery(String),
    /// Taken over, signed and tried at that time, in seconds since 1970, as is what has a time below.
    Sample(Rc<Sample>, u64),
    /// A curl command, a copied delivery or a kept one.
    Paste(String, u64),
    Sign(u64),
    Break(Breakage, u64),
    Try(u64),
    /// The delivery of that run, to be edited.
    Take(usize),
    /// The same once more, byte for byte.
    Replay(usize, u64),
    /// Chooses the run to compare, or no longer.
    Compare(usize),
}

impl Edit {
    /// When it tries the delivery, if it does.
    fn tries_at(&self) -> Option<u64> {
        match self {
            Edit::Try(now)
            | Edit::Sample(_, now)
            | Edit::Paste(_, now)
            | Edit::Break(_, now)
            | Edit::Replay(_, now) => Some(*now),
            _ => None,
        }
    }
}

impl State {
    /// What follows from an edit.
    pub fn reduce(self: Rc<State>, edit: Edit) -> Rc<State> {
        let mut state = State::clone(&self);
        if let Edit::Compare(number) = edit {
            Rc::make_mut(&mut state.runs).toggle(number);
            return Rc::new(state);
        }
        let tries_at = edit.tries_at();
        // What was tried once follows every change, at the time of that try.
        let tried_at = tries_at.or(self.trial.as_ref().map(|trial| trial.now));
        let refused = if let Edit::Paste(..) = edit { Refused::Paste } else { Refused::Proof };
        let done = state.change(edit);
        let is_done = done.is_ok();
        state.refused = done.err().map(|why| refused(why.into()));
        state.trial = tried_at.map(|now| Rc::new(state.delivery.try_out(&state.config, now)));
        if let Some(trial) = state.trial.clone().filter(|_| is_done && tries_at.is_some()) {
            Rc::make_mut(&mut state.runs).keep(Rc::clone(&state.delivery), trial);
        }
        Rc::new(state)
    }
}

impl State {
    /// Says why nothing changed, if so.
    fn change(&mut self, edit: Edit) -> Result<(), String> {
        match edit {
            Edit::Config(config) => self.config = config,
            Edit::Take(number) | Edit::Replay(number, _) => {
                if let Some(run) = self.runs.get(number) {
                    self.delivery = Rc::clone(&run.delivery);
                    self.remarks = Rc::default();
                }
            }
            Edit::Paste(text, _) => {
                let pasted = paste::read(&text)?;
                self.remarks = pasted.remarks.clone().into();
                Rc::make_mut(&mut self.delivery).paste(&pasted.source.label().into(), pasted);
            }
            Edit::Sample(..) | Edit::Sign(_) | Edit::Break(..) => {
                edit_delivery(Rc::make_mut(&mut self.delivery), edit)?;
                self.remarks = Rc::default();
            }
            other => edit_delivery(Rc::make_mut(&mut self.delivery), other)?,
        }
        Ok(())
    }
}

/// Says why nothing changed, if so.
fn edit_delivery(delivery: &mut Delivery, edit: Edit) -> Result<(), String> {
    if let Edit::Headers(_) | Edit::BodyText(_) | Edit::BodyFile(..) | Edit::Query(_) = edit {
        delivery.since = Since::Edited;
    }
    match edit {
        Edit::Headers(headers) => delivery.headers = headers.into(),
        Edit::BodyText(text) => delivery.body = Body::Text(text.into()),
        Edit::BodyFile(name, bytes) => {
            delivery.body = Body::File { name: name.into(), bytes: bytes.into() };
        }
        Edit::Query(query) => delivery.query = query.trim().trim_start_matches('?').into(),
        Edit::Secret(secret) => delivery.secret = secret.into(),
        Edit::Provider(provider) => delivery.provider = provider,
        Edit::BoxState(state) => delivery.box_state = state,
        Edit::BoxDelivery(id) => delivery.box_delivery = id.trim().into(),
        Edit::Sample(sample, now) => delivery.take(&sample, now)?,
        Edit::Sign(now) => delivery.headers = delivery.signed(now)?.into(),
        Edit::Break(breakage, now) => *delivery = delivery.broken(breakage, now)?,
        Edit::Config(_)
        | Edit::Paste(..)
        | Edit::Try(_)
        | Edit::Take(_)
        | Edit::Replay(..)
        | Edit::Compare(_) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use pushbox_shared::checked::read;
    use serde_json::json;

    use super::*;

    fn config_of(repository: &str) -> Edit {
        Edit::Config(Rc::new(read(&json!({"app": "a", "repo": {"url": repository}})).0))
    }

    #[test]
    fn a_trial_follows_the_form() {
        let signed = [
            config_of("https://github.com/usil/foo"),
            Edit::BodyText(r#"{"ref": "refs/heads/main"}"#.into()),
            Edit::Secret("s".into()),
            Edit::Sign(5),
        ];
        let state = signed.into_iter().fold(Rc::new(State::default()), State::reduce);
        assert!(state.trial.is_none(), "nobody tried it");
        let tried = state.reduce(Edit::Try(7));
        let now = Rc::clone(&tried).reduce(config_of("https://github.com/usil/bar"));
        assert_eq!(now.config.repo.url, "https://github.com/usil/bar");
        assert_eq!(now.trial.as_deref().map(|trial| trial.now), Some(7));
        let later = Rc::clone(&now).reduce(Edit::Secret("other".into()));
        assert_ne!(later.trial, now.trial, "another secret is another outcome");
    }

    fn after(state: Rc<State>, edits: impl IntoIterator<Item = Edit>) -> Rc<State> {
        edits.into_iter().fold(state, State::reduce)
    }

    fn titles(state: &State) -> Vec<String> {
        state.runs.iter().map(|run| format!("{} {}", run.number, run.delivery.title())).collect()
    }

    #[test]
    fn what_is_tried_is_kept_to_be_edited_replayed_and_compared() {
        let typed = [
            config_of("https://github.com/usil/foo"),
            Edit::BodyText("{}".into()),
            Edit::Secret("s".into()),
            Edit::Sign(5),
        ];
        let state = after(Rc::default(), typed);
        assert_eq!(titles(&state), Vec::<String>::new(), "nobody tried it");
        let state = after(state, [Edit::Try(6), Edit::Break(Breakage::BodyEdited, 7)]);
        assert_eq!(titles(&state), ["2 GitHub. The body edited after it was signed", "1 GitHub, edited"]);
        let state = after(state, [Edit::BodyText("[]".into()), Edit::Headers("X-Who: me".into())]);
        assert_eq!(state.runs.iter().count(), 2, "typing is no run");
        let state = after(state, [Edit::Take(1)]);
        assert_eq!(&state.delivery, &state.runs.get(1).unwrap().delivery);
        let state = after(state, [Edit::Replay(2, 8), Edit::Compare(2), Edit::Compare(3)]);
        let (two, three) = state.runs.pair().unwrap();
        assert_eq!((two.delivery.clone(), two.trial.now, three.trial.now), (three.delivery.clone(), 7, 8));
    }

    #[test]
    fn what_cannot_be_done_changes_nothing_and_is_no_run() {
        for edit in [Edit::Paste("hello".into(), 1), Edit::Break(Breakage::OldTimestamp, 1), Edit::Sign(1)] {
            let state = after(Rc::default(), [edit]);
            assert!(state.refused.is_some());
            assert_eq!((&*state.delivery, state.runs.iter().count()), (&Delivery::default(), 0));
        }
    }

    #[test]
    fn what_should_be_known_of_a_paste_is_said_until_it_is_signed_anew() {
        let page = "X-GitHub-Event: push\nX-Hub-Signature-256: sha256=00\nPayload\n{\n\"a\": 1\n}";
        let state = after(Rc::default(), [Edit::Secret("s".into()), Edit::Paste(page.into(), 1)]);
        assert_eq!((state.remarks.len(), state.runs.iter().count()), (1, 1));
        assert!(state.remarks[0].contains("sign it anew"));
        assert!(after(state, [Edit::Sign(2)]).remarks.is_empty());
    }
}
