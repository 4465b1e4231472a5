//! Whether a delivery is authentic: decided over the raw bytes, in constant time, before anything is parsed.
//!
//! The most specific scheme that a delivery uses decides alone: what it refuses, no weaker header rescues. A delivery that is
//! forged costs one hash for each secret.

pub(crate) mod explain;
pub(crate) mod hub;
pub(crate) mod standard;
mod token;

use crate::http::{Headers, Request};
use crate::unix_time::UnixTime;
use crate::{Auth, Provider, Wanted, body, detect};
use hub::Hub;
use token::Token;

/// Tries every configured secret, so that one can be replaced without losing a delivery. `now` is the time since 1970;
/// only GitLab's signing tokens need it.
pub fn verify(provider: Provider, wanted: &Wanted<'_>, request: &Request, now: UnixTime) -> Auth {
    match body::signed(provider, request) {
        Ok(signed) => check(provider, wanted, &request.headers, &signed, now),
        Err(reason) => refused("", reason),
    }
}

/// `signed` holds the bytes that a signature covers.
pub(crate) fn check(
    provider: Provider,
    wanted: &Wanted<'_>,
    headers: &Headers,
    signed: &[u8],
    now: UnixTime,
) -> Auth {
    let secrets = wanted.secrets;
    if secrets.is_empty() {
        return refused(
            "",
            "no webhook secret is configured, so no delivery can be authentic; set PUSHBOX_WEBHOOK_SECRETS to the secret that the webhook has at the provider",
        );
    }
    match scheme(provider, wanted, headers) {
        Ok(Scheme::Hub(hub)) => hub.verify(secrets, headers, signed),
        Ok(Scheme::SigningToken) => standard::verify(secrets, headers, signed, now),
        Ok(Scheme::Token(token)) => token.verify(secrets, headers),
        Ok(Scheme::Basic) => token::verify_basic(provider, secrets, headers),
        Err(refused) => refused,
    }
}

/// How a delivery shows that it is authentic.
#[derive(Clone, Copy)]
pub(crate) enum Scheme {
    /// An HMAC over the body.
    Hub(&'static Hub),
    /// GitLab's: an HMAC over id, time and body.
    SigningToken,
    /// The secret itself in a header.
    Token(&'static Token),
    /// User and password.
    Basic,
}

impl Scheme {
    /// The header that decides.
    pub(crate) fn header(&self) -> &'static str {
        match self {
            Scheme::Hub(hub) => hub.header,
            Scheme::SigningToken => standard::HEADER,
            Scheme::Token(token) => token.header,
            Scheme::Basic => token::BASIC,
        }
    }
}

pub(crate) fn scheme(provider: Provider, wanted: &Wanted<'_>, headers: &Headers) -> Result<Scheme, Auth> {
    let has = |name: &str| headers.get(name).is_some();
    Ok(match provider {
        Provider::GitHub if has(hub::GITHUB.header) || !has(hub::GITHUB_SHA1.header) => {
            Scheme::Hub(&hub::GITHUB)
        }
        Provider::GitHub if wanted.allow_sha1 => Scheme::Hub(&hub::GITHUB_SHA1),
        Provider::GitHub => {
            return Err(refused(
                hub::GITHUB_SHA1.header,
                "found only the old X-Hub-Signature (SHA-1), expected X-Hub-Signature-256; update the sender, or set webhook.allow_sha1 to true",
            ));
        }
        Provider::GitLab if wanted.secrets.iter().any(|secret| standard::is_signing_token(secret)) => {
            Scheme::SigningToken
        }
        Provider::GitLab => Scheme::Token(&token::GITLAB),
        // With a secret it signs, and with a user and a password it sends those; who has both must sign.
        Provider::BitbucketServer if has("authorization") && !has(hub::BITBUCKET.header) => Scheme::Basic,
        Provider::Bitbucket | Provider::BitbucketServer => Scheme::Hub(&hub::BITBUCKET),
        Provider::Gitea => Scheme::Hub(&hub::GITEA),
        Provider::Forgejo => Scheme::Hub(&hub::FORGEJO),
        Provider::Gogs => Scheme::Hub(&hub::GOGS),
        Provider::AzureDevOps if has(detect::AZURE_TOKEN) => Scheme::Token(&token::AZURE),
        Provider::AzureDevOps => Scheme::Basic,
    })
}

/// A header that decides must be there once and say something. Lambda joins repeated ones with a comma, and such a value is
/// neither hex nor base64 nor a secret, so it is refused as well.
fn only<'h>(headers: &'h Headers, name: &str, shown: &str) -> Result<&'h str, Absent> {
    let mut values = headers.iter().filter(|(key, _)| *key == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None | Some(""), None) => Err(Absent::Missing),
        (Some(value), None) => Ok(value),
        (_, Some(_)) => Err(Absent::Several(several(shown))),
    }
}

enum Absent {
    /// Or empty, as Gitea sends it where it has no secret.
    Missing,
    Several(String),
}

fn several(shown: &str) -> String {
    format!("expected one value of {shown}, found several, and which of them counts is anybody's guess")
}

fn accepted(scheme: &'static str) -> Auth {
    Auth { ok: true, scheme, reason: String::new() }
}

fn refused(scheme: &'static str, reason: impl Into<String>) -> Auth {
    Auth { ok: false, scheme, reason: reason.into() }
}

#[cfg(test)]
mod tests;
