//! The script that a box runs, from the config. Same config, same bytes: it carries no date, version or commit.
//!
//! The settings at its top hold all that a person wrote, and every text in them goes through [`quote`]. The rest are the
//! `.sh` files beside this one, whose lines between `#if feature` and `#end` are there for configs that need them.

mod packed;
mod quote;
mod settings;

pub use packed::{Packed, check, packed};
pub use quote::quote;

use crate::config::Config;

/// EC2 takes this many bytes of user data, before base64.
pub const LIMIT: usize = 16_384;

const PARTS: [&str; 5] = [
    include_str!("user_data/base.sh"),
    include_str!("user_data/install.sh"),
    include_str!("user_data/mailbox.sh"),
    include_str!("user_data/deploy.sh"),
    include_str!("user_data/agent.sh"),
];

/// The whole script, ready to paste into the EC2 console. The config must have passed its checks; `function_url`
/// (no trailing slash) is where the agent asks for a newer script.
pub fn script(config: &Config, function_url: Option<&str>) -> String {
    let settings = settings::render(config, function_url);
    let mut script = format!("{}\n{settings}", include_str!("user_data/head.sh"));
    for part in PARTS {
        script.push('\n');
        script.push_str(&with_features(part, &|feature| has(feature, config, function_url)));
    }
    script
}

/// The words that may follow an `#if`.
fn has(feature: &str, config: &Config, function_url: Option<&str>) -> bool {
    let globs = config.repo.refs.iter().any(|name| name.contains(['*', '?']));
    match feature {
        "exact refs" => !globs,
        "globs" => globs,
        "function" => function_url.is_some(),
        "not yet" => !settings::not_yet(config).is_empty(),
        "poll" => config.repo.poll_minutes.is_some(),
        "submodules" => config.repo.submodules,
        _ => false,
    }
}

fn with_features(part: &str, has: &dyn Fn(&str) -> bool) -> String {
    let mut kept = String::with_capacity(part.len());
    let mut keep = true;
    for line in part.lines() {
        if let Some(feature) = line.strip_prefix("#if ") {
            keep = has(feature);
        } else if line == "#end" {
            keep = true;
        } else if keep {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_if_names_a_feature_and_ends() {
        let known = ["exact refs", "globs", "function", "not yet", "poll", "submodules"];
        for part in PARTS {
            let mut open = None;
            for line in part.lines().filter(|line| line.starts_with("#if") || line.starts_with("#end")) {
                match line.strip_prefix("#if ") {
                    Some(feature) => {
                        assert!(known.contains(&feature), "unknown feature: {line}");
                        assert_eq!(open.replace(feature), None, "{line} is inside another");
                    }
                    None => assert!(open.take().is_some(), "#end without #if"),
                }
            }
            assert_eq!(open, None);
        }
    }
}
