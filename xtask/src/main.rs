//! Build, run, test, dist.

fn main() {}
