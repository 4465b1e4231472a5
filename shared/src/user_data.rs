//! The script that a box runs, from the config. Same config, same bytes: it carries no date, version or commit.

use crate::config::Config;

/// EC2 takes this many bytes of user data, raw.
pub const LIMIT: usize = 16_384;

/// The whole script, ready to paste into the EC2 console. The config must have passed its checks; `function_url`
/// (no trailing slash) is where the agent asks for a newer script.
pub fn script(config: &Config, function_url: Option<&str>) -> String {
    let _ = (config, function_url);
    String::new()
}
