//! What `shared` makes of data that others made: real deliveries, signature vectors, and the project's own samples.

#![allow(clippy::unwrap_used, reason = "all of it is tests, helpers too")]

mod corpus;
mod deliveries;
mod golden;
mod payloads;
mod samples;
mod table;
mod vectors;
