//! What the tests that cross crates share.

pub mod browser;
pub mod function;
pub mod pushbox;
