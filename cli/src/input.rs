//! Files that commands are given.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow, bail};
use pushbox_shared::checked;
use pushbox_shared::config::Config;
use pushbox_shared::http::Headers;
use pushbox_shared::unix_time::UnixTime;
use serde_json::Value;

/// The file's bytes; `-` is standard input.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut all = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut all)
            .context("standard input cannot be read")?;
        return Ok(all);
    }
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// A config without problems; otherwise all of them, one a line.
pub(crate) fn config(path: &Path) -> Result<Config> {
    checked::load(&bytes(path)?)
        .map_err(|problems| anyhow!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

/// A JSON object of names and texts.
pub(crate) fn headers(path: &Path) -> Result<Headers> {
    let json: Value = serde_json::from_slice(&bytes(path)?)
        .with_context(|| format!("{}: expected a JSON object of header names and values", path.display()))?;
    let Value::Object(members) = json else {
        bail!("{}: expected a JSON object of header names and values", path.display());
    };
    let pairs = members.into_iter().map(|(name, value)| match value {
        Value::String(text) => Ok((name, text)),
        other => Err(anyhow!("{}: the value of {name} must be a text, found {other}", path.display())),
    });
    pairs.collect()
}

/// What was given, in seconds since 1970, or now.
pub(crate) fn time(given: Option<u64>) -> UnixTime {
    given.map_or_else(now, UnixTime::from_secs)
}

pub(crate) fn now() -> UnixTime {
    UnixTime::after_epoch(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}
