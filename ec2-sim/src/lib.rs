//! A strict EC2 in one process: the calls that pushbox makes, with EC2's states, limits, error codes and texts.
//!
//! [`World`] is deterministic and synchronous: it reads no clock (every method takes `now`, the time since 1970) and draws
//! no randomness, so the same calls at the same times give the same answers. [`http`] puts the EC2 Query API in front of
//! the same world, for real SDKs.
//!
//! Where the world has a policy, every call is put before IAM as EC2 does it. What goes wrong is planned by the caller
//! ([`Faults`]); time, too, is the caller's.
//!
//! Where a fact about EC2 is not known here (which key pairs, subnets, security groups or images of their own somebody
//! has), a well-formed name is accepted; an id of zeros alone never exists. A parameter that is not modelled is refused, never ignored.

mod action;
mod address;
mod answer;
mod capacity;
mod console;
mod describe;
mod faults;
mod glob;
pub mod http;
mod iam;
mod image;
mod instance;
mod launch;
mod log;
mod parse;
mod query;
mod refusal;
mod tags;
mod throttle;
mod token;
mod world;

pub use action::{Action, Answer, Change, Console, Describe, DescribeUserData, Page, Seen};
pub use address::{AllocateAddress, Association, Elastic};
pub use faults::{Fault, Faults, Which};
pub use iam::{ACCOUNT, Policy};
pub use image::Image;
pub use log::{KEPT, Logged};
pub use throttle::{Bucket, Throttling};
pub use world::{World, WorldOptions};
