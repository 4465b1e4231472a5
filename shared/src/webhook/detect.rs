//! Who sent a delivery, from its headers alone; the most specific ones first.

use super::Provider;
use crate::http::Headers;

/// The provider that sends such headers, if pushbox knows it.
pub fn detect(headers: &Headers) -> Option<Provider> {
    sender(headers).ok()
}

/// Like [`detect`], with what was expected and found where it fails.
pub(super) fn sender(headers: &Headers) -> Result<Provider, String> {
    // Forgejo, Gitea and Gogs send GitHub's headers too, and Forgejo sends Gitea's.
    for (prefix, name) in [("x-forgejo-", "Forgejo"), ("x-gitea-", "Gitea"), ("x-gogs-", "Gogs")] {
        if has_prefix(headers, prefix) {
            return Err(not_yet(name));
        }
    }
    if has_prefix(headers, "x-github-") {
        return Ok(Provider::GitHub);
    }
    if has_prefix(headers, "x-gitlab-") {
        return Ok(Provider::GitLab);
    }
    let key = headers.get("x-event-key");
    if key.is_some_and(is_data_center_key) {
        return Err(not_yet("Bitbucket Data Center"));
    }
    if headers.get("x-hook-uuid").is_some() {
        return Ok(Provider::Bitbucket);
    }
    match key {
        Some(_) if headers.get("x-request-id").is_some() => Err(not_yet("Bitbucket Data Center")),
        Some(_) => Ok(Provider::Bitbucket),
        None => Err("expected the headers of a webhook delivery of GitHub (X-GitHub-Event), GitLab (X-Gitlab-Event) or \
                     Bitbucket Cloud (X-Event-Key), found none of them; enter this URL as a webhook at the git provider"
            .into()),
    }
}

/// Bitbucket Data Center's own event keys; Bitbucket Cloud calls a push `repo:push` and a pull request `pullrequest:…`.
fn is_data_center_key(key: &str) -> bool {
    matches!(key, "repo:refs_changed" | "diagnostics:ping")
        || key.starts_with("pr:")
        || key.starts_with("mirror:")
}

fn has_prefix(headers: &Headers, prefix: &str) -> bool {
    headers.iter().any(|(name, _)| name.starts_with(prefix))
}

fn not_yet(name: &str) -> String {
    format!(
        "expected a delivery of GitHub, GitLab or Bitbucket Cloud, found one of {name}, which is not supported yet"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(headers: &[(&str, &str)], expect: &Expect) {
        let headers = headers.iter().copied().collect();
        expect.assert_eq(&match sender(&headers) {
            Ok(provider) => provider.label().to_string(),
            Err(message) => message,
        });
    }

    #[test]
    fn the_three_are_known_by_their_headers() {
        check(&[("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "")], &expect!["GitHub"]);
        check(&[("X-Gitlab-Event", "Push Hook")], &expect!["GitLab"]);
        check(
            &[("X-Event-Key", "repo:push"), ("X-Hook-UUID", "1"), ("X-Request-UUID", "2")],
            &expect!["Bitbucket Cloud"],
        );
        check(
            &[("X-Event-Key", "repo:push"), ("X-Hook-UUID", "1"), ("X-Request-Id", "2")],
            &expect!["Bitbucket Cloud"],
        );
        check(&[("X-Event-Key", "repo:push")], &expect!["Bitbucket Cloud"]);
    }

    #[test]
    fn the_next_of_kin_are_not_mistaken_for_them() {
        check(
            &[("X-GitHub-Event", "push"), ("X-Gogs-Event", "push"), ("X-Gitea-Event", "push")],
            &expect![
                "expected a delivery of GitHub, GitLab or Bitbucket Cloud, found one of Gitea, which is not supported yet"
            ],
        );
        check(
            &[("X-GitHub-Event", "push"), ("X-Gitea-Event", "push"), ("X-Forgejo-Event", "push")],
            &expect![
                "expected a delivery of GitHub, GitLab or Bitbucket Cloud, found one of Forgejo, which is not supported yet"
            ],
        );
        check(
            &[("X-GitHub-Event", "push"), ("X-Gogs-Delivery", "1")],
            &expect![
                "expected a delivery of GitHub, GitLab or Bitbucket Cloud, found one of Gogs, which is not supported yet"
            ],
        );
        for key in ["repo:refs_changed", "pr:opened", "mirror:repo_synchronized", "diagnostics:ping"] {
            check(
                &[("X-Event-Key", key)],
                &expect![
                    "expected a delivery of GitHub, GitLab or Bitbucket Cloud, found one of Bitbucket Data Center, which is not supported yet"
                ],
            );
        }
        check(
            &[("X-Event-Key", "repo:forked"), ("X-Request-Id", "1")],
            &expect![
                "expected a delivery of GitHub, GitLab or Bitbucket Cloud, found one of Bitbucket Data Center, which is not supported yet"
            ],
        );
    }

    #[test]
    fn anything_else_is_nobodys() {
        check(
            &[("Content-Type", "application/json")],
            &expect![
                "expected the headers of a webhook delivery of GitHub (X-GitHub-Event), GitLab (X-Gitlab-Event) or Bitbucket Cloud (X-Event-Key), found none of them; enter this URL as a webhook at the git provider"
            ],
        );
    }
}
