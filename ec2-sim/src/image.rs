//! Machine images: the public SSM parameters that `shared` knows, and ids that somebody brings.

use pushbox_shared::ec2::Error;
use pushbox_shared::hash::sha256_hex;
use pushbox_shared::image::IMAGES;
use pushbox_shared::machine::{self, Arch};

use crate::refusal::{is_id, is_nobody};

/// GiB: no root disk can be smaller than the snapshot in the image.
pub(crate) const SNAPSHOT_GIB: u32 = 8;

/// An image as EC2 resolved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// `ami-` and 8 or 17 hex digits.
    pub id: String,
    pub arch: Arch,
    pub root_device: String,
}

/// As EC2 calls it.
pub(crate) fn arch_name(arch: Arch) -> &'static str {
    match arch {
        Arch::Arm64 => "arm64",
        Arch::X86_64 => "x86_64",
    }
}

/// The image of a request. An id that somebody brings fits their type and their disks; one of zeros alone never exists.
pub(crate) fn resolve(
    image_id: &str,
    instance_type: &str,
    first_device: Option<&str>,
) -> Result<Image, Error> {
    if let Some(parameter) = image_id.strip_prefix("resolve:ssm:") {
        for image in IMAGES {
            for arch in [Arch::Arm64, Arch::X86_64] {
                if image.image_id(arch) == image_id {
                    let id = format!("ami-0{}", &sha256_hex(parameter)[..16]);
                    return Ok(Image { id, arch, root_device: image.root_device.to_string() });
                }
            }
        }
        return Err(not_found(image_id));
    }
    if !is_id("ami", image_id) {
        let message = format!("Invalid id: \"{image_id}\" (expecting \"ami-...\")");
        return Err(Error::new("InvalidAMIID.Malformed", message));
    }
    if is_nobody(image_id) {
        return Err(not_found(image_id));
    }
    let root_device = first_device.unwrap_or("/dev/xvda").to_string();
    Ok(Image { id: image_id.to_string(), arch: machine::arch(instance_type), root_device })
}

fn not_found(image_id: &str) -> Error {
    Error::new("InvalidAMIID.NotFound", format!("The image id '[{image_id}]' does not exist"))
}
