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
    /// Bitbucket Cloud, not Data Center.
    Bitbucket,
}

impl Provider {
    pub const ALL: &'static [Provider] = &[Provider::GitHub, Provider::GitLab, Provider::Bitbucket];

    /// As on the command line and in judgements.
    pub fn name(self) -> &'static str {
        match self {
            Provider::GitHub => "github",
            Provider::GitLab => "gitlab",
            Provider::Bitbucket => "bitbucket",
        }
    }

    /// As people know it.
    pub fn label(self) -> &'static str {
        match self {
            Provider::GitHub => "GitHub",
            Provider::GitLab => "GitLab",
            Provider::Bitbucket => "Bitbucket Cloud",
        }
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
            "expected one of github, gitlab, bitbucket, found `GitHub`"
        );
    }
}
