//! Who sent a delivery, from its headers alone; the most specific ones first.

use crate::Provider;
use crate::http::Headers;

/// The provider that sends such headers, if pushbox knows it.
pub fn detect(headers: &Headers) -> Option<Provider> {
    sender(headers).ok()
}

/// Forgejo, Gitea and Gogs send GitHub's headers too, and Forgejo sends Gitea's.
const PREFIXES: [(&str, Provider); 5] = [
    ("x-forgejo-", Provider::Forgejo),
    ("x-gitea-", Provider::Gitea),
    ("x-gogs-", Provider::Gogs),
    ("x-github-", Provider::GitHub),
    ("x-gitlab-", Provider::GitLab),
];

/// Like [`detect`], with what was expected and found where it fails.
pub(crate) fn sender(headers: &Headers) -> Result<Provider, String> {
    let sends = |prefix: &str| headers.iter().any(|(name, _)| name.starts_with(prefix));
    if let Some((_, provider)) = PREFIXES.into_iter().find(|(prefix, _)| sends(prefix)) {
        return Ok(provider);
    }
    let key = headers.get("x-event-key");
    if key.is_some() || headers.get("x-hook-uuid").is_some() {
        return Ok(atlassian(key.unwrap_or_default(), headers));
    }
    // Azure DevOps has no header of its own: it is known by how it shows that it is no stranger.
    if headers.get(AZURE_TOKEN).is_some() || headers.get("authorization").is_some_and(is_basic) {
        return Ok(Provider::AzureDevOps);
    }
    Err("expected the headers of a webhook delivery of GitHub, Gitea, Forgejo or Gogs (X-GitHub-Event), GitLab (X-Gitlab-Event), \
         Bitbucket (X-Event-Key) or Azure DevOps (Authorization: Basic, or X-Pushbox-Token), found none of them; enter this URL \
         as a webhook at the git provider"
        .into())
}

/// A header that only pushbox knows, for those who would rather not have a user and a password.
pub(crate) const AZURE_TOKEN: &str = "x-pushbox-token";

/// Bitbucket's two products call different events by the same kind of key.
fn atlassian(key: &str, headers: &Headers) -> Provider {
    // Bitbucket Cloud calls a push `repo:push` and a pull request `pullrequest:…`.
    let of_data_center = matches!(key, "repo:refs_changed" | "diagnostics:ping")
        || ["pr:", "mirror:", "project:"].iter().any(|kind| key.starts_with(kind));
    let of_cloud = headers.get("x-hook-uuid").is_some() || headers.get("x-request-id").is_none();
    if of_data_center || !of_cloud { Provider::BitbucketServer } else { Provider::Bitbucket }
}

fn is_basic(authorization: &str) -> bool {
    authorization.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: Provider, headers: &[(&str, &str)]) {
        assert_eq!(detect(&headers.iter().copied().collect()), Some(expected), "{headers:?}");
    }

    #[test]
    fn each_is_known_by_its_headers() {
        check(Provider::GitHub, &[("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "")]);
        check(Provider::GitLab, &[("X-Gitlab-Event", "Push Hook")]);
        check(Provider::AzureDevOps, &[("Authorization", "Basic dTpw")]);
        check(Provider::AzureDevOps, &[("authorization", "basic ")]);
        check(Provider::AzureDevOps, &[("X-Pushbox-Token", "")]);
    }

    #[test]
    fn whoever_sends_githubs_headers_too_is_not_taken_for_github() {
        let github = [("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "1"), ("X-Hub-Signature-256", "")];
        for (expected, own) in [
            (Provider::Gogs, &["X-Gogs-Delivery"][..]),
            (Provider::Gitea, &["X-Gogs-Event", "X-Gitea-Event"]),
            (Provider::Forgejo, &["X-Gogs-Event", "X-Gitea-Event", "X-Forgejo-Event"]),
            (Provider::Forgejo, &["X-Forgejo-Signature"]),
        ] {
            let own = own.iter().map(|name| (*name, "x"));
            let headers: Vec<_> = github.into_iter().chain(own).collect();
            check(expected, &headers);
            check(expected, &headers.iter().rev().copied().collect::<Vec<_>>());
        }
    }

    #[test]
    fn bitbuckets_two_products_are_told_apart() {
        let cloud = [("X-Hook-UUID", "1"), ("X-Request-UUID", "2")];
        let server = [("X-Request-Id", "1"), ("X-Hub-Signature", "")];
        for key in ["repo:push", "repo:fork", "pullrequest:created", "issue:created"] {
            check(Provider::Bitbucket, &[cloud[0], cloud[1], ("X-Event-Key", key)]);
            check(Provider::Bitbucket, &[cloud[0], server[0], ("X-Event-Key", key)]);
            check(Provider::Bitbucket, &[("X-Event-Key", key)]);
        }
        check(Provider::Bitbucket, &cloud);
        for key in ["repo:refs_changed", "pr:opened", "mirror:repo_synchronized", "diagnostics:ping"] {
            check(Provider::BitbucketServer, &[server[0], server[1], ("X-Event-Key", key)]);
            check(Provider::BitbucketServer, &[("X-Event-Key", key), ("Authorization", "Basic dTpw")]);
        }
        check(Provider::BitbucketServer, &[server[0], ("X-Event-Key", "repo:forked")]);
    }

    #[test]
    fn anything_else_is_nobodys() {
        for headers in [
            &[][..],
            &[("Content-Type", "application/json"), ("X-Hub-Signature-256", "sha256=")],
            &[("Authorization", "Bearer key")],
            &[("Authorization", "Basic")],
            &[("X-Gitee-Event", "Push Hook"), ("X-Gitee-Token", "x"), ("User-Agent", "git-oschina-hook")],
            &[("X-Harness-Trigger", "branch_updated"), ("X-Harness-Signature", "x")],
        ] {
            let headers = headers.iter().copied().collect();
            assert_eq!(detect(&headers), None, "{headers:?}");
            assert!(sender(&headers).unwrap_err().contains("Azure DevOps"));
        }
    }
}
