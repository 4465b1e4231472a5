//! What makes the static site work without a network: a service worker with the list of all its files. A page that is served
//! while it is developed asks for none, and has another in its place that takes an earlier one away.

use crate::light::light;
use crate::site::Site;
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Browsers look under this name for another version, so it has no hash in it.
pub(crate) const WORKER: &str = "offline.js";

const SOURCE: &str = include_str!("../../web/offline.js");

/// Makes the page ask for its worker. It goes to the end of the script that starts the page.
const KEEP: &str = include_str!("../../web/keep.js");

/// The site with a page that asks for the worker, and without what is in the worker's place until then.
pub(crate) fn asked_for(site: &Site) -> Result<Site> {
    let mut site = site.clone();
    site.files.remove(WORKER);
    let boot = site.files.get_mut("boot.js").context("the page has no boot.js")?;
    boot.extend_from_slice(light(KEEP).as_bytes());
    Ok(site)
}

/// The worker of a site whose files have their last names. It differs from that of any other version.
pub(crate) fn worker(site: &Site) -> Result<String> {
    let hash = |content: &[u8]| format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content)));
    // Hosts call it so, and some send whoever asks for `index.html` there.
    let address = |name: &str| if name == "index.html" { "./".to_owned() } else { name.to_owned() };
    let files = site.files.iter().map(|(name, content)| (address(name), Value::from(hash(content))));
    let files = Value::Object(files.collect::<Map<String, Value>>()).to_string();
    let version = hex::encode(&Sha256::digest(format!("{SOURCE}{files}"))[..8]);
    let worker = light(SOURCE);
    let worker = filled_in(&worker, "const VERSION = \"\";", &format!("const VERSION = \"{version}\";"))?;
    filled_in(&worker, "const FILES = {};", &format!("const FILES = {files};"))
}

fn filled_in(worker: &str, place: &str, line: &str) -> Result<String> {
    ensure!(worker.matches(place).count() == 1, "web/offline.js has no single line `{place}`");
    Ok(worker.replace(place, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(content: &str) -> Site {
        let files =
            [("index.html", content), ("boot.js", "start()\n"), ("samples/a.json", "{}"), (WORKER, "")];
        Site { files: files.map(|(name, content)| (name.into(), content.into())).into() }
    }

    #[test]
    fn the_worker_names_every_file_with_its_hash() {
        let worker = worker(&asked_for(&site("")).unwrap()).unwrap();
        let files = worker.lines().find_map(|line| line.strip_prefix("const FILES = ")?.strip_suffix(';'));
        let files: Map<String, Value> = serde_json::from_str(files.unwrap()).unwrap();
        let names = ["./", "boot.js", "samples/a.json"];
        assert!(files.len() == names.len() && names.iter().all(|name| files.contains_key(*name)), "{worker}");
        assert_eq!(files["./"], "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn another_page_has_another_worker_and_the_same_page_the_same() {
        let version = |content| {
            let worker = worker(&site(content)).unwrap();
            worker.lines().find(|line| line.starts_with("const VERSION")).unwrap().to_owned()
        };
        assert_eq!(version("a"), version("a"));
        assert_ne!(version("a"), version("b"));
    }

    #[test]
    fn only_the_static_site_asks_for_the_worker() {
        let asks = |site: &Site| String::from_utf8_lossy(&site.files["boot.js"]).contains(WORKER);
        assert!(!asks(&site("")));
        assert!(asks(&asked_for(&site("")).unwrap()));
    }
}
