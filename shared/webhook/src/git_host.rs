//! What a git host calls things: who a token logs in as, and how a commit gets its status.

use serde_json::Value;

use crate::percent;
use crate::repo_url::RepoUrl;

/// A host that is known by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitHost {
    kind: Kind,
    /// `https://gitlab.example.org:8443/`
    pub origin: String,
    /// `usil/foo`
    path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    GitHub,
    /// Also somebody's own, where the name says so.
    GitLab,
    Bitbucket,
    Other,
}

/// The request that gives a commit its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitStatus {
    /// With `COMMIT` in place of the commit.
    pub url: String,
    /// A header, to be followed by the token.
    pub header: &'static str,
    /// A program of jq, where `$why` is known, and that `$state` is started, done or failed.
    pub body: String,
}

impl GitHost {
    /// Nothing where that is no URL.
    pub fn of(url: &str) -> Option<GitHost> {
        let repo = RepoUrl::parse(url).ok()?;
        let host = repo.host.to_ascii_lowercase();
        let kind = match host.as_str() {
            "github.com" | "www.github.com" | "ssh.github.com" => Kind::GitHub,
            "bitbucket.org" | "www.bitbucket.org" | "altssh.bitbucket.org" => Kind::Bitbucket,
            _ if host.split('.').any(|label| label == "gitlab") => Kind::GitLab,
            _ => Kind::Other,
        };
        let is_web = url.starts_with("http");
        let scheme = if url.starts_with("http://") { "http" } else { "https" };
        // The port of ssh says nothing about that of the web.
        let port = repo.port.filter(|_| is_web).map(|port| format!(":{port}")).unwrap_or_default();
        Some(GitHost { kind, origin: format!("{scheme}://{host}{port}/"), path: repo.path.into() })
    }

    /// Whose password a token is. Source: each host's page on access tokens.
    pub fn token_user(&self) -> &'static str {
        match self.kind {
            Kind::GitHub => "x-access-token",
            Kind::Bitbucket => "x-token-auth",
            Kind::GitLab | Kind::Other => "oauth2",
        }
    }

    /// Nothing where the host is not known. Sources: "REST API endpoints for commit statuses" of GitHub, "Commits API" of
    /// GitLab, "Commit statuses" of Bitbucket Cloud's REST API.
    pub fn commit_status(&self, app: &str) -> Option<CommitStatus> {
        let GitHost { origin, path, .. } = self;
        let name = Value::from(format!("pushbox/{app}"));
        Some(match self.kind {
            Kind::GitHub => CommitStatus {
                url: format!("https://api.github.com/repos/{path}/statuses/COMMIT"),
                header: "Authorization: Bearer ",
                body: format!(
                    "{{state: {}, context: {name}, description: $why}}",
                    words("pending", "success", "failure")
                ),
            },
            Kind::GitLab => CommitStatus {
                url: format!(
                    "{origin}api/v4/projects/{}/statuses/COMMIT",
                    percent::encode(path).replace('/', "%2F")
                ),
                header: "PRIVATE-TOKEN: ",
                body: format!(
                    "{{state: {}, name: {name}, description: $why}}",
                    words("pending", "success", "failed")
                ),
            },
            Kind::Bitbucket => CommitStatus {
                url: format!(
                    "https://api.bitbucket.org/2.0/repositories/{path}/commit/COMMIT/statuses/build"
                ),
                header: "Authorization: Bearer ",
                body: format!(
                    "{{state: {}, key: {}, name: {name}, url: {}, description: $why}}",
                    words("INPROGRESS", "SUCCESSFUL", "FAILED"),
                    // At most 40 characters, which is what the name of an app may have.
                    Value::from(app),
                    Value::from(format!("https://bitbucket.org/{path}"))
                ),
            },
            Kind::Other => return None,
        })
    }
}

/// The host's words for the states of a deploy.
fn words(started: &str, done: &str, failed: &str) -> String {
    format!("{{started: \"{started}\", done: \"{done}\", failed: \"{failed}\"}}[$state]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_by_name() {
        for (url, origin, user, status) in [
            (
                "git@github.com:usil/foo.git",
                "https://github.com/",
                "x-access-token",
                "https://api.github.com/repos/usil/foo/statuses/COMMIT",
            ),
            (
                "https://gitlab.example.org:8443/a/b/foo.git",
                "https://gitlab.example.org:8443/",
                "oauth2",
                "https://gitlab.example.org:8443/api/v4/projects/a%2Fb%2Ffoo/statuses/COMMIT",
            ),
            (
                "ssh://git@gitlab.com:2222/usil/foo",
                "https://gitlab.com/",
                "oauth2",
                "https://gitlab.com/api/v4/projects/usil%2Ffoo/statuses/COMMIT",
            ),
            (
                "https://bitbucket.org/usil/foo.git",
                "https://bitbucket.org/",
                "x-token-auth",
                "https://api.bitbucket.org/2.0/repositories/usil/foo/commit/COMMIT/statuses/build",
            ),
            ("http://git.test/usil/foo.git", "http://git.test/", "oauth2", ""),
        ] {
            let host = GitHost::of(url).unwrap();
            assert_eq!((host.origin.as_str(), host.token_user()), (origin, user), "{url}");
            assert_eq!(
                host.commit_status("my_app").map_or(String::new(), |asked| asked.url),
                status,
                "{url}"
            );
        }
        assert_eq!(GitHost::of("nothing of this kind"), None);
    }

    /// Bitbucket refuses a longer key, so that no commit would ever get a status.
    #[test]
    fn bitbucket_gets_a_key_of_at_most_40_characters() {
        let app = "a".repeat(40);
        let status = GitHost::of("https://bitbucket.org/usil/foo").unwrap().commit_status(&app).unwrap();
        assert!(
            status.body.contains(&format!(", key: \"{app}\", name: \"pushbox/{app}\", ")),
            "{}",
            status.body
        );
    }
}
