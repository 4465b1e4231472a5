//! A part of one processor, as Lambda gives it: a control group with a quota. Its first budget is fresh, so each run has its own.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Of a processor's time: a function has a whole one from 1,769 MB on, and 128 MB get 7.2 % of that.
/// Source: "Configure Lambda function memory".
const QUOTA_US: u32 = 7_200;
const PERIOD_US: u32 = 100_000;

static COUNT: AtomicU32 = AtomicU32::new(0);

pub(super) struct Share(PathBuf);

impl Share {
    /// The error says why there can be none here: it takes root, and a kernel that has control groups of the CPU.
    pub(super) fn new() -> Result<Share> {
        Share::below(Path::new("/sys/fs/cgroup"))
    }

    fn below(root: &Path) -> Result<Share> {
        let name = format!("pushbox-bench-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let controllers = fs::read_to_string(root.join("cgroup.controllers")).ok();
        let version_2 = controllers.is_some_and(|all| all.split_whitespace().any(|one| one == "cpu"));
        let folder = if version_2 { root.join(name) } else { root.join("cpu").join(name) };
        if version_2 {
            write(&root.join("cgroup.subtree_control"), "+cpu")?;
        } else {
            ensure!(root.join("cpu").exists(), "there is no control group of the CPU in {}", root.display());
        }
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let share = Share(folder);
        // The weight is the largest that there is: the part is had whatever else the machine does.
        if version_2 {
            write(&share.0.join("cpu.max"), &format!("{QUOTA_US} {PERIOD_US}"))?;
            write(&share.0.join("cpu.weight"), "10000")?;
        } else {
            write(&share.0.join("cpu.cfs_period_us"), &PERIOD_US.to_string())?;
            write(&share.0.join("cpu.cfs_quota_us"), &QUOTA_US.to_string())?;
            write(&share.0.join("cpu.shares"), "262144")?;
        }
        Ok(share)
    }

    /// A process that writes its id into this file gets that share.
    pub(super) fn members(&self) -> PathBuf {
        self.0.join("cgroup.procs")
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // Its files are the kernel's and go with it.
        if let Err(error) = fs::remove_dir(&self.0) {
            eprintln!("{} stays: {error}", self.0.display());
        }
    }
}

fn write(file: &Path, content: &str) -> Result<()> {
    fs::write(file, content).with_context(|| format!("cannot write {content} to {}", file.display()))
}
