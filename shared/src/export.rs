//! The files that an installation needs besides the config: what AWS is told of the function. Pure functions, a file each.

pub mod policy;
pub mod zip;

/// The function's own name, which its log group has too.
pub fn function_name(app: &str) -> String {
    format!("pushbox-{app}")
}

/// The domain of AWS's endpoints in a region.
pub fn aws_domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}
