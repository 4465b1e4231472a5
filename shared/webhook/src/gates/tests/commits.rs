//! What the commits of a push say: their messages, and the files that they change.

use super::*;
use crate::gates::{SKIP_MARKERS, skip_marker};

fn commits(messages: &[Option<&str>]) -> Value {
    messages.iter().map(|message| json!({ "id": "x", "message": message, "added": ["a"] })).collect()
}

#[test]
fn skip_markers() {
    let skipping = json!({ "id": COMMIT, "message": "Fix\n\n[Skip CI]" });
    let head = |commits: Value| json!({ "head_commit": skipping, "commits": commits });
    check(
        &wants(),
        head(commits(&[Some("a [ci skip]"), Some("[skip ci]")])),
        &expect![
            "skip: every commit of the push asks to be skipped ([ci skip]), and webhook.skip_markers is on"
        ],
    );
    check(
        &wants(),
        head(json!([])),
        &expect![
            "skip: every commit of the push asks to be skipped ([skip ci]), and webhook.skip_markers is on"
        ],
    );
    check(
        &wants(),
        head(json!(null)),
        &expect![
            "skip: every commit of the push asks to be skipped ([skip ci]), and webhook.skip_markers is on"
        ],
    );
    check(
        &wants(),
        head(commits(&[Some("a"), Some("[skip ci]")])),
        &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"],
    );
    check(
        &wants(),
        head(commits(&[None, Some("[skip ci]")])),
        &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"],
    );
    check(
        &wants(),
        json!({ "head_commit": null, "commits": [] }),
        &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"],
    );
    let mut tag = head(json!([]));
    tag["ref"] = "refs/tags/v1".into();
    let mut tags = wants();
    tags.refs = vec!["refs/tags/**".into()];
    check(&tags, tag, &expect![": refs/tags/v1 is wanted by repo.refs (`refs/tags/**`)"]);
    let mut off = wants();
    off.skip_markers = false;
    check(&off, head(json!([])), &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"]);
}

#[test]
fn every_marker_counts_in_any_case() {
    for marker in SKIP_MARKERS {
        for message in [marker.to_string(), format!("é[ {} x", marker.to_uppercase())] {
            assert_eq!(skip_marker(&message), Some(marker));
        }
    }
    for message in ["", "skip ci", "[skip  ci]", "[skip ci", "[[[", "[skip deploy]"] {
        assert_eq!(skip_marker(message), None);
    }
}

#[test]
fn paths() {
    let mut wants = wants();
    wants.paths = vec!["src/**".into(), "!**/*.md".into()];
    let files = |files: &[&str]| json!({ "commits": [{ "modified": ["a.md"] }, { "added": files }] });
    check(
        &wants,
        files(&["src/main.rs", "docs/a.md"]),
        &expect![": refs/heads/main is wanted by repo.refs (`refs/heads/main`)"],
    );
    check(
        &wants,
        files(&["src/a.md", "docs/b", "docs/c", "docs/d"]),
        &expect![
            "paths: only `a.md`, `src/a.md`, `docs/b` and 2 more changed, and repo.paths wants `src/**`, `!**/*.md`"
        ],
    );
    // What is not known deploys.
    for unknown in [
        json!({ "commits": [] }),
        json!({ "commits": null }),
        json!({ "commits": "many" }),
        json!({ "commits": [{ "id": COMMIT }] }),
        json!({ "commits": [{ "added": [], "modified": [], "removed": [] }] }),
        json!({ "commits": [{ "added": [7] }] }),
        json!({ "commits": [7] }),
        json!({ "commits": vec![json!({ "added": ["docs/a"] }); 2048] }),
        json!({ "commits": [{ "added": vec!["docs/a"; 1000], "removed": vec!["docs/b"; 2000] }] }),
        json!({ "commits": [{ "added": ["docs/a"] }], "forced": true }),
    ] {
        assert!(
            changes(&wants, Provider::GitHub, None, &push(unknown.clone()))[0].verdict.deploy,
            "{unknown}"
        );
    }
}
