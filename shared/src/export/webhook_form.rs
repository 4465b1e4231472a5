//! What a person enters at the git host, in that host's own words.
//!
//! Sources: each provider's page on webhooks, as named in `docs/webhooks.md`.

use crate::repo_url::RepoUrl;
use crate::webhook::Provider;

/// The form of one git host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookForm {
    /// As people know it.
    pub host: &'static str,
    /// The way to the form.
    pub place: &'static str,
    fields: &'static [(&'static str, Value)],
}

/// What belongs into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Url,
    Secret,
    /// For hosts that send any header that they are told to, and sign nothing.
    SecretHeader,
    Text(&'static str),
}

impl WebhookForm {
    /// The names of the fields, and what belongs into them.
    pub fn fields(&self) -> &'static [(&'static str, Value)] {
        self.fields
    }
}

impl Value {
    /// As it is entered.
    pub fn text(self, url: &str, secret: &str) -> String {
        match self {
            Value::Url => url.to_string(),
            Value::Secret => secret.to_string(),
            Value::SecretHeader => format!("X-Pushbox-Token:{secret}"),
            Value::Text(text) => text.to_string(),
        }
    }
}

/// The form of the host that a repository is at, as far as its name tells.
pub fn of(repo_url: &str) -> WebhookForm {
    provider(repo_url).map_or(ANY, form)
}

fn provider(repo_url: &str) -> Option<Provider> {
    let host = RepoUrl::parse(repo_url).ok()?.host.to_ascii_lowercase();
    let named = |name: &str| host.split('.').any(|label| label == name);
    let is = |name: &str| host == name || host.ends_with(&format!(".{name}"));
    let known = [
        (is("github.com") || named("github"), Provider::GitHub),
        (named("gitlab"), Provider::GitLab),
        (is("bitbucket.org"), Provider::Bitbucket),
        (named("bitbucket"), Provider::BitbucketServer),
        (is("codeberg.org") || named("forgejo"), Provider::Forgejo),
        (named("gitea"), Provider::Gitea),
        (named("gogs"), Provider::Gogs),
        (is("dev.azure.com") || is("visualstudio.com"), Provider::AzureDevOps),
    ];
    known.into_iter().find_map(|(is_it, provider)| is_it.then_some(provider))
}

const JSON: Value = Value::Text("application/json");

const ANY: WebhookForm = WebhookForm {
    host: "your git host",
    place: "In the repository's settings, under Webhooks",
    fields: &[
        ("URL", Value::Url),
        ("Content type", Value::Text("JSON, where there is a choice")),
        ("Secret", Value::Secret),
        ("Events", Value::Text("pushes only")),
    ],
};

fn form(provider: Provider) -> WebhookForm {
    let (place, fields): (_, &'static [_]) = match provider {
        Provider::GitHub => (
            "Settings, Webhooks, Add webhook",
            &[
                ("Payload URL", Value::Url),
                ("Content type", JSON),
                ("Secret", Value::Secret),
                ("Which events would you like to trigger this webhook?", Value::Text("Just the push event.")),
            ],
        ),
        Provider::GitLab => (
            "Settings, Webhooks, Add new webhook",
            &[
                ("URL", Value::Url),
                ("Secret token", Value::Secret),
                ("Trigger", Value::Text("Push events, Tag push events")),
            ],
        ),
        Provider::Bitbucket => (
            "Repository settings, Webhooks, Add webhook",
            &[
                ("Title", Value::Text("pushbox")),
                ("URL", Value::Url),
                ("Secret", Value::Secret),
                ("Triggers", Value::Text("Repository push")),
            ],
        ),
        Provider::BitbucketServer => (
            "Repository settings, Webhooks, Create webhook",
            &[
                ("Name", Value::Text("pushbox")),
                ("URL", Value::Url),
                ("Secret", Value::Secret),
                ("Events", Value::Text("Repository: Push")),
            ],
        ),
        Provider::Gitea | Provider::Forgejo => (
            "Settings, Webhooks, Add Webhook",
            &[
                ("Target URL", Value::Url),
                ("HTTP method", Value::Text("POST")),
                ("POST content type", JSON),
                ("Secret", Value::Secret),
                ("Trigger on", Value::Text("Push events")),
            ],
        ),
        Provider::Gogs => (
            "Settings, Webhooks, Add a new webhook: Gogs",
            &[
                ("Payload URL", Value::Url),
                ("Content Type", JSON),
                ("Secret", Value::Secret),
                ("When should this webhook be triggered?", Value::Text("Just the push event.")),
            ],
        ),
        Provider::AzureDevOps => (
            "Project settings, Service hooks, Create subscription: Web Hooks, Code pushed",
            &[
                ("URL", Value::Url),
                ("HTTP headers", Value::SecretHeader),
                ("Resource details to send", Value::Text("All")),
            ],
        ),
    };
    WebhookForm { host: provider.label(), place, fields }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_told_by_its_name() {
        for (url, host) in [
            ("https://github.com/usil/foo.git", "GitHub"),
            ("git@github.com:usil/foo.git", "GitHub"),
            ("https://gitlab.example.org/usil/foo", "GitLab"),
            ("https://bitbucket.org/usil/foo", "Bitbucket Cloud"),
            ("https://bitbucket.example.org/scm/usil/foo.git", "Bitbucket Data Center"),
            ("https://codeberg.org/usil/foo", "Forgejo"),
            ("https://gitea.com/usil/foo", "Gitea"),
            ("https://usil@dev.azure.com/usil/p/_git/foo", "Azure DevOps"),
            ("git@ssh.dev.azure.com:v3/usil/p/foo", "Azure DevOps"),
            ("https://git.example.org/usil/foo", "your git host"),
            ("nothing of this kind", "your git host"),
        ] {
            assert_eq!(of(url).host, host, "{url}");
        }
    }

    #[test]
    fn every_form_asks_for_url_and_secret() {
        for form in Provider::ALL.iter().map(|provider| form(*provider)).chain([ANY]) {
            let fields: Vec<_> =
                form.fields().iter().map(|(_, value)| value.text("<url>", "<secret>")).collect();
            for wanted in ["<url>", "<secret>"] {
                assert_eq!(fields.iter().filter(|value| value.contains(wanted)).count(), 1, "{form:?}");
            }
        }
    }
}
