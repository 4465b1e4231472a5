//! Elastic IP addresses: AllocateAddress, DescribeAddresses and AssociateAddress in the EC2 API reference.

use pushbox_shared::ec2::{self, Error, Filter, Tag};
use pushbox_shared::hash::sha256_hex;
use serde::Serialize;

use crate::glob::filter_matches as matches;
use crate::refusal::{invalid_value, is_id};
use crate::tags;

/// AllocateAddress, as an installer calls it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AllocateAddress {
    pub tag_specifications: Vec<ec2::TagSpecification>,
}

/// One address of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elastic {
    /// `eipalloc-…`
    pub allocation_id: String,
    pub public_ip: String,
    pub tags: Vec<Tag>,
    pub association: Option<Association>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// `eipassoc-…`
    pub id: String,
    pub instance_id: String,
}

impl Elastic {
    /// The n-th address, in a block for documentation (RFC 5737) that instances get none of by themselves.
    pub(crate) fn new(n: usize, request: &AllocateAddress) -> Elastic {
        let name = sha256_hex(format!("address {n}"));
        Elastic {
            allocation_id: format!("eipalloc-0{}", &name[..16]),
            public_ip: format!("198.51.100.{}", n % 254 + 1),
            tags: request.tag_specifications.iter().flat_map(|one| one.tags.clone()).collect(),
            association: None,
        }
    }

    pub(crate) fn passes(&self, filters: &[Filter]) -> bool {
        filters.iter().all(|filter| {
            let any = |text: &str| filter.values.iter().any(|pattern| matches(pattern, text));
            match filter.name.strip_prefix("tag:") {
                Some(key) => self.tags.iter().any(|tag| tag.key == key && any(&tag.value)),
                None => any(&self.allocation_id),
            }
        })
    }
}

impl From<Elastic> for ec2::Address {
    fn from(elastic: Elastic) -> ec2::Address {
        ec2::Address {
            allocation_id: elastic.allocation_id,
            public_ip: elastic.public_ip,
            instance_id: elastic.association.map(|association| association.instance_id),
        }
    }
}

pub(crate) fn check_allocation(request: &AllocateAddress) -> Result<(), Error> {
    for one in &request.tag_specifications {
        if one.resource_type != "elastic-ip" {
            return Err(invalid_value(format!(
                "'{}' is not a valid taggable resource type for this operation.",
                one.resource_type
            )));
        }
        tags::check(&one.tags, false)?;
    }
    Ok(())
}

/// Of the filters those of tags and of the allocation are modelled.
pub(crate) fn check_filters(filters: &[Filter]) -> Result<(), Error> {
    for filter in filters {
        if !filter.name.starts_with("tag:") && filter.name != "allocation-id" {
            return Err(invalid_value(format!("The filter '{}' is invalid", filter.name)));
        }
        if filter.values.is_empty() {
            return Err(invalid_value(format!("The filter '{}' has no value", filter.name)));
        }
    }
    Ok(())
}

pub(crate) fn check_allocation_id(id: &str) -> Result<(), Error> {
    if is_id("eipalloc", id) {
        return Ok(());
    }
    Err(Error::new(
        "InvalidAllocationID.Malformed",
        format!("Invalid id: \"{id}\" (expecting \"eipalloc-...\")"),
    ))
}
