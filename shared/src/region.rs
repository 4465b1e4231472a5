//! What is true of an AWS region. Every other file asks here.
//!
//! Source: `partitions.json` of botocore, which names the regions of each partition and the domain of its endpoints.

/// A separate AWS, with accounts, names and domains of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// As in an ARN: `arn:aws-cn:…`.
    pub id: &'static str,
    /// Of its endpoints: `ec2.cn-north-1.amazonaws.com.cn`.
    pub domain: &'static str,
    /// Whether its endpoints have certificates of Amazon Trust Services.
    pub has_amazon_roots: bool,
}

const AWS: Partition = Partition { id: "aws", domain: "amazonaws.com", has_amazon_roots: true };

/// By what the names of their regions begin with. All others are in [`AWS`].
const OTHERS: [(&str, Partition); 7] = [
    ("cn-", Partition { id: "aws-cn", domain: "amazonaws.com.cn", has_amazon_roots: false }),
    ("us-gov-", Partition { id: "aws-us-gov", domain: "amazonaws.com", has_amazon_roots: true }),
    ("eusc-", Partition { id: "aws-eusc", domain: "amazonaws.eu", has_amazon_roots: false }),
    ("us-iso-", Partition { id: "aws-iso", domain: "c2s.ic.gov", has_amazon_roots: false }),
    ("us-isob-", Partition { id: "aws-iso-b", domain: "sc2s.sgov.gov", has_amazon_roots: false }),
    ("us-isof-", Partition { id: "aws-iso-f", domain: "csp.hci.ic.gov", has_amazon_roots: false }),
    ("eu-isoe-", Partition { id: "aws-iso-e", domain: "cloud.adc-e.uk", has_amazon_roots: false }),
];

/// What the names of the regions of [`AWS`] begin with.
const CONTINENTS: [&str; 9] = ["af-", "ap-", "ca-", "eu-", "il-", "me-", "mx-", "sa-", "us-"];

pub fn partition(region: &str) -> Partition {
    let other = OTHERS.iter().find(|(start, _)| region.starts_with(start));
    other.map_or(AWS, |(_, partition)| *partition)
}

/// Whether the certificates of a region's endpoints are known to be of Amazon Trust Services. A region of a kind that is not
/// known here may have others.
pub fn has_amazon_roots(region: &str) -> bool {
    CONTINENTS.iter().any(|start| region.starts_with(start)) && partition(region).has_amazon_roots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_is_in_its_partition() {
        for (region, id, domain) in [
            ("us-east-1", "aws", "amazonaws.com"),
            ("ap-southeast-7", "aws", "amazonaws.com"),
            ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
            ("cn-northwest-1", "aws-cn", "amazonaws.com.cn"),
            ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
            ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
            ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
            ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
            ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
        ] {
            let partition = partition(region);
            assert_eq!((partition.id, partition.domain), (id, domain), "{region}");
        }
    }

    #[test]
    fn amazons_roots_are_assumed_only_where_they_are_known() {
        for region in ["us-east-1", "eu-central-2", "mx-central-1", "us-gov-west-1"] {
            assert!(has_amazon_roots(region), "{region}");
        }
        for region in ["cn-north-1", "eusc-de-east-1", "us-isob-east-1", "eu-isoe-west-1", "xx-1", ""] {
            assert!(!has_amazon_roots(region), "{region}");
        }
    }
}
