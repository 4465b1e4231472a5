//! The config in one sentence.

use pushbox_shared::config::Config;

/// A piece of the sentence; what comes from the config is set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Words(&'static str),
    Value(String),
}

/// What will happen, for a config whose repository is known.
pub fn sentence(config: &Config) -> Vec<Piece> {
    use Piece::{Value, Words};
    let refs = config.repo.refs.iter().map(|name| short_ref(name)).collect::<Vec<_>>().join(", ");
    let kind = config.box_.types.first().cloned().unwrap_or_default();
    let mut pieces =
        vec![Words("On a push to "), Value(refs), Words(" of "), Value(repository(&config.repo.url))];
    pieces.extend([Words(", pushbox builds its "), Value(config.build.dockerfile.clone())]);
    pieces.extend([Words(" on a "), Value(kind), Words(" in "), Value(config.box_.region.clone())]);
    pieces.extend([Words(" and serves port "), Value(config.run.port.to_string())]);
    pieces.push(Words(" on port 80."));
    pieces
}

/// `main`, `tag v*`
fn short_ref(name: &str) -> String {
    let branch = name.strip_prefix("refs/heads/").map(String::from);
    let tag = || name.strip_prefix("refs/tags/").map(|tag| format!("tag {tag}"));
    branch.or_else(tag).unwrap_or_else(|| name.to_string())
}

/// `usil/foo`: the last two parts of a URL.
fn repository(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let url = url.strip_suffix(".git").unwrap_or(url);
    let mut parts: Vec<&str> = url.rsplit(['/', ':']).take(2).collect();
    parts.reverse();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use pushbox_shared::checked::read;
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(document: &Value, expected: &str) {
        let text: String = sentence(&read(document).0)
            .into_iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.to_string(),
                Piece::Value(value) => value,
            })
            .collect();
        assert_eq!(text, expected);
    }

    #[test]
    fn the_config_in_plain_words() {
        check(
            &json!({"app": "a", "repo": {"url": "https://github.com/usil/foo.git"}}),
            "On a push to main of usil/foo, pushbox builds its Dockerfile on a t4g.small in us-east-1 and serves port 3000 on port 80.",
        );
        check(
            &json!({"app": "a", "repo": {"url": "git@gitlab.com:a/b/c", "refs": ["refs/heads/x", "refs/tags/v*"]},
                "build": {"dockerfile": "ci/Dockerfile"}}),
            "On a push to x, tag v* of b/c, pushbox builds its ci/Dockerfile on a t4g.small in us-east-1 and serves port 3000 on port 80.",
        );
    }
}
