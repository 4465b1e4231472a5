//! What a release says of itself: its section of `CHANGELOG.md`.

use anyhow::{Result, bail};

/// The text below the heading of that version, up to the next one.
pub(super) fn entry(changelog: &str, version: &str) -> Result<String> {
    let mut sections = changelog.split("\n## ").skip(1);
    let of_version = |section: &&str| section.split_whitespace().next() == Some(version);
    let Some(section) = sections.clone().find(of_version) else {
        let first = sections.next().and_then(|section| section.lines().next()).unwrap_or("none");
        bail!(
            "CHANGELOG.md: expected a section `## {version}`, which is the version in Cargo.toml, found `## {first}` first; \
             write what is new in {version} there, and commit it"
        );
    };
    let text = section.split_once('\n').map_or("", |(_, text)| text).trim();
    if text.is_empty() {
        bail!("CHANGELOG.md: the section `## {version}` is empty; write what is new, and commit it");
    }
    Ok(format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::entry;

    const CHANGELOG: &str = "# Changelog\n\n## Unreleased\n\n- More.\n\n## 0.2.0 (1 May 2027)\n\n- Sleep.\n- Cost.\n\n## 0.1.0\n\n\n";

    #[track_caller]
    fn check_refused(changelog: &str, version: &str, words: &[&str]) {
        let said = entry(changelog, version).expect_err("refused").to_string();
        words.iter().for_each(|word| assert!(said.contains(word), "{word} in {said}"));
    }

    #[test]
    fn the_section_of_the_version() {
        assert_eq!(entry(CHANGELOG, "0.2.0").expect("it is there"), "- Sleep.\n- Cost.\n");
    }

    #[test]
    fn without_a_section_nothing_is_released() {
        check_refused(CHANGELOG, "0.3.0", &["`## 0.3.0`", "found `## Unreleased`", "commit"]);
        check_refused(CHANGELOG, "0.2", &["`## 0.2`"]);
        check_refused(CHANGELOG, "0.1.0", &["`## 0.1.0` is empty"]);
        check_refused("", "0.1.0", &["found `## none`"]);
    }
}
