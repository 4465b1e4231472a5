//! `dist --verify`: everything is built twice from scratch, in folders of their own, and must have the same bytes.

use crate::dist::Dist;
use crate::tree::Tree;
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;

/// Names of different lengths, so that a folder's name in the bytes shows.
const FOLDERS: [&str; 2] = ["one", "another"];

/// What both builds made.
pub(crate) fn twice(tree: &Tree, build: fn(&Tree) -> Result<Dist>) -> Result<Dist> {
    let [one, another] = FOLDERS.map(|name| from_scratch(tree, name, build));
    let (one, another) = (one?, another?);
    let names: BTreeSet<&String> = names(&one).chain(names(&another)).collect();
    let mut different = Vec::new();
    for name in &names {
        let (one, another) = (content(&one, name), content(&another, name));
        println!("{} {name}", one.map(|content| hex::encode(Sha256::digest(content))).unwrap_or_default());
        if one != another {
            different.push(name.as_str());
        }
    }
    ensure!(
        different.is_empty(),
        "two builds of the same sources differ in {}; look for a path, a time or an order in them",
        different.join(", ")
    );
    println!("{} files have the same bytes in both builds", names.len());
    Ok(one)
}

fn from_scratch(tree: &Tree, name: &str, build: fn(&Tree) -> Result<Dist>) -> Result<Dist> {
    let target = tree.target.join("verify").join(name);
    let remove = || match target.exists() {
        true => fs::remove_dir_all(&target).with_context(|| format!("cannot remove {}", target.display())),
        false => Ok(()),
    };
    remove()?;
    println!("building in {}", target.display());
    let dist = build(&Tree { root: tree.root.clone(), target: target.clone() })?;
    remove()?;
    Ok(dist)
}

fn names(dist: &Dist) -> impl Iterator<Item = &String> {
    dist.site.files.keys().chain(dist.zips.keys())
}

fn content<'a>(dist: &'a Dist, name: &str) -> Option<&'a Vec<u8>> {
    dist.site.files.get(name).or_else(|| dist.zips.get(name))
}
