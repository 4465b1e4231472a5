//! What only the function and the git host know: never part of a config, link or script.

/// `Debug` does not show them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// `PUSHBOX_WEBHOOK_SECRETS`: none of them is empty.
    webhook: Vec<String>,
    /// `PUSHBOX_ADMIN_KEY`.
    admin_key: Option<String>,
}

impl Secrets {
    /// `webhook` holds one secret per line, as `PUSHBOX_WEBHOOK_SECRETS` does; empty lines are skipped.
    /// An empty admin key is none at all, because an empty bearer token must never open anything.
    pub fn new(webhook: &str, admin_key: Option<&str>) -> Secrets {
        Secrets {
            webhook: webhook
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(String::from)
                .collect(),
            admin_key: admin_key.map(str::trim).filter(|key| !key.is_empty()).map(String::from),
        }
    }

    pub fn webhook(&self) -> &[String] {
        &self.webhook
    }

    pub fn admin_key(&self) -> Option<&str> {
        self.admin_key.as_deref()
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({} of the webhook, admin key: {})", self.webhook.len(), self.admin_key.is_some())
    }
}
