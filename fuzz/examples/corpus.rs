//! `corpus seeds <folder> [<payloads>]` and `corpus keep <target> <folder> <most bytes>`, for `cargo xtask fuzz`.

use std::io::{Error, Result};
use std::path::Path;

use pushbox_fuzz::corpus::{keep, payloads, seeds};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["seeds", folder] => seeds(Path::new(folder)),
        ["seeds", folder, others] => {
            seeds(Path::new(folder))?;
            payloads(Path::new(folder), Path::new(others))
        }
        ["keep", target, folder, most_bytes] => {
            keep(target, Path::new(folder), most_bytes.parse().map_err(Error::other)?)
        }
        _ => Err(Error::other(
            "expected `seeds <folder> [<payloads>]` or `keep <target> <folder> <most bytes>`",
        )),
    }
}
