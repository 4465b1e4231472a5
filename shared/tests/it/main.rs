//! What `shared` makes of data that others made: real deliveries, signature vectors, and the project's own samples.

mod corpus;
mod golden;
mod payloads;
mod samples;
mod vectors;
