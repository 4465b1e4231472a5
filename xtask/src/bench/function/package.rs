//! The zip that Lambda is given, and what it weighs.

use crate::function_zip;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// In bytes.
pub(super) struct Weight {
    pub(super) program: usize,
    pub(super) zip: usize,
}

/// Writes the zip of a program, as `bootstrap`.
pub(super) fn write(program: &Path, zip: &Path) -> Result<Weight> {
    let content = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let packed = function_zip::packed(&content)?;
    fs::write(zip, &packed).with_context(|| format!("cannot write {}", zip.display()))?;
    Ok(Weight { program: content.len(), zip: packed.len() })
}
