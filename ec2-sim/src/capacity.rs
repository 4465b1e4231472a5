//! What EC2 has left, and what the account may have of it.

use std::collections::BTreeSet;

use pushbox_shared::ec2::Error;

/// The instance types that EC2 has none of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shortage(BTreeSet<String>);

impl Shortage {
    pub(crate) fn begin(&mut self, instance_type: &str) {
        self.0.insert(instance_type.to_string());
    }

    pub(crate) fn end(&mut self) {
        self.0.clear();
    }

    pub(crate) fn check(&self, instance_type: &str) -> Result<(), Error> {
        if !self.0.contains(instance_type) {
            return Ok(());
        }
        Err(Error::new(
            "InsufficientInstanceCapacity",
            format!(
                "We currently do not have sufficient {instance_type} capacity in the Availability Zone you requested. Our \
                 system will be working on provisioning additional capacity."
            ),
        ))
    }
}

/// Virtual processors of a type, by its size. Source: "Amazon EC2 instance types".
pub(crate) fn vcpus(instance_type: &str) -> u32 {
    let (family, size) = instance_type.split_once('.').unwrap_or((instance_type, ""));
    match size {
        "nano" | "micro" | "small" if ["t1", "t2"].contains(&family) => 1,
        "medium" if !family.starts_with('t') => 1,
        "xlarge" => 4,
        _ if size.starts_with("metal") => 96,
        _ => match size.strip_suffix("xlarge").and_then(|times| times.parse::<u32>().ok()) {
            Some(times) => times.saturating_mul(4),
            None => 2,
        },
    }
}

/// `used` are those of the instances that are on.
pub(crate) fn check_vcpus(used: u32, more: u32, limit: u32) -> Result<(), Error> {
    if used.saturating_add(more) <= limit {
        return Ok(());
    }
    Err(Error::new(
        "VcpuLimitExceeded",
        format!(
            "You have requested more vCPU capacity than your current vCPU limit of {limit} allows for the instance bucket \
             that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to \
             request an adjustment to this limit."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors() {
        for (instance_type, expected) in [
            ("t2.micro", 1),
            ("t2.medium", 2),
            ("t4g.nano", 2),
            ("t4g.medium", 2),
            ("m7g.medium", 1),
            ("m7g.large", 2),
            ("m7g.xlarge", 4),
            ("c7g.16xlarge", 64),
            ("m7g.metal", 96),
        ] {
            assert_eq!(vcpus(instance_type), expected, "{instance_type}");
        }
    }
}
