//! What is made of data that others made: real deliveries, signature vectors, and the project's own samples.

#![allow(clippy::unwrap_used, reason = "all of it is tests, helpers too")]

#[path = "../wants/wants.rs"]
mod wants;

mod corpus;
mod golden;
mod payloads;
mod samples;
mod table;
mod vectors;
