//! pushbox for terminals and CI, and the local run.

fn main() {}
