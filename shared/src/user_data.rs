//! The script that a box runs, from the config. Same config, same bytes: it carries no date, version or commit.
//!
//! Only the settings at its top differ from app to app, and every text in them goes through [`quote`]. All else are the
//! `.sh` files beside this one, as they are.

mod quote;
mod settings;

pub use quote::quote;

use crate::config::Config;

/// EC2 takes this many bytes of user data, raw.
pub const LIMIT: usize = 16_384;

/// The whole script, ready to paste into the EC2 console. The config must have passed its checks; `function_url`
/// (no trailing slash) is where the agent asks for a newer script.
pub fn script(config: &Config, function_url: Option<&str>) -> String {
    let settings = settings::render(config, function_url);
    [
        include_str!("user_data/head.sh"),
        &settings,
        include_str!("user_data/base.sh"),
        include_str!("user_data/install.sh"),
        include_str!("user_data/mailbox.sh"),
        include_str!("user_data/deploy.sh"),
        include_str!("user_data/agent.sh"),
    ]
    .join("\n")
}
