//! Signatures over the body in a header: `<prefix><hex digits of an HMAC>`, as GitHub began it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::{Absent, accepted, only, refused, several};
use crate::http::Headers;
use crate::{Auth, mac};

pub(crate) struct Hub {
    pub(crate) header: &'static str,
    /// As people write it.
    pub(super) shown: &'static str,
    pub(crate) prefix: &'static str,
    digits: usize,
    /// Of a key, a body and a signature.
    is: fn(&[u8], &[u8], &[u8]) -> bool,
}

/// A signature that is not written as it must be.
pub(super) struct Otherwise {
    pub(super) signature: Vec<u8>,
    /// What the sender has to do.
    pub(super) remedy: String,
}

/// GitHub docs, "Validating webhook deliveries".
pub(super) const GITHUB: Hub = sha256("x-hub-signature-256", "X-Hub-Signature-256", "sha256=");

pub(super) const GITHUB_SHA1: Hub = Hub {
    header: "x-hub-signature",
    shown: "X-Hub-Signature",
    prefix: "sha1=",
    digits: 40,
    is: mac::is_sha1,
};

/// Atlassian support, "Manage webhooks", "Secure webhooks"; Data Center's "Webhook secrets" is the same.
pub(super) const BITBUCKET: Hub = sha256("x-hub-signature", "X-Hub-Signature", "sha256=");

/// Gitea's source, `services/webhook/deliver.go`.
pub(super) const GITEA: Hub = sha256("x-gitea-signature", "X-Gitea-Signature", "");

/// Forgejo's source, `services/webhook/shared/payloader.go`.
pub(super) const FORGEJO: Hub = sha256("x-forgejo-signature", "X-Forgejo-Signature", "");

/// Gogs' source, `internal/database/webhook.go`.
pub(super) const GOGS: Hub = sha256("x-gogs-signature", "X-Gogs-Signature", "");

const fn sha256(header: &'static str, shown: &'static str, prefix: &'static str) -> Hub {
    Hub { header, shown, prefix, digits: 64, is: mac::is_sha256 }
}

impl Hub {
    /// What the header holds where the signature is an HMAC-SHA256.
    pub(crate) fn value(&self, secret: &str, body: &[u8]) -> String {
        format!("{}{}", self.prefix, hex::encode(mac::sha256(secret.as_bytes(), &[body])))
    }

    pub(super) fn verify(&self, secrets: &[String], headers: &Headers, body: &[u8]) -> Auth {
        let Hub { header, shown, .. } = self;
        let value = match only(headers, header, shown) {
            Ok(value) => value,
            Err(Absent::Several(reason)) => return refused(header, reason),
            Err(Absent::Missing) => {
                return refused(
                    "",
                    format!(
                        "expected the header {shown}, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS"
                    ),
                );
            }
        };
        match self.signature(value) {
            Err(reason) => refused(header, reason),
            Ok(signature) if self.fits(secrets, &signature, body) => accepted(header),
            Ok(_) => refused(
                header,
                format!("{shown} does not fit the body ({} bytes) with any configured secret", body.len()),
            ),
        }
    }

    /// The bytes that the hex digits stand for. Every git host writes them in lower case, and one signature has one form only.
    pub(super) fn signature(&self, value: &str) -> Result<Vec<u8>, String> {
        let digits = value.strip_prefix(self.prefix).filter(|digits| self.are_digits(digits));
        let digits = digits.ok_or_else(|| self.what_is_wrong(value))?;
        let value = |digit: u8| (digit & 0xf) + 9 * (digit >> 6);
        let (pairs, _) = digits.as_bytes().as_chunks();
        Ok(pairs.iter().map(|[high, low]| 16 * value(*high) + value(*low)).collect())
    }

    /// What a value probably stands for that is no signature; nothing where it can stand for none.
    pub(super) fn otherwise(&self, value: &str) -> Option<Otherwise> {
        let Hub { prefix, digits, .. } = self;
        let bare = value.strip_prefix(prefix).unwrap_or(value);
        let lower = format!("{prefix}{}", bare.to_ascii_lowercase());
        if let Ok(signature) = self.signature(&lower) {
            let remedy = match prefix.is_empty() {
                true => "send the hex digits in lower case".into(),
                false => format!("send `{prefix}` and the hex digits in lower case"),
            };
            return Some(Otherwise { signature, remedy });
        }
        let signature = BASE64_STANDARD.decode(bare).ok()?;
        Some(Otherwise { signature, remedy: format!("it is base64, and {digits} hex digits are expected") })
    }

    fn are_digits(&self, text: &str) -> bool {
        // No digit is asked what it is before the next, so that the compiler can look at many at once.
        let is_hex = |all, digit| all & matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        text.len() == self.digits && text.bytes().fold(true, is_hex)
    }

    /// With a value that is no signature.
    fn what_is_wrong(&self, value: &str) -> String {
        let Hub { shown, prefix, digits, .. } = self;
        if value.contains(',') {
            return several(shown);
        }
        let Some(signature) = value.strip_prefix(prefix) else {
            let found = value.split_once('=').map(|(found, _)| found.chars().take(20).collect::<String>());
            let found = found.map_or("no prefix".into(), |found| format!("`{found}=`"));
            return format!("expected {shown} to be `{prefix}` and {digits} hex digits, found {found}");
        };
        if signature.len() != *digits {
            return format!(
                "expected {shown} to be {}{digits} hex digits, found {} characters",
                if prefix.is_empty() { String::new() } else { format!("`{prefix}` and ") },
                signature.len()
            );
        }
        format!("expected {digits} lower-case hex digits in {shown}, found other characters")
    }

    /// All secrets are tried, so that the time tells nothing about which one fits.
    pub(super) fn fits<S: AsRef<str>>(&self, secrets: &[S], signature: &[u8], body: &[u8]) -> bool {
        let fits = |secret: &S| (self.is)(secret.as_ref().as_bytes(), body, signature);
        secrets.iter().map(fits).fold(false, |any, one| any | one)
    }
}
