//! The inputs that the fuzzers kept (`fuzz/corpus`), on stable: `cargo xtask fuzz` makes and renews them.

use std::fs;
use std::path::PathBuf;

use pushbox_webhook::Provider;

use crate::{fuzzed, packed};

/// Hundreds of files would say no more.
const MOST_BYTES: u64 = 300 * 1024;

#[test]
fn every_provider_is_fuzzed_and_something_was_kept_of_it() {
    let fuzz = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for provider in Provider::ALL {
        let path = format!("fuzz_targets/{provider}.rs");
        assert!(manifest.contains(&format!("path = \"{path}\"")), "fuzz/Cargo.toml has no {path}");
        let target = fs::read_to_string(fuzz.join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(target.contains(&format!("body(\"{provider}\", ")), "{path} is about another provider");
        assert!(fuzz.join(format!("corpus/{provider}.txt")).is_file(), "nothing was kept of {provider}");
    }
}

#[test]
fn what_the_fuzzers_kept_still_holds() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|end| end == "txt")).collect();
    assert!(files.iter().any(|file| file.ends_with("request.txt")), "{}", folder.display());
    let sizes: u64 = files.iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(sizes <= MOST_BYTES, "the corpora have {sizes} bytes");
    for file in files {
        let inputs = packed::unpack(&fs::read_to_string(&file).unwrap());
        assert!(!inputs.is_empty(), "{}", file.display());
        let target = file.file_stem().unwrap().to_str().unwrap();
        let provider: Option<Provider> = target.parse().ok();
        assert!(provider.is_some() || target == "request", "there is no fuzz target {target}");
        for input in inputs {
            match provider {
                Some(provider) => fuzzed::body(provider, &input),
                None => fuzzed::request(&input),
            }
        }
    }
}
