//! Whether a delivery is authentic: decided over the raw bytes, in constant time, before anything is parsed.
//!
//! The strongest scheme that a provider can use decides alone: what it refuses, no weaker header rescues.

pub(super) mod standard;

use std::time::Duration;

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::{Auth, Provider, mac};
use crate::config::Config;
use crate::http::{Headers, Request};
use crate::setup::Secrets;

/// Tries every configured secret, so that one can be replaced without losing a delivery. `now` is the time since 1970;
/// only GitLab's signing tokens need it.
pub fn verify(
    provider: Provider,
    config: &Config,
    secrets: &Secrets,
    request: &Request,
    now: Duration,
) -> Auth {
    if secrets.webhook().is_empty() {
        return refused(
            "",
            "no webhook secret is configured, so no delivery can be authentic; set PUSHBOX_WEBHOOK_SECRETS to the secret that the webhook has at the provider",
        );
    }
    match provider {
        Provider::GitHub => github(config, secrets, request),
        Provider::GitLab if secrets.webhook().iter().any(|secret| standard::is_signing_token(secret)) => {
            standard::verify(secrets, request, now)
        }
        Provider::GitLab => gitlab_token(secrets, &request.headers),
        Provider::Bitbucket => hub(&BITBUCKET, secrets, request),
    }
}

/// `<prefix><hex digits of an HMAC over the body>` in one header.
struct Hub {
    header: &'static str,
    /// As people write it.
    shown: &'static str,
    prefix: &'static str,
    digits: usize,
    mac: fn(&[u8], &[&[u8]]) -> Vec<u8>,
}

/// GitHub docs, "Validating webhook deliveries".
const GITHUB: Hub = Hub {
    header: "x-hub-signature-256",
    shown: "X-Hub-Signature-256",
    prefix: "sha256=",
    digits: 64,
    mac: mac::sha256,
};

const GITHUB_SHA1: Hub =
    Hub { header: "x-hub-signature", shown: "X-Hub-Signature", prefix: "sha1=", digits: 40, mac: mac::sha1 };

/// Atlassian support, "Manage webhooks", "Secure webhooks".
const BITBUCKET: Hub = Hub {
    header: "x-hub-signature",
    shown: "X-Hub-Signature",
    prefix: "sha256=",
    digits: 64,
    mac: mac::sha256,
};

fn github(config: &Config, secrets: &Secrets, request: &Request) -> Auth {
    let has = |hub: &Hub| request.headers.get(hub.header).is_some();
    if has(&GITHUB) || !has(&GITHUB_SHA1) {
        hub(&GITHUB, secrets, request)
    } else if config.webhook.allow_sha1 {
        hub(&GITHUB_SHA1, secrets, request)
    } else {
        refused(
            GITHUB_SHA1.header,
            "found only the old X-Hub-Signature (SHA-1), expected X-Hub-Signature-256; update the sender, or set webhook.allow_sha1 to true",
        )
    }
}

fn hub(hub: &Hub, secrets: &Secrets, request: &Request) -> Auth {
    let Hub { header, shown, prefix, digits, mac } = hub;
    let value = match only(&request.headers, header) {
        Found::One(value) => value,
        Found::Several => return refused(header, several(shown)),
        Found::Missing => {
            return refused(
                "",
                format!(
                    "expected the header {shown}, found none; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS"
                ),
            );
        }
    };
    let Some(signature) = value.strip_prefix(prefix) else {
        let found = if value.contains(',') {
            "several values".to_string()
        } else {
            value.split_once('=').map_or("no prefix".into(), |(found, _)| format!("`{}=`", shorten(found)))
        };
        return refused(
            header,
            format!("expected {shown} to be `{prefix}` and {digits} hex digits, found {found}"),
        );
    };
    if signature.contains(',') {
        return refused(header, several(shown));
    }
    if signature.len() != *digits {
        return refused(
            header,
            format!(
                "expected {digits} hex digits after `{prefix}` in {shown}, found {} characters",
                signature.len()
            ),
        );
    }
    let Some(signature) = lower_hex(signature) else {
        return refused(
            header,
            format!("expected lower-case hex digits after `{prefix}` in {shown}, found other characters"),
        );
    };
    let fits = |parts: &[&[u8]]| {
        let fits = |secret: &String| mac(secret.as_bytes(), parts).ct_eq(&signature);
        bool::from(secrets.webhook().iter().map(fits).fold(Choice::from(0), |any, one| any | one))
    };
    if fits(&[&request.body]) {
        accepted(header)
    } else {
        refused(header, mismatch(shown, &request.body, fits))
    }
}

