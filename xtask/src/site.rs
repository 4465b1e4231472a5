//! A static site in memory: what the page is made of, before it is written anywhere.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The file that holds the hash of all the others. It is written last, so whoever sees it change sees the new page.
const STAMP: &str = "build.txt";

/// Contents by relative path, with `/` between folders.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Site {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Adds the files below a folder, except hidden ones. A folder that does not exist adds none.
    pub(crate) fn add_folder(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        for file in files_below(folder)? {
            let relative = file.strip_prefix(folder).expect("it was found below the folder");
            let name = relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            self.add_file(&file, format!("{prefix}{name}"))?;
        }
        Ok(())
    }

    pub(crate) fn add_file(&mut self, file: &Path, name: String) -> Result<()> {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let before = self.files.insert(name, content);
        anyhow::ensure!(before.is_none(), "{} would replace another file of the page", file.display());
        Ok(())
    }

    /// Makes the folder hold this site and nothing else. Only what differs is written, the stamp last.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        for (name, content) in &self.files {
            let file = folder.join(name);
            if fs::read(&file).is_ok_and(|old| old == *content) {
                continue;
            }
            replace(&file, content)?;
        }
        for file in files_below(folder)? {
            let known = self.files.keys().any(|name| folder.join(name) == file);
            if !known && file != folder.join(STAMP) {
                fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
            }
        }
        replace(&folder.join(STAMP), self.hash().as_bytes())
    }

    fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (name, content) in &self.files {
            hash.update(format!("{name}\0{}\0", content.len()));
            hash.update(content);
        }
        hex::encode(hash.finalize())
    }
}

/// Writes a file so that a reader sees the old content or the new one, never a part.
fn replace(file: &Path, content: &[u8]) -> Result<()> {
    let folder = file.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let new = folder.join(".new");
    fs::write(&new, content)
        .and_then(|()| fs::rename(&new, file))
        .with_context(|| format!("cannot write {}", file.display()))
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
