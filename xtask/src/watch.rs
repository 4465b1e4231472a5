//! What changed in the sources.

use anyhow::{Context, Result};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// An editor's "save all" and a `git checkout` are one change: it is over when nothing was written for this long.
const QUIET: Duration = Duration::from_millis(150);

/// What must be built again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Changed {
    pub(crate) page: bool,
    pub(crate) server: bool,
}

pub(crate) struct Watch {
    root: PathBuf,
    events: Receiver<notify::Result<Event>>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    pub(crate) fn start(root: &Path) -> Result<Watch> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender).context("cannot watch files")?;
        watcher.watch(root, RecursiveMode::NonRecursive)?;
        for folder in ["web", "shared", "cli", "ec2-sim", "samples"].map(|folder| root.join(folder)) {
            if folder.exists() {
                let watched = watcher.watch(&folder, RecursiveMode::Recursive);
                watched.with_context(|| format!("cannot watch {}", folder.display()))?;
            }
        }
        Ok(Watch { root: root.to_owned(), events, _watcher: watcher })
    }

    /// Waits for a change, and until it is complete.
    pub(crate) fn next(&self) -> Result<Changed> {
        let mut changed = Changed::default();
        loop {
            let event = if changed == Changed::default() {
                self.events.recv()?
            } else {
                match self.events.recv_timeout(QUIET) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => return Ok(changed),
                    Err(gone @ RecvTimeoutError::Disconnected) => return Err(gone.into()),
                }
            };
            let event = event.context("cannot watch files")?;
            // Building reads the sources: only writes count.
            if event.kind.is_access() {
                continue;
            }
            for path in &event.paths {
                let what = concerns(path.strip_prefix(&self.root).unwrap_or(path));
                changed = Changed { page: changed.page || what.page, server: changed.server || what.server };
            }
        }
    }
}

/// What is built from the file at this path below the root.
fn concerns(path: &Path) -> Changed {
    let is_scratch = path.file_name().is_none_or(|name| {
        let name = name.to_string_lossy();
        name.starts_with('.') || name.ends_with('~') || name.ends_with(".swp")
    });
    let first = path.iter().next().map(|part| part.to_string_lossy()).unwrap_or_default();
    match &*first {
        _ if is_scratch => Changed::default(),
        "web" | "samples" | "index.html" => Changed { page: true, server: false },
        "cli" | "ec2-sim" => Changed { page: false, server: true },
        "shared" | "Cargo.toml" | "Cargo.lock" => Changed { page: true, server: true },
        _ => Changed::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, page: bool, server: bool) {
        assert_eq!(concerns(Path::new(path)), Changed { page, server }, "{path}");
    }

    #[test]
    fn each_source_rebuilds_what_is_made_of_it() {
        check("web/src/main.rs", true, false);
        check("index.html", true, false);
        check("samples/github/push.json", true, false);
        check("cli/src/main.rs", false, true);
        check("ec2-sim/src/lib.rs", false, true);
        check("shared/src/config.rs", true, true);
        check("Cargo.lock", true, true);
    }

    #[test]
    fn what_editors_and_builds_leave_behind_rebuilds_nothing() {
        check("web/src/.main.rs.swp", false, false);
        check("web/src/main.rs~", false, false);
        check("target/debug", false, false);
        check("dist/index.html", false, false);
        check("", false, false);
    }
}
