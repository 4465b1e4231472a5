//! `dist`: the page as a static site for any host, also below a path, with the function's program beside it. The same
//! sources give the same bytes.

use crate::page::{self, Kind};
use crate::site::Site;
use crate::tree::Tree;
use crate::weight::Weight;
use crate::{compress, function_zip, hashed, need, offline, verify};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The folder to write, instead of `dist` at the root; what an earlier dist left there is removed
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Leave out the function's program, which takes minutes to build
    #[arg(long)]
    page_only: bool,
    /// Build everything twice from scratch, and compare the bytes
    #[arg(long)]
    verify: bool,
    /// Note what the first visit weighs in xtask/weight.txt, with which the tests compare
    #[arg(long)]
    keep_weight: bool,
}

pub(crate) struct Dist {
    pub(crate) site: Site,
    /// The function for each of Lambda's processors that it could be built for, by name. The page puts the config in.
    pub(crate) zips: BTreeMap<String, Vec<u8>>,
}

/// The bytes of one file on its way to a browser.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

pub(crate) fn dist(tree: &Tree, options: &Options) -> Result<()> {
    let folder = options.out.clone().unwrap_or_else(|| tree.root.join("dist"));
    let build = if options.page_only { page_alone } else { build };
    let dist = if options.verify { verify::twice(tree, build)? } else { build(tree)? };
    let weight = write_all(&dist, &folder)?;
    if options.keep_weight {
        weight.keep(tree)?;
    }
    println!("wrote {}", tree.shown(&folder));
    Ok(())
}

/// A function that cannot be built here is left out, and the reason said.
pub(crate) fn build(tree: &Tree) -> Result<Dist> {
    let mut dist = page_alone(tree)?;
    for (lambda, processor) in function_zip::PROCESSORS {
        let name = function_zip::name(lambda);
        match function_zip::build(tree, processor) {
            Ok(zip) => _ = dist.zips.insert(name, zip),
            Err(error) => eprintln!("{name} is left out: {error:#}; the page will say that it is not there"),
        }
    }
    Ok(dist)
}

fn page_alone(tree: &Tree) -> Result<Dist> {
    need::wasm_target()?;
    Ok(Dist { site: page::build(tree, Kind::Release)?, zips: BTreeMap::new() })
}

pub(crate) fn write_all(dist: &Dist, folder: &Path) -> Result<Weight> {
    let weight = write(&dist.site, folder)?;
    for (name, zip) in &dist.zips {
        // It is compressed, and keeps its name, by which the page asks for it.
        let file = folder.join(name);
        fs::write(&file, zip).with_context(|| format!("cannot write {}", file.display()))?;
        println!("{name:<36} {:>9}", zip.len());
    }
    Ok(weight)
}

/// Writes the site and its compressed copies, prints what each weighs, and gives the weight of the first visit.
pub(crate) fn write(site: &Site, folder: &Path) -> Result<Weight> {
    let hashed::Hashed { mut site, first_visit } = hashed::hashed(&offline::asked_for(site)?, page::LATER)?;
    let worker = offline::worker(&site)?;
    site.files.insert(offline::WORKER.to_owned(), worker.into_bytes());
    empty(folder, "dist", &["index.html.br", "index.html.gz"])?;
    let mut sizes = BTreeMap::new();
    for (name, content) in &site.files {
        sizes.insert(name.as_str(), write_file(&folder.join(name), content)?);
    }
    print(&sizes, &first_visit);
    Ok(first_visit.into_iter().map(|(name, new_name)| (name, sizes[new_name.as_str()].brotli)).collect())
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

fn print(sizes: &BTreeMap<&str, Size>, first_visit: &BTreeMap<String, String>) {
    let row =
        |name: &str, size: Size| println!("{name:<36} {:>9} {:>9} {:>9}", size.raw, size.gzip, size.brotli);
    println!("{:<36} {:>9} {:>9} {:>9}", "bytes", "raw", "gzip", "brotli");
    let is_worker = |(name, _): &(&&str, &Size)| **name == offline::WORKER;
    let (first, later): (Vec<_>, Vec<_>) = sizes
        .iter()
        .filter(|file| !is_worker(file))
        .partition(|(name, _)| first_visit.values().any(|first| first == *name));
    for (name, size) in &first {
        row(name, **size);
    }
    row("the first visit", sum(&first));
    if !later.is_empty() {
        row(&format!("fetched when asked for: {} files", later.len()), sum(&later));
    }
    // Nobody waits for it, nor for the others, which it fetches then.
    let worker: Vec<_> = sizes.iter().filter(is_worker).collect();
    row("when idle, and then all the others", sum(&worker));
}

fn sum(sizes: &[(&&str, &Size)]) -> Size {
    sizes.iter().fold(Size::default(), |sum, (_, size)| Size {
        raw: sum.raw + size.raw,
        gzip: sum.gzip + size.gzip,
        brotli: sum.brotli + size.brotli,
    })
}

/// Removes what an earlier run of that command wrote, which is known by these files, and never anything else.
pub(crate) fn empty(folder: &Path, command: &str, signs: &[&str]) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let mut files = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    if !signs.iter().all(|sign| folder.join(sign).exists()) && files.next().is_some() {
        bail!(
            "{} is not empty, and not the work of an earlier {command}: remove it, or name another with --out",
            folder.display()
        );
    }
    fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))
}