/// Why a signature of the right form does not fit: tries the usual accidents.
fn mismatch(shown: &str, body: &[u8], fits: impl Fn(&[&[u8]]) -> bool) -> String {
    let shorter = body.strip_suffix(b"\r\n").or(body.strip_suffix(b"\n"));
    let why = if fits(&[body, b"\n"]) {
        "it fits this body with a line break added at the end: something on the way, or the copying of it, removed one"
    } else if shorter.is_some_and(|shorter| fits(&[shorter])) {
        "it fits this body without the line break at its end: something on the way, or the copying of it, added one"
    } else {
        "either the secret is not the one that the webhook has at the provider, or the body was changed on the way"
    };
    format!("{shown} does not fit the body ({} bytes) with any configured secret: {why}", body.len())
}

/// GitLab docs, "Webhooks", "Secret token".
fn gitlab_token(secrets: &Secrets, headers: &Headers) -> Auth {
    const HEADER: &str = "x-gitlab-token";
    let token = match only(headers, HEADER) {
        Found::One(token) => token,
        Found::Several => return refused(HEADER, several("X-Gitlab-Token")),
        Found::Missing if headers.get("webhook-signature").is_some() => {
            return refused(
                "",
                "found a signature of a GitLab signing token, but no signing token is configured; add it (whsec_…) to PUSHBOX_WEBHOOK_SECRETS",
            );
        }
        Found::Missing => {
            return refused(
                "",
                "expected the header X-Gitlab-Token, found none; give the webhook at GitLab one of the secrets in PUSHBOX_WEBHOOK_SECRETS",
            );
        }
    };
    // Digests are of one length, so the time tells nothing about the secret's.
    let fits = |token: &str| {
        let token = Sha256::digest(token.as_bytes());
        let fits = |secret: &String| Sha256::digest(secret.as_bytes()).ct_eq(&token);
        bool::from(secrets.webhook().iter().map(fits).fold(Choice::from(0), |any, one| any | one))
    };
    if fits(token) {
        return accepted(HEADER);
    }
    if fits(token.trim()) {
        return refused(
            HEADER,
            "X-Gitlab-Token has spaces around the configured secret; remove them at GitLab",
        );
    }
    refused(
        HEADER,
        "X-Gitlab-Token is none of the configured secrets; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS",
    )
}

enum Found<'h> {
    Missing,
    One(&'h str),
    Several,
}

/// A header that decides must be there once.
fn only<'h>(headers: &'h Headers, name: &str) -> Found<'h> {
    let mut values = headers.iter().filter(|(key, _)| *key == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None, _) => Found::Missing,
        (Some(value), None) => Found::One(value),
        (Some(_), Some(_)) => Found::Several,
    }
}

fn several(shown: &str) -> String {
    format!("expected one value of {shown}, found several, and which of them counts is anybody's guess")
}

/// Upper case is not accepted: no provider sends it, and so every signature has one spelling.
fn lower_hex(digits: &str) -> Option<Vec<u8>> {
    let lower = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    hex::decode(digits).ok().filter(|_| lower)
}

fn shorten(text: &str) -> String {
    text.chars().take(20).collect()
}

fn accepted(scheme: &str) -> Auth {
    Auth { ok: true, scheme: scheme.into(), reason: String::new() }
}

fn refused(scheme: &str, reason: impl Into<String>) -> Auth {
    Auth { ok: false, scheme: scheme.into(), reason: reason.into() }
}

#[cfg(test)]
mod tests;
