//! What the tests that cross crates share.

pub mod app;
pub mod axe;
pub mod base_zip;
pub mod browser;
pub mod cloud;
pub mod function;
pub mod metadata;
pub mod month;
pub mod moto;
pub mod origin;
pub mod pushbox;
pub mod unzip;
// Namespaces are Linux's.
#[cfg(target_os = "linux")]
pub mod machine;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
pub mod sandbox;
#[cfg(target_os = "linux")]
mod shell;
pub mod signature;
pub mod static_host;
