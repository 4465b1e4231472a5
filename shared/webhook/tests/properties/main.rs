//! What must hold of `pushbox_webhook` whatever it is given: of every provider there is and every sample, so that a new one
//! is held to it without another line. The fuzz targets in `fuzz/` include the first five modules.

#![allow(clippy::unwrap_used, reason = "all of it is tests, helpers too")]

#[path = "../wants/wants.rs"]
mod wants;

mod fuzzed;
mod holds;
mod packed;
mod samples;
mod wire;

mod any_bytes;
mod authentic;
mod edit;
mod edited;
mod replay;
