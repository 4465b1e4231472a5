//! GitLab's signing tokens, which are those of the Standard Webhooks specification: a signature over id, time and body.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use subtle::{Choice, ConstantTimeEq};

use super::{Absent, accepted, only, refused};
use crate::http::Headers;
use crate::unix_time::UnixTime;
use crate::{Auth, mac};

pub(super) const HEADER: &str = "webhook-signature";
const PREFIX: &str = "whsec_";

/// Older and newer deliveries may be replayed ones; the specification's tolerance.
const TOLERANCE: Duration = Duration::from_secs(300);

pub(crate) fn is_signing_token(secret: &str) -> bool {
    secret.starts_with(PREFIX)
}

/// The key in a signing token.
fn key(token: &str) -> Result<Vec<u8>, String> {
    let encoded = token.strip_prefix(PREFIX).unwrap_or_default();
    match BASE64_STANDARD.decode(encoded) {
        Ok(key) if key.is_empty() => Err("the signing token is nothing but `whsec_`; copy all of it from GitLab".into()),
        Ok(key) => Ok(key),
        Err(_) => Err("expected base64 after `whsec_` in the signing token, found something else; copy it again from GitLab".into()),
    }
}

/// What `webhook-signature` holds.
pub(crate) fn sign(token: &str, id: &str, timestamp: &str, body: &[u8]) -> Result<String, String> {
    Ok(signature(&key(token)?, id, timestamp, body))
}

/// The same with the key itself.
pub(crate) fn signature(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    format!("v1,{}", BASE64_STANDARD.encode(code(key, id, timestamp, body)))
}

/// The signing token that holds a key.
pub(crate) fn token(key: &[u8]) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(key))
}

fn code(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    mac::sha256(key, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body])
}

/// With a signing token configured nothing else is accepted, so that leaving the signature out gains nothing.
pub(super) fn verify(secrets: &[String], headers: &Headers, body: &[u8], now: UnixTime) -> Auth {
    let checked = Signed::read(secrets, headers).and_then(|signed| {
        if !signed.fits(body) {
            return Err(format!(
                "webhook-signature does not fit the body ({} bytes) with any configured signing token",
                body.len()
            ));
        }
        in_time(signed.timestamp, now)
    });
    checked.map_or_else(|reason| refused(HEADER, reason), |()| accepted(HEADER))
}

/// Whether a body is the one that was signed; nothing where the headers cannot be read, or where it is and only too old.
pub(super) fn fits<'h>(secrets: &[String], headers: &'h Headers) -> Option<impl Fn(&[u8]) -> bool + use<'h>> {
    let signed = Signed::read(secrets, headers).ok()?;
    Some(move |body: &[u8]| signed.fits(body))
}

/// Whether the key was the text of a signing token and not what it stands for.
pub(super) fn takes_token_as_text(secrets: &[String], headers: &Headers, body: &[u8]) -> bool {
    Signed::read(secrets, headers).is_ok_and(|signed| {
        let tokens = secrets.iter().filter(|secret| is_signing_token(secret));
        let texts = tokens.flat_map(|token| [token.as_str(), token.strip_prefix(PREFIX).unwrap_or_default()]);
        Signed { keys: texts.map(|text| text.as_bytes().to_vec()).collect(), ..signed }.fits(body)
    })
}

/// What the headers say, and with which keys it is compared.
struct Signed<'h> {
    id: &'h str,
    timestamp: &'h str,
    signatures: Vec<Vec<u8>>,
    keys: Vec<Vec<u8>>,
}

impl<'h> Signed<'h> {
    fn read(secrets: &[String], headers: &'h Headers) -> Result<Signed<'h>, String> {
        let header = |name| {
            only(headers, name, name).map_err(|absent| match absent {
                Absent::Several(reason) => reason,
                Absent::Missing if headers.get("x-gitlab-token").is_some() => format!(
                    "a signing token (whsec_…) is configured, so a plain X-Gitlab-Token is not enough, and {name} is missing; give the webhook at GitLab that signing token"
                ),
                Absent::Missing => format!(
                    "expected the header {name}, found none or an empty one; give the webhook at GitLab the signing token in PUSHBOX_WEBHOOK_SECRETS"
                ),
            })
        };
        let (signatures, id, timestamp) =
            (header(HEADER)?, header("webhook-id")?, header("webhook-timestamp")?);
        let tokens = secrets.iter().filter(|secret| is_signing_token(secret));
        let keys = tokens.map(|token| key(token)).collect::<Result<Vec<_>, _>>()?;
        // Several signatures are there while the token is being replaced; any one of them may fit.
        let signatures: Vec<Vec<u8>> = signatures
            .split(' ')
            .filter_map(|signature| BASE64_STANDARD.decode(signature.strip_prefix("v1,")?).ok())
            .filter(|signature| signature.len() == 32)
            .collect();
        if signatures.is_empty() {
            return Err(
                "expected webhook-signature to be `v1,` and 32 bytes in base64, found something else".into(),
            );
        }
        Ok(Signed { id, timestamp, signatures, keys })
    }

    fn fits(&self, body: &[u8]) -> bool {
        let codes = self.keys.iter().map(|key| code(key, self.id, self.timestamp, body));
        let fits = codes.fold(Choice::from(0), |fits, code| {
            self.signatures.iter().fold(fits, |fits, signature| fits | code.ct_eq(signature))
        });
        fits.into()
    }
}

fn in_time(timestamp: &str, now: UnixTime) -> Result<(), String> {
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let Some(sent) = timestamp.parse().ok().filter(|_| digits).map(UnixTime::from_secs) else {
        return Err("expected webhook-timestamp to be seconds since 1970, found something else".into());
    };
    let apart = now.abs_diff(sent);
    if apart <= TOLERANCE {
        return Ok(());
    }
    Err(format!(
        "the delivery was signed {} s {} this clock's time, more than {} s, so it may be a replayed one; send it again",
        apart.as_secs(),
        if sent < now { "before" } else { "after" },
        TOLERANCE.as_secs()
    ))
}
