//! What can be wrong with the value of a field by itself, and the words for it.

use std::borrow::Cow;

use serde_json::Value;
use thiserror::Error;

use super::problem::{Kind, Part, Problem};
use super::schedule::ScheduleError;
use super::shown::{describe, quoted};

/// The texts are what people read behind the field's path: what was expected, what was found and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("is missing; give the app a name such as my_app")]
    NoApp,
    #[error("is missing; paste the address you would give to git clone")]
    NoUrl,
    /// Found is in words, or in quotes.
    #[error("expected {expected}, found {found}")]
    Unlike { expected: Cow<'static, str>, found: String },
    /// The same of a value that has another type, or is outside the range of its number.
    #[error("expected {expected}, found {found}")]
    OtherType { expected: Cow<'static, str>, found: String },
    #[error("expected a text, found {found}; put it in quotes")]
    Unquoted { found: String },
    #[error("{0}")]
    RepoUrl(String),
    /// What is found is not repeated here: it may be a password.
    #[error(
        "holds a user or password, which everybody who sees the script could read; remove what stands before the @"
    )]
    Password,
    #[error("expected refs/heads/… or refs/tags/…, found {found}; write refs/heads/{name}")]
    NoFullRef { found: String, name: String },
    #[error("the value of {name} holds a NUL character, which no environment variable can; remove it")]
    Nul { name: String },
    #[error("port {0} of the box is taken by pushbox itself; choose another")]
    PortTaken(String),
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    #[error("is not known here; expected name, value or secret")]
    UnknownMember,
    #[error("a secret's value does not belong in a config; remove it here and put it into Parameter Store")]
    SecretWithValue,
    #[error("{name} has neither a value nor \"secret\": true; add one of them")]
    NoValue { name: String },
}

impl Fault {
    pub(super) fn unlike(expected: impl Into<Cow<'static, str>>, found: &str) -> Fault {
        Fault::Unlike { expected: expected.into(), found: quoted(found) }
    }

    pub(super) fn other_type(expected: impl Into<Cow<'static, str>>, found: &Value) -> Fault {
        Fault::OtherType { expected: expected.into(), found: describe(found) }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Fault::NoApp | Fault::NoUrl => Kind::Missing,
            Fault::OtherType { .. } | Fault::Unquoted { .. } => Kind::Type,
            Fault::UnknownMember => Kind::Unknown,
            Fault::SecretWithValue => Kind::Conflict,
            Fault::Unlike { .. }
            | Fault::RepoUrl(_)
            | Fault::Password
            | Fault::NoFullRef { .. }
            | Fault::Nul { .. }
            | Fault::PortTaken(_)
            | Fault::Schedule(_)
            | Fault::NoValue { .. } => Kind::Value,
        }
    }
}

/// A fault, and where it is below its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// `[2].name`, mostly empty.
    pub below: String,
    pub part: Part,
    pub fault: Fault,
}

impl Wrong {
    pub(super) fn new(below: impl Into<String>, part: Part, fault: Fault) -> Wrong {
        Wrong { below: below.into(), part, fault }
    }

    /// As a problem of the field at that path.
    pub(super) fn at(self, path: &str) -> Problem {
        let path = path.to_string() + &self.below;
        Problem::new(path, self.fault.kind(), self.fault.to_string()).of(self.part)
    }
}
