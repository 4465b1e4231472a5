//! Secrets that are sent as they are: GitLab's token, Azure DevOps' header, and a user with a password.
//!
//! They say nothing about the body; nobody who does not know the secret can send one all the same.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::{Absent, accepted, only, refused};
use crate::detect::AZURE_TOKEN;
use crate::http::Headers;
use crate::{Auth, Provider};

pub(crate) struct Token {
    pub(super) header: &'static str,
    pub(super) shown: &'static str,
    /// What the owner has to do there.
    remedy: &'static str,
}

/// GitLab docs, "Webhooks", "Secret token".
pub(super) const GITLAB: Token = Token {
    header: "x-gitlab-token",
    shown: "X-Gitlab-Token",
    remedy: "set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS",
};

/// A line in the field "HTTP headers" of the service hook.
pub(super) const AZURE: Token = Token {
    header: AZURE_TOKEN,
    shown: "X-Pushbox-Token",
    remedy: "set the service hook's HTTP header X-Pushbox-Token at Azure DevOps to the secret in PUSHBOX_WEBHOOK_SECRETS",
};

impl Token {
    pub(super) fn verify(&self, secrets: &[String], headers: &Headers) -> Auth {
        let Token { header, shown, remedy } = self;
        match only(headers, header, shown) {
            Err(Absent::Several(reason)) => refused(header, reason),
            Err(Absent::Missing) if headers.get("webhook-signature").is_some() => refused(
                "",
                "found a signature of a GitLab signing token, but no signing token is configured; add it (whsec_…) to PUSHBOX_WEBHOOK_SECRETS",
            ),
            Err(Absent::Missing) => {
                refused("", format!("expected the header {shown}, found none or an empty one; {remedy}"))
            }
            Ok(token) if is_secret(secrets, token.as_bytes()) => accepted(header),
            Ok(_) => refused(header, format!("{shown} is none of the configured secrets; {remedy}")),
        }
    }
}

pub(super) const BASIC: &str = "authorization";

/// RFC 7617: the secret is `user:password`. Microsoft Learn, "Webhooks with Azure DevOps"; Atlassian's Data Center docs,
/// "Event payload", "HTTP headers".
pub(super) fn verify_basic(provider: Provider, secrets: &[String], headers: &Headers) -> Auth {
    match basic(headers) {
        Err(reason) => refused(BASIC, reason),
        Ok(given) if is_secret(with_user(secrets), &given) => accepted(BASIC),
        Ok(_) => refused(
            BASIC,
            format!(
                "user and password of the Authorization header, as `user:password`, are none of the configured secrets; enter them so in PUSHBOX_WEBHOOK_SECRETS, and at {}",
                provider.label()
            ),
        ),
    }
}

/// `user:password`
pub(super) fn basic(headers: &Headers) -> Result<Vec<u8>, String> {
    let expected = "expected the header Authorization to be `Basic ` and base64 of `user:password`, found";
    let value = only(headers, BASIC, "Authorization").map_err(|absent| match absent {
        Absent::Several(reason) => reason,
        Absent::Missing => format!("{expected} none"),
    })?;
    let encoded =
        value.get(6..).filter(|_| value.get(..6).is_some_and(|kind| kind.eq_ignore_ascii_case("basic ")));
    let given = encoded.and_then(|encoded| BASE64_STANDARD.decode(encoded).ok());
    given.filter(|given| given.contains(&b':')).ok_or_else(|| format!("{expected} something else"))
}

fn with_user(secrets: &[String]) -> impl IntoIterator<Item = &String> {
    secrets.iter().filter(|secret| secret.contains(':'))
}

/// Digests are of one length, so the time tells nothing about the secret's.
pub(super) fn is_secret<'s>(secrets: impl IntoIterator<Item = &'s String>, given: &[u8]) -> bool {
    let given = Sha256::digest(given);
    let fits = |secret: &String| Sha256::digest(secret.as_bytes()).ct_eq(&given);
    secrets.into_iter().map(fits).fold(Choice::from(0), |any, one| any | one).into()
}
