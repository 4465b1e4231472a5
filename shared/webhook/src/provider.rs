//! The git hosts whose webhooks pushbox understands, by their names.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A git host's webhook dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    GitHub,
    GitLab,
    /// Bitbucket Cloud.
    Bitbucket,
    /// Bitbucket Data Center, once Bitbucket Server.
    #[serde(rename = "bitbucket-server")]
    BitbucketServer,
    Gitea,
    Forgejo,
    Gogs,
    AzureDevOps,
}

impl Provider {
    pub const ALL: &'static [Provider] = &[
        Provider::GitHub,
        Provider::GitLab,
        Provider::Bitbucket,
        Provider::BitbucketServer,
        Provider::Gitea,
        Provider::Forgejo,
        Provider::Gogs,
        Provider::AzureDevOps,
    ];

    /// As on the command line and in judgements.
    pub fn name(self) -> &'static str {
        match self {
            Provider::GitHub => "github",
            Provider::GitLab => "gitlab",
            Provider::Bitbucket => "bitbucket",
            Provider::BitbucketServer => "bitbucket-server",
            Provider::Gitea => "gitea",
            Provider::Forgejo => "forgejo",
            Provider::Gogs => "gogs",
            Provider::AzureDevOps => "azuredevops",
        }
    }

    /// As people know it.
    pub fn label(self) -> &'static str {
        match self {
            Provider::GitHub => "GitHub",
            Provider::GitLab => "GitLab",
            Provider::Bitbucket => "Bitbucket Cloud",
            Provider::BitbucketServer => "Bitbucket Data Center",
            Provider::Gitea => "Gitea",
            Provider::Forgejo => "Forgejo",
            Provider::Gogs => "Gogs",
            Provider::AzureDevOps => "Azure DevOps",
        }
    }

    /// The header that names the event; Azure DevOps names it in the body.
    pub fn event_header(self) -> Option<&'static str> {
        match self {
            Provider::GitHub => Some("x-github-event"),
            Provider::GitLab => Some("x-gitlab-event"),
            Provider::Bitbucket | Provider::BitbucketServer => Some("x-event-key"),
            Provider::Gitea => Some("x-gitea-event"),
            Provider::Forgejo => Some("x-forgejo-event"),
            Provider::Gogs => Some("x-gogs-event"),
            Provider::AzureDevOps => None,
        }
    }

    /// The headers that hold the id which a repeated delivery keeps, the best first; Azure DevOps has it in the body.
    pub fn delivery_headers(self) -> &'static [&'static str] {
        match self {
            Provider::GitHub => &["x-github-delivery"],
            Provider::GitLab => &["idempotency-key", "webhook-id", "x-gitlab-event-uuid"],
            Provider::Bitbucket => &["x-request-uuid"],
            Provider::BitbucketServer => &["x-request-id"],
            Provider::Gitea => &["x-gitea-delivery"],
            Provider::Forgejo => &["x-forgejo-delivery"],
            Provider::Gogs => &["x-gogs-delivery"],
            Provider::AzureDevOps => &[],
        }
    }

    /// Gogs and what descends from it: they speak nearly GitHub's dialect, and sign the JSON wherever it is.
    pub(crate) fn is_of_gogs(self) -> bool {
        matches!(self, Provider::Gitea | Provider::Forgejo | Provider::Gogs)
    }

    /// Whether a webhook can be a GET with everything in its query, as Gitea and Forgejo offer.
    pub fn sends_gets(self) -> bool {
        matches!(self, Provider::Gitea | Provider::Forgejo)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Provider {
    type Err = String;

    fn from_str(name: &str) -> Result<Provider, String> {
        let found = Provider::ALL.iter().copied().find(|provider| provider.name() == name);
        found.ok_or_else(|| {
            let names: Vec<_> = Provider::ALL.iter().map(|provider| provider.name()).collect();
            format!("expected one of {}, found `{name}`", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_everywhere() {
        for provider in Provider::ALL {
            assert_eq!(provider.name().parse(), Ok(*provider));
            assert_eq!(serde_json::to_value(provider).unwrap(), provider.name());
        }
        assert_eq!(
            "GitHub".parse::<Provider>().unwrap_err(),
            "expected one of github, gitlab, bitbucket, bitbucket-server, gitea, forgejo, gogs, azuredevops, found `GitHub`"
        );
    }
}
