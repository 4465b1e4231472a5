//! `dist`: the page as a static site for any host, also below a path. The same sources give the same bytes.

use crate::page::{self, Kind};
use crate::site::Site;
use crate::tree::Tree;
use crate::{compress, hashed, need};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The folder to write, instead of `dist` at the root; what an earlier dist left there is removed
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// The bytes of one file on its way to a browser.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

pub(crate) fn dist(tree: &Tree, options: &Options) -> Result<()> {
    need::wasm_target()?;
    let folder = options.out.clone().unwrap_or_else(|| tree.root.join("dist"));
    let site = page::build(tree, Kind::Release)?;
    write(&site, &folder)?;
    println!("wrote {}", tree.shown(&folder));
    Ok(())
}

/// Writes the site and its compressed copies, and prints what each weighs.
pub(crate) fn write(site: &Site, folder: &Path) -> Result<()> {
    let hashed::Hashed { site, first_visit } = hashed::hashed(site)?;
    empty(folder)?;
    let mut sizes = BTreeMap::new();
    for (name, content) in &site.files {
        sizes.insert(name.as_str(), write_file(&folder.join(name), content)?);
    }
    print(&sizes, &first_visit);
    Ok(())
}

fn write_file(file: &Path, content: &[u8]) -> Result<Size> {
    fs::create_dir_all(file.parent().expect("a file is in a folder"))?;
    let write = |extension: &str, content: &[u8]| {
        let file = PathBuf::from(format!("{}{extension}", file.display()));
        fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))
    };
    write("", content)?;
    let copy = |extension: &str, compressed: Vec<u8>| {
        // A copy that saves nothing (an image, a file of a few bytes) is left out.
        if compressed.len() >= content.len() {
            return Ok(content.len());
        }
        write(extension, &compressed).map(|()| compressed.len())
    };
    Ok(Size {
        raw: content.len(),
        gzip: copy(".gz", compress::gzip(content)?)?,
        brotli: copy(".br", compress::brotli(content)?)?,
    })
}

/// Removes what an earlier `dist` wrote, and never anything else.
fn empty(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let is_dist = folder.join("index.html.br").exists() && folder.join("index.html.gz").exists();
    if !is_dist
        && fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?.next().is_some()
    {
        bail!(
            "{} is not empty, and not the work of an earlier dist: remove it, or name another with --out",
            folder.display()
        );
    }
    fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))
}

fn print(sizes: &BTreeMap<&str, Size>, first_visit: &[String]) {
    let row =
        |name: &str, size: Size| println!("{name:<36} {:>9} {:>9} {:>9}", size.raw, size.gzip, size.brotli);
    println!("{:<36} {:>9} {:>9} {:>9}", "bytes", "raw", "gzip", "brotli");
    let (first, later): (Vec<_>, Vec<_>) =
        sizes.iter().partition(|(name, _)| first_visit.iter().any(|first| first == *name));
    for (name, size) in &first {
        row(name, **size);
    }
    row("the first visit", sum(&first));
    if !later.is_empty() {
        row(&format!("fetched when asked for: {} files", later.len()), sum(&later));
    }
}

fn sum(sizes: &[(&&str, &Size)]) -> Size {
    sizes.iter().fold(Size::default(), |sum, (_, size)| Size {
        raw: sum.raw + size.raw,
        gzip: sum.gzip + size.gzip,
        brotli: sum.brotli + size.brotli,
    })
}
