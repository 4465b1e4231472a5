//! What the page knows and computes without a browser: plain Rust, tested on any machine, and never an import of yew.

pub mod amount;
pub mod draft;
pub mod edit;
pub mod env_paste;
pub mod env_statement;
pub mod exports;
pub mod function_url;
pub mod header_text;
pub mod highlight;
pub mod history;
pub mod link;
pub mod pasted;
pub mod presets;
pub mod problem;
pub mod repository;
pub mod samples;
pub mod secret_names;
pub mod sheet;
pub mod steps;
pub mod suggest;
pub mod summary;
pub mod tabs;
pub mod trace;
pub mod tryout;
