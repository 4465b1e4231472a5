//! The pure core of pushbox: what two of page, command line and function use.
//!
//! It does no I/O, reads no clock, draws no randomness, is never async and never panics, whatever it is given.

pub mod assume;
pub mod checked;
mod conditions;
pub mod config;
pub mod cost;
pub mod day;
pub mod ec2;
pub mod export;
pub mod gzip;
pub mod handler;
pub mod image;
pub mod machine;
pub mod plan;
pub mod protocol;
pub mod region;
pub mod secrets;
pub mod setup;
pub mod user_data;

/// The reading of deliveries, and what it stands on, is a crate of its own.
pub use pushbox_webhook::{self as webhook, git_host, hash, http, pattern, percent, repo_url, unix_time};
