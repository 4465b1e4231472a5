//! Names with a hash of the content, so that a browser may keep each file forever.
//!
//! `index.html` keeps its name. Every file that it names, and every file that those name, gets a hashed one, and
//! the name is changed where it is written. All other files (what the page fetches by name) stay as they are.

use crate::site::Site;
use anyhow::{Result, bail};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub(crate) struct Hashed {
    pub(crate) site: Site,
    /// What a browser loads before it can show the page: the old and new names of all files that `index.html` leads to, and
    /// its own.
    pub(crate) first_visit: BTreeMap<String, String>,
}

/// The file called `later`, and what only that leads to, is no part of the first visit.
pub(crate) fn hashed(site: &Site, later: &str) -> Result<Hashed> {
    let mut renaming = Renaming { site, done: BTreeMap::new(), open: Vec::new() };
    renaming.file("index.html")?;
    let mut files = site.files.clone();
    let first_visit = first_visit(&renaming.done, later);
    for (name, Renamed { new_name, content, .. }) in renaming.done {
        files.remove(&name);
        files.insert(new_name, content);
    }
    Ok(Hashed { site: Site { files }, first_visit })
}

fn first_visit(renamed: &BTreeMap<String, Renamed>, later: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec!["index.html"];
    while let Some(name) = open.pop() {
        let file = &renamed[name];
        if name != later && found.insert(name.to_owned(), file.new_name.clone()).is_none() {
            open.extend(file.leads_to.iter().map(String::as_str));
        }
    }
    found
}

struct Renamed {
    new_name: String,
    /// With new names in it.
    content: Vec<u8>,
    /// The old names of the files that it names.
    leads_to: Vec<String>,
}

struct Renaming<'a> {
    site: &'a Site,
    /// By old name.
    done: BTreeMap<String, Renamed>,
    /// The files whose own references are being followed.
    open: Vec<String>,
}

impl Renaming<'_> {
    /// Renames a file after all that it refers to, because its own hash covers their names.
    fn file(&mut self, name: &str) -> Result<String> {
        if let Some(done) = self.done.get(name) {
            return Ok(done.new_name.clone());
        }
        if self.open.iter().any(|open| open == name) {
            bail!(
                "{} refer to each other in a circle, so none can be named after its content",
                self.open.join(", ")
            );
        }
        self.open.push(name.to_owned());
        let mut content = self.site.files[name].clone();
        let mut leads_to = Vec::new();
        if let Some(mut text) = text(name, &content) {
            for other in self.site.files.keys() {
                if spellings(other).iter().any(|spelling| text.contains(spelling)) {
                    let new = self.file(other)?;
                    for (old, new) in spellings(other).iter().zip(spellings(&new)) {
                        text = text.replace(old, &new);
                    }
                    leads_to.push(other.clone());
                }
            }
            content = text.into_bytes();
        }
        self.open.pop();
        let new_name = if name == "index.html" { name.to_owned() } else { with_hash(name, &content) };
        self.done.insert(name.to_owned(), Renamed { new_name: new_name.clone(), content, leads_to });
        Ok(new_name)
    }
}

/// The text of a file in which names are looked for.
fn text(name: &str, content: &[u8]) -> Option<String> {
    let refers = [".html", ".css", ".js"].iter().any(|extension| name.ends_with(extension));
    refers.then(|| String::from_utf8_lossy(content).into_owned())
}

/// How one file names another in HTML, JavaScript and CSS.
fn spellings(name: &str) -> [String; 6] {
    [
        format!("\"{name}\""),
        format!("\"./{name}\""),
        format!("'{name}'"),
        format!("'./{name}'"),
        format!("url({name})"),
        format!("url(./{name})"),
    ]
}

/// `style.css` becomes `style-0123456789abcdef.css`.
fn with_hash(name: &str, content: &[u8]) -> String {
    let hash = hex::encode(&Sha256::digest(content)[..8]);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{name}-{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Site {
        Site {
            files: files
                .iter()
                .map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec()))
                .collect(),
        }
    }

    /// Hashes differ by content alone, so the tests look at names without them.
    fn names(hashed: &Hashed) -> Vec<&str> {
        hashed.site.files.keys().map(String::as_str).collect()
    }

    #[test]
    fn a_change_in_a_leaf_renames_all_that_lead_to_it() {
        let files = |wasm| {
            site(&[
                ("index.html", r#"<script type="module" src="boot.js"></script>"#),
                ("boot.js", r#"await import("./page.js")"#),
                ("page.js", "new URL('page_bg.wasm', import.meta.url)"),
                ("page_bg.wasm", wasm),
                ("samples/push.json", "{}"),
            ])
        };
        let (one, two) = (hashed(&files("1"), "").unwrap(), hashed(&files("2"), "").unwrap());
        assert_eq!(one.first_visit.len(), 4);
        for (one, two) in names(&one).iter().zip(names(&two)) {
            assert_eq!(*one == two, ["index.html", "samples/push.json"].contains(&two), "{one} and {two}");
        }
        let boot = &one.first_visit["boot.js"];
        assert_eq!(*boot, with_hash("boot.js", &one.site.files[boot]));
        assert!(String::from_utf8_lossy(&one.site.files["index.html"]).contains(boot));
    }

    #[test]
    fn what_is_fetched_later_is_named_after_its_content_too_and_no_part_of_the_first_visit() {
        let files = site(&[
            ("index.html", r#"<script type="module" src="boot.js"></script>"#),
            ("boot.js", r#"new URL("./later.js", import.meta.url); import("./shared.js")"#),
            ("later.js", "import './shared.js'; new URL('later_bg.wasm', import.meta.url)"),
            ("later_bg.wasm", ""),
            ("shared.js", ""),
        ]);
        let hashed = hashed(&files, "later.js").unwrap();
        assert_eq!(hashed.first_visit.keys().collect::<Vec<_>>(), ["boot.js", "index.html", "shared.js"]);
        assert!(
            !names(&hashed).iter().any(|name| name.starts_with("later") && files.files.contains_key(*name))
        );
    }

    #[test]
    fn only_whole_names_are_replaced() {
        let files = site(&[
            ("index.html", r#"<link href="big-style.css"><p title="style.css.old">"#),
            ("style.css", ""),
            ("big-style.css", ""),
        ]);
        let hashed = hashed(&files, "").unwrap();
        assert!(hashed.site.files.contains_key("style.css"));
        assert!(!hashed.site.files.contains_key("big-style.css"));
    }

    #[test]
    fn a_circle_is_an_error() {
        let files = site(&[("index.html", "'a.js'"), ("a.js", "'b.js'"), ("b.js", "'a.js'")]);
        let error = hashed(&files, "").err().unwrap().to_string();
        assert!(error.starts_with("index.html, a.js, b.js refer to each other"), "{error}");
    }
}
