//! The page: a form, the script that will run, and a place to try deliveries. What is typed never leaves it.
//!
//! It is two programs: the page itself, `main.rs`, and what few visitors ask for, `bin/pushbox-annex.rs`.

pub mod annex;
pub mod app;
pub mod browser;
pub mod components;
pub mod dispatch;
pub mod doors;
pub mod making;
pub mod model;
pub mod state;

/// Less than half as large as the standard library's.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
