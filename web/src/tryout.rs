//! The state of the tryout, which is an app of its own, and everything that can happen to it, as one pure reducer.

use std::rc::Rc;

use pushbox_shared::config::Config;
use pushbox_shared::ec2;
use pushbox_shared::webhook::Provider;
use yew::{Reducible, UseReducerDispatcher};

use crate::model::samples::Sample;
use crate::model::tryout::{Body, Delivery, Trial};

pub type Dispatch = UseReducerDispatcher<State>;

#[derive(Clone, Default, PartialEq)]
pub struct State {
    /// What the form says.
    pub config: Rc<Config>,
    pub delivery: Rc<Delivery>,
    /// Follows from `delivery` and `config` since somebody tried it.
    pub trial: Option<Rc<Trial>>,
    /// Why a delivery could not be signed.
    pub refused: Option<Rc<str>>,
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
    /// Taken over, signed and tried at that time, in seconds since 1970.
    Sample(Rc<Sample>, u64),
    Sign(u64),
    BreakSignature,
    Try(u64),
}

impl Reducible for State {
    type Action = Edit;

    fn reduce(self: Rc<State>, edit: Edit) -> Rc<State> {
        let mut state = State::clone(&self);
        // What was tried once follows every change, at the time of that try.
        let tried_at = match &edit {
            Edit::Try(now) | Edit::Sample(_, now) => Some(*now),
            _ => self.trial.as_ref().map(|trial| trial.now),
        };
        if let Edit::Config(config) = edit {
            state.config = config;
        } else {
            let delivery = Rc::make_mut(&mut state.delivery);
            state.refused = edit_delivery(delivery, edit).err().map(Rc::from);
        }
        state.trial = tried_at.map(|now| Rc::new(state.delivery.try_out(&state.config, now)));
        Rc::new(state)
    }
}

/// Says why nothing changed, if so.
fn edit_delivery(delivery: &mut Delivery, edit: Edit) -> Result<(), String> {
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
        Edit::BreakSignature => delivery.headers = delivery.broken()?.into(),
        Edit::Config(_) | Edit::Try(_) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use pushbox_shared::config::read;
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
        let state = signed.into_iter().fold(Rc::new(State::default()), Reducible::reduce);
        assert!(state.trial.is_none(), "nobody tried it");
        let tried = state.reduce(Edit::Try(7));
        let now = Rc::clone(&tried).reduce(config_of("https://github.com/usil/bar"));
        assert_eq!(now.config.repo.url, "https://github.com/usil/bar");
        assert_eq!(now.trial.as_deref().map(|trial| trial.now), Some(7));
        let later = Rc::clone(&now).reduce(Edit::Secret("other".into()));
        assert_ne!(later.trial, now.trial, "another secret is another outcome");
    }
}
