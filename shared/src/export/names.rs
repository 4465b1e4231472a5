//! What the things are called that an installation makes.

use crate::config::Config;
use crate::user_data;

/// The function's own name, which its role, log group and security group have too.
pub fn function_name(app: &str) -> String {
    format!("pushbox-{app}")
}

/// The box's role, and the instance profile by which it has it.
pub fn box_role(app: &str) -> String {
    format!("pushbox-{app}-box")
}

/// Whether the box gets a role of its own: it reads secrets, and the config names no other profile.
pub fn needs_box_role(config: &Config) -> bool {
    config.box_.instance_profile.is_none() && !user_data::secret_names(config).is_empty()
}
