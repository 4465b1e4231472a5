//! The tryout: one delivery, the secret and box that are assumed, and what the function would make of it.

mod command;
mod compare;
mod curl;
mod delivery;
mod fixture;
mod outcome;
pub mod paste;
mod pasted;
mod plan;
pub mod runs;
#[cfg(test)]
mod tests;
mod trial;

pub use command::headers_file;
pub use compare::{Line, Part, Side, compare};
pub use curl::BODY_FILE;
pub use delivery::{Body, Delivery, Since};
pub use fixture::FILE as FIXTURE_FILE;
pub use outcome::{Outcome, Tone};
pub use pasted::{Pasted, Source};
pub use plan::{aws_commands, explain};
pub use trial::Trial;
