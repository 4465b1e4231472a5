//! Inputs to start from, and those worth keeping.

use std::fs;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

use pushbox_webhook::hash::sha256_hex;
use pushbox_webhook::http::Request;
use pushbox_webhook::{Provider, SignOptions, sign};

use crate::packed::{escaped, pack, unpack};
use crate::samples::{NOW, SAMPLES, SECRET};
use crate::wire;

/// Writes one file an input into `<folder>/<target>`: the samples and the inputs that were kept before.
pub fn seeds(folder: &Path) -> Result<()> {
    for sample in SAMPLES.iter() {
        let event = sample.event.as_deref().unwrap_or_default();
        seed(folder, "request", &wire::write(&sample.request()))?;
        seed(folder, sample.provider.name(), format!("{event}\n{}", sample.content()).as_bytes())?;
    }
    for entry in fs::read_dir(packed_folder())? {
        let file = entry?.path();
        if let (Some("txt"), Some(target)) = (text(file.extension()), text(file.file_stem())) {
            unpack(&fs::read_to_string(&file)?).iter().try_for_each(|input| seed(folder, target, input))?;
        }
    }
    Ok(())
}

/// Real deliveries of other projects as well. What grows from them stays out of the repository.
pub fn payloads(folder: &Path, payloads: &Path) -> Result<()> {
    for line in fs::read_to_string(payloads.join("manifest.tsv"))?.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, _source, provider, ..] = columns[..] else { continue };
        // Some rows are about files whose licence keeps them out of the folder.
        let (Ok(provider), Ok(body)) = (provider.parse::<Provider>(), fs::read(payloads.join(path))) else {
            continue;
        };
        seed(folder, provider.name(), &[b"\n", &body[..]].concat())?;
        let options = SignOptions { now: NOW, ..SignOptions::default() };
        let headers = sign(provider, SECRET, &body, &options).map_err(Error::other)?;
        let request =
            Request { method: "POST".into(), path: "/hook".into(), headers, body, ..Request::default() };
        seed(folder, "request", &wire::write(&request))?;
    }
    Ok(())
}

/// Packs the inputs in a folder into the file that is committed: the shortest first, as many as are allowed.
pub fn keep(target: &str, inputs: &Path, most_bytes: usize) -> Result<()> {
    let files: Vec<PathBuf> = fs::read_dir(inputs)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let mut inputs: Vec<Vec<u8>> = files.iter().map(fs::read).collect::<Result<_>>()?;
    inputs.sort_by(|one, two| (one.len(), one).cmp(&(two.len(), two)));
    let mut left = most_bytes;
    let all = inputs.len();
    inputs.retain(|input| {
        let length = escaped(input).len() + 1;
        let fits = length <= left;
        left -= if fits { length } else { 0 };
        fits
    });
    println!("{target}: kept {} inputs of {all}", inputs.len());
    fs::write(packed_folder().join(format!("{target}.txt")), pack(&inputs))
}

fn packed_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn seed(folder: &Path, target: &str, input: &[u8]) -> Result<()> {
    let folder = folder.join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(sha256_hex(input)), input)
}

fn text(name: Option<&std::ffi::OsStr>) -> Option<&str> {
    name.and_then(std::ffi::OsStr::to_str)
}
