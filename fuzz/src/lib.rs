//! What the fuzz targets share, which is what the property tests of `pushbox-webhook` hold: each input is judged, and whatever
//! deploys must be an authentic push of the wanted ref of the right repository.

#![allow(clippy::unwrap_used, reason = "all of it is tests, helpers too")]
#![allow(dead_code, reason = "the property tests use the rest")]

#[path = "../../shared/webhook/tests/properties/fuzzed.rs"]
mod fuzzed;
#[path = "../../shared/webhook/tests/properties/holds.rs"]
mod holds;
#[path = "../../shared/webhook/tests/properties/packed.rs"]
mod packed;
#[path = "../../shared/webhook/tests/properties/samples.rs"]
mod samples;
#[path = "../../shared/webhook/tests/wants/wants.rs"]
mod wants;
#[path = "../../shared/webhook/tests/properties/wire.rs"]
mod wire;

pub mod corpus;

/// Any request, written as in `wire`.
pub fn request(input: &[u8]) {
    fuzzed::request(input);
}

/// A line with an event and then a body, for a provider by its name.
pub fn body(provider: &str, input: &[u8]) {
    fuzzed::body(provider.parse().expect("a provider"), input);
}
