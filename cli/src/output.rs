//! Standard output.

use std::io::Write;

use anyhow::{Context, Result};
use serde_json::Value;

pub(crate) fn print_json(value: &Value) -> Result<()> {
    print((serde_json::to_string_pretty(value)? + "\n").as_bytes())
}

/// A reader that has seen enough (`| head`) is no error.
pub(crate) fn print(bytes: &[u8]) -> Result<()> {
    match std::io::stdout().write_all(bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(()),
    }
}
