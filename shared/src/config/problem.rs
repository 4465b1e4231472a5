//! What is wrong with a config: where, of what kind, and in words for people.

use std::fmt;

/// What is wrong with a config, and where. Programs decide by all but the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `run.env[2].name`; empty if it is the file as a whole.
    pub path: String,
    pub part: Part,
    pub kind: Kind,
    /// What was expected, what was found and what to do, for people.
    pub message: String,
}

/// The part of an entry that must be mended, where entries have names and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    Name,
    Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The file is no JSON.
    Unreadable,
    /// A field that has no default, and no value either.
    Missing,
    /// A field or member that there is not.
    Unknown,
    /// JSON of another type than the field's, or a number outside its range.
    Type,
    /// A value that the field does not allow.
    Value,
    /// Fields or entries that exclude each other.
    Conflict,
    /// More than fits into the user data.
    TooLong,
}

impl Problem {
    /// A problem of the whole of what is at the path.
    pub fn new(path: impl Into<String>, kind: Kind, message: impl Into<String>) -> Problem {
        Problem { path: path.into(), part: Part::Whole, kind, message: message.into() }
    }

    #[must_use]
    pub fn of(self, part: Part) -> Problem {
        Problem { part, ..self }
    }
}

/// `path: message`
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "pushbox.json" } else { &self.path };
        write!(f, "{path}: {}", self.message)
    }
}
