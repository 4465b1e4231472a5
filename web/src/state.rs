//! The state of the page and everything that can happen to it, as one pure reducer; likewise the tryout's, an app of its own.

mod action;
mod address;
mod change;
mod page;
mod reduce;
mod rows;
#[cfg(test)]
mod tests;
pub mod tryout;

pub use crate::model::edit::RowEdit;
pub use action::Action;
pub use page::{Access, Address, Annex, Form, Kept, Past, Preview, State, View};
