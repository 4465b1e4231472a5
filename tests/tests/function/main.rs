//! The real function, `bootstrap`, as AWS runs it: behind a Lambda, with AWS's own SDK against an EC2.

mod elastic;
mod load;
mod moto;
mod parity;
mod push;
mod requests;
mod simulated;
mod start;
mod trouble;
mod zip;
