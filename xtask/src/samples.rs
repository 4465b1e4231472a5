//! The sample deliveries as one file of the page, fetched when somebody first tries one.

use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

/// What the page calls it.
pub(crate) const FILE: &str = "samples.json";

/// An object with a sample for each name, in the order of the index. What only tests read is left out.
pub(crate) fn bundle(folder: &Path) -> Result<Vec<u8>> {
    let index = read(folder, "index")?;
    let names = index.as_array().context("samples/index.json is no list of names")?;
    let mut samples = Map::new();
    for name in names {
        let name = name.as_str().context("samples/index.json holds something that is no name")?;
        let mut sample = read(folder, name)?;
        if let Value::Object(members) = &mut sample {
            members.shift_remove("expect");
        }
        samples.insert(name.to_owned(), sample);
    }
    serde_json::to_vec(&samples).context("samples are JSON")
}

fn read(folder: &Path, name: &str) -> Result<Value> {
    let file = folder.join(format!("{name}.json"));
    let text = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no JSON", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_samples_are_in_it_in_the_order_of_the_index() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
        let bundle: Value = serde_json::from_slice(&bundle(&folder).expect("made")).expect("JSON");
        let bundle = bundle.as_object().expect("an object");
        let names: Vec<&String> = bundle.keys().collect();
        let index = read(&folder, "index").expect("it is there");
        assert_eq!(serde_json::to_value(names).expect("names"), index);
        assert!(bundle.values().all(|sample| sample["body"].is_string() && sample.get("expect").is_none()));
    }
}
