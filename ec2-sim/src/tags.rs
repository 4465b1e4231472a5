//! What EC2 asks of tags. Source: "Tag your Amazon EC2 resources", tag restrictions, and "View tags … using instance metadata".

use std::collections::BTreeSet;

use pushbox_shared::ec2::{Error, Tag};

use crate::refusal::{combination, invalid_value};

/// Tags that one resource can have.
const LIMIT: usize = 50;
/// In characters, as the API reference of the `Tag` type says.
const KEY_LIMIT: usize = 127;
const VALUE_LIMIT: usize = 256;

/// Whether the tags of one request can be set at all. `in_metadata`: on an instance whose metadata shows its tags.
pub(crate) fn check(tags: &[Tag], in_metadata: bool) -> Result<(), Error> {
    let mut keys = BTreeSet::new();
    for Tag { key, value } in tags {
        if key.is_empty() {
            return Err(invalid_value("Tag key cannot be empty."));
        }
        if key.chars().count() > KEY_LIMIT {
            return Err(invalid_value(format!(
                "Tag key exceeds the maximum length of {KEY_LIMIT} characters"
            )));
        }
        if value.chars().count() > VALUE_LIMIT {
            return Err(invalid_value(format!(
                "Tag value exceeds the maximum length of {VALUE_LIMIT} characters"
            )));
        }
        if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
            return Err(invalid_value("Tag keys starting with 'aws:' are reserved for internal use"));
        }
        if key.chars().chain(value.chars()).any(char::is_control) {
            return Err(invalid_value(format!("The tag '{key}' contains characters that are not allowed.")));
        }
        if in_metadata && !fits_metadata(key) {
            return Err(invalid_value(format!(
                "'{key}' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{{1,255}}), and must not \
                 be a reserved name ('.', '..', '_index')"
            )));
        }
        if !keys.insert(key) {
            return Err(invalid_value(format!("Duplicate tag key '{key}' specified.")));
        }
    }
    if tags.len() > LIMIT { Err(limit_exceeded()) } else { Ok(()) }
}

/// `old` with `new` put over it.
pub(crate) fn merge(old: &[Tag], new: &[Tag]) -> Result<Vec<Tag>, Error> {
    let mut merged = old.to_vec();
    for tag in new {
        match merged.iter_mut().find(|known| known.key == tag.key) {
            Some(known) => known.value.clone_from(&tag.value),
            None => merged.push(tag.clone()),
        }
    }
    if merged.len() > LIMIT { Err(limit_exceeded()) } else { Ok(merged) }
}

/// One specification for each kind of resource, and only kinds that the request makes.
pub(crate) fn check_resource_types<'a>(
    types: impl Iterator<Item = &'a str>,
    makes: &[&str],
) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for name in types {
        if !["instance", "volume", "network-interface", "spot-instances-request"].contains(&name) {
            return Err(invalid_value(format!(
                "'{name}' is not a valid taggable resource type for this operation."
            )));
        }
        if !makes.contains(&name) {
            return Err(combination(format!("The request makes no {name} that could be tagged.")));
        }
        if !seen.insert(name) {
            return Err(invalid_value(format!("The resource type '{name}' is specified more than once.")));
        }
    }
    Ok(())
}

fn limit_exceeded() -> Error {
    Error::new("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
}

/// A key is part of a path of the metadata service.
fn fits_metadata(key: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_+=,.@:".contains(c);
    key.chars().all(allowed) && ![".", "..", "_index"].contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_ec2_refuses() {
        let long = |n| "ä".repeat(n);
        for (key, value, in_metadata, code) in [
            ("pushbox:app", "a", true, None),
            ("a/b c", "any / value", false, None),
            ("a/b", "", true, Some("InvalidParameterValue")),
            ("a b", "", true, Some("InvalidParameterValue")),
            ("_index", "", true, Some("InvalidParameterValue")),
            ("..", "", true, Some("InvalidParameterValue")),
            ("", "", false, Some("InvalidParameterValue")),
            ("aws:x", "", false, Some("InvalidParameterValue")),
            ("AWS:x", "", false, Some("InvalidParameterValue")),
            ("a\n", "", false, Some("InvalidParameterValue")),
            (&long(127), &long(256), false, None),
            (&long(128), "", false, Some("InvalidParameterValue")),
            ("a", &long(257), false, Some("InvalidParameterValue")),
        ] {
            let found = check(&[Tag::new(key, value)], in_metadata).map_err(|error| error.code);
            assert_eq!(found.err().as_deref(), code, "{key:?}={value:?}");
        }
        assert!(check(&[Tag::new("a", "1"), Tag::new("a", "2")], false).is_err());
    }

    #[test]
    fn fifty_tags_and_no_more() {
        let many: Vec<Tag> = (0..50).map(|n| Tag::new(&format!("k{n}"), "")).collect();
        assert!(check(&many, true).is_ok());
        assert_eq!(
            merge(&many, &[Tag::new("k7", "new")]).map(|tags| tags[7].value.clone()),
            Ok("new".to_string())
        );
        assert_eq!(
            merge(&many, &[Tag::new("one more", "")]).map_err(|e| e.code),
            Err("TagLimitExceeded".to_string())
        );
    }
}
