//! `build`: the page and the command line as they are released.

use crate::page::{self, Kind};
use crate::tree::Tree;
use crate::{cargo, need};
use anyhow::Result;

pub(crate) fn build(tree: &Tree) -> Result<()> {
    need::wasm_target()?;
    let page = page::write(tree, Kind::Release)?;
    let programs = cargo::build(tree.cargo().args(["build", "--release", "--package=pushbox"]))?;
    println!("page    {}", tree.shown(&page));
    for program in programs.iter().filter(|program| program.name == "pushbox") {
        println!("pushbox {}", tree.shown(&program.file));
    }
    Ok(())
}
