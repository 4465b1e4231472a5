//! The known machine images.
//!
//! Sources: Canonical's "Finding Ubuntu images with the AWS SSM Parameter Store" and Debian's "Cloud/AmazonEC2Image" pages.

use crate::machine::Arch;

/// A distribution release that the script supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// As in the config.
    pub name: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// Public SSM parameter; `{arch}` stands for `arm64` or `amd64`.
    parameter: &'static str,
    /// A wrong one silently adds an empty second disk.
    pub root_device: &'static str,
}

pub const IMAGES: &[Image] = &[
    Image::DEFAULT,
    Image {
        name: "ubuntu-26.04",
        label: "Ubuntu 26.04 LTS",
        parameter: "/aws/service/canonical/ubuntu/server/26.04/stable/current/{arch}/hvm/ebs-gp3/ami-id",
        root_device: "/dev/sda1",
    },
    Image {
        name: "ubuntu-22.04",
        label: "Ubuntu 22.04 LTS",
        parameter: "/aws/service/canonical/ubuntu/server/22.04/stable/current/{arch}/hvm/ebs-gp2/ami-id",
        root_device: "/dev/sda1",
    },
    Image {
        name: "debian-13",
        label: "Debian 13",
        parameter: "/aws/service/debian/release/13/latest/{arch}",
        root_device: "/dev/xvda",
    },
    Image {
        name: "debian-12",
        label: "Debian 12",
        parameter: "/aws/service/debian/release/12/latest/{arch}",
        root_device: "/dev/xvda",
    },
];

impl Image {
    pub const DEFAULT: Image = Image {
        name: "ubuntu-24.04",
        label: "Ubuntu 24.04 LTS",
        parameter: "/aws/service/canonical/ubuntu/server/24.04/stable/current/{arch}/hvm/ebs-gp3/ami-id",
        root_device: "/dev/sda1",
    };

    pub fn named(name: &str) -> Option<Image> {
        IMAGES.iter().copied().find(|image| image.name == name)
    }

    /// What RunInstances takes as `ImageId`: EC2 looks the parameter up itself.
    pub fn image_id(&self, arch: Arch) -> String {
        format!("resolve:ssm:{}", self.parameter.replace("{arch}", arch.debian_name()))
    }
}
