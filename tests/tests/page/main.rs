//! The page in a browser: what a person does, and that the page and the command line say the same.

mod access;
mod annex;
mod bad_input;
mod cost;
mod drafts;
mod explain;
mod form;
mod history;
mod hostile;
mod import;
mod keyboard;
mod link;
mod offline;
mod outputs;
mod parity;
mod phone;
mod speed;
mod trust;
mod tryout;
