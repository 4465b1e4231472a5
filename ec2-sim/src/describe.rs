//! Which instances DescribeInstances shows: ids, filters, pages. Source: DescribeInstances in the EC2 API reference.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pushbox_shared::ec2::{Error, Filter};

use crate::action::{Describe, Page};
use crate::instance::Machine;
use crate::refusal::{combination, invalid, invalid_value};

/// Filter values that one request can have.
const VALUES_LIMIT: usize = 200;
const PAGE: std::ops::RangeInclusive<u32> = 5..=1000;

/// What is wrong with the request itself.
pub(crate) fn check(request: &Describe) -> Result<(), Error> {
    for filter in &request.filters {
        if field(&filter.name).is_none() {
            return Err(invalid_value(format!("The filter '{}' is invalid", filter.name)));
        }
        if filter.values.is_empty() {
            return Err(invalid_value(format!("The filter '{}' has no value", filter.name)));
        }
    }
    if request.filters.iter().map(|filter| filter.values.len()).sum::<usize>() > VALUES_LIMIT {
        let message =
            format!("The maximum number of filter values specified on a single call is {VALUES_LIMIT}");
        return Err(Error::new("FilterLimitExceeded", message));
    }
    if let Some(count) = request.max_results {
        if !request.instance_ids.is_empty() {
            return Err(combination(
                "The parameter instancesSet cannot be used with the parameter maxResults",
            ));
        }
        if count < *PAGE.start() {
            return Err(invalid(count, "maxResults", "Expecting a value greater than 5."));
        }
        if count > *PAGE.end() {
            return Err(invalid(count, "maxResults", "Expecting a value less than 1000."));
        }
    }
    Ok(())
}

/// One page of the machines that pass the filters, in the order of their launch.
pub(crate) fn page<'a>(
    machines: impl Iterator<Item = &'a Machine>,
    request: &Describe,
    now: Duration,
) -> Result<Page, Error> {
    let first = match &request.next_token {
        Some(token) => read_token(token)?,
        None => 0,
    };
    let size = request.max_results.map_or(usize::MAX, |count| count as usize);
    let mut matching = machines
        .filter(|machine| machine.ordinal >= first)
        .filter(|machine| request.filters.iter().all(|filter| passes(machine, filter, now)));
    let instances = matching.by_ref().take(size).map(|machine| machine.seen(now)).collect();
    let next_token =
        matching.next().map(|machine| URL_SAFE_NO_PAD.encode(format!("from {}", machine.ordinal)));
    Ok(Page { instances, next_token })
}

fn read_token(token: &str) -> Result<u64, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    let number = std::str::from_utf8(&bytes).ok().and_then(|text| text.strip_prefix("from ")?.parse().ok());
    number.ok_or_else(|| Error::new("InvalidNextToken", format!("The token '{token}' is invalid")))
}

enum Field<'a> {
    Tag(&'a str),
    TagKey,
    State,
    Id,
    ClientToken,
}

fn field(name: &str) -> Option<Field<'_>> {
    if let Some(key) = name.strip_prefix("tag:") {
        return Some(Field::Tag(key));
    }
    match name {
        "tag-key" => Some(Field::TagKey),
        "instance-state-name" => Some(Field::State),
        "instance-id" => Some(Field::Id),
        "client-token" => Some(Field::ClientToken),
        _ => None,
    }
}

fn passes(machine: &Machine, filter: &Filter, now: Duration) -> bool {
    let any = |text: &str| filter.values.iter().any(|pattern| matches(pattern, text));
    match field(&filter.name) {
        Some(Field::Tag(key)) => machine.tags.iter().any(|tag| tag.key == key && any(&tag.value)),
        Some(Field::TagKey) => machine.tags.iter().any(|tag| any(&tag.key)),
        Some(Field::State) => any(machine.state(now).name()),
        Some(Field::Id) => any(&machine.id),
        Some(Field::ClientToken) => any(&machine.launch.client_token),
        None => false,
    }
}

/// `*` stands for any characters, `?` for one, and a backslash takes their meaning away. Case counts.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    enum Part {
        Any,
        One,
        Char(char),
    }
    let mut parts = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '*' => Part::Any,
            '?' => Part::One,
            '\\' => Part::Char(chars.next().unwrap_or('\\')),
            c => Part::Char(c),
        });
    }
    // `reached[i]`: the parts before `i` match the text so far.
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    let skip_stars = |reached: &mut Vec<bool>| {
        for (index, part) in parts.iter().enumerate() {
            if matches!(part, Part::Any) && reached[index] {
                reached[index + 1] = true;
            }
        }
    };
    skip_stars(&mut reached);
    for c in text.chars() {
        let mut next = vec![false; parts.len() + 1];
        for (index, part) in parts.iter().enumerate().filter(|(index, _)| reached[*index]) {
            match part {
                Part::Any => next[index] = true,
                Part::One => next[index + 1] = true,
                Part::Char(wanted) if *wanted == c => next[index + 1] = true,
                Part::Char(_) => {}
            }
        }
        skip_stars(&mut next);
        reached = next;
    }
    reached[parts.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("my_app", "my_app", true),
            ("my_app", "my_app2", false),
            ("My_app", "my_app", false),
            ("*", "", true),
            ("*", "anything", true),
            ("my*", "my_app", true),
            ("*app", "my_app", true),
            ("m*_*p", "my_app", true),
            ("m?_app", "my_app", true),
            ("m?app", "my_app", false),
            ("?", "ä", true),
            ("", "", true),
            ("", "a", false),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("a\\", "a\\", true),
            ("a*a*a*a*a*b", &"a".repeat(200), false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
