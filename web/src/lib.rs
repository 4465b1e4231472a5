//! The page: a form, the script that will run, and a place to try deliveries. What is typed never leaves it.

pub mod app;
pub mod browser;
pub mod components;
pub mod model;
pub mod state;
