//! Deliveries: who sent one, whether it is authentic, what it says, and what follows from it.
//!
//! [`judge`] is pure in delivery, [`Wanted`] and time: nothing here does I/O, reads a clock, draws randomness or panics,
//! whatever it is given.

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

pub mod git_host;
pub mod hash;
pub mod http;
pub mod pattern;
pub mod percent;
pub mod repo_url;
pub mod unix_time;

mod body;
mod breakage;
mod detect;
mod gates;
mod json;
mod judge;
mod judgement;
mod mac;
mod parse;
mod provider;
mod sign;
mod verify;
mod wanted;

pub use breakage::{Breakage, PROOFS};
pub use detect::detect;
pub use judge::{BODY_LIMIT, judge, judge_openly};
pub use judgement::{
    Action, Auth, Author, Event, Gate, Judgement, Problem, RefChange, RefKind, Repo, Verdict,
};
pub use provider::Provider;
pub use sign::{SignOptions, sign};
pub use verify::verify;
pub use wanted::Wanted;

#[cfg(test)]
mod tests;
#[cfg(test)]
#[path = "../tests/wants/wants.rs"]
mod wants;

/// So that `wants` finds the crate by its name, as the other tests do.
#[cfg(test)]
extern crate self as pushbox_webhook;
