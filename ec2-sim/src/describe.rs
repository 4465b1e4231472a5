//! Which instances DescribeInstances shows: ids, filters, pages. Source: DescribeInstances in the EC2 API reference.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pushbox_shared::ec2::{Error, Filter};
use pushbox_shared::unix_time::UnixTime;

use crate::action::{Describe, Page};
use crate::glob::filter_matches;
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
    now: UnixTime,
) -> Result<Page, Error> {
    let first = match &request.next_token {
        Some(token) => read_token(token)?,
        None => 0,
    };
    let size = request.max_results.map_or(usize::MAX, |count| count as usize);
    let mut matching = machines
        .filter(|machine| machine.ordinal >= first)
        .filter(|machine| request.filters.iter().all(|filter| passes(machine, filter, now)));
    let instances = matching.by_ref().take(size).map(|machine| machine.described(now)).collect();
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

fn passes(machine: &Machine, filter: &Filter, now: UnixTime) -> bool {
    let any = |text: &str| filter.values.iter().any(|pattern| filter_matches(pattern, text));
    let tags = || machine.described_tags(now).iter();
    match field(&filter.name) {
        Some(Field::Tag(key)) => tags().any(|tag| tag.key == key && any(&tag.value)),
        Some(Field::TagKey) => tags().any(|tag| any(&tag.key)),
        Some(Field::State) => any(machine.state(now).name()),
        Some(Field::Id) => any(&machine.id),
        Some(Field::ClientToken) => any(&machine.launch.client_token),
        None => false,
    }
}
