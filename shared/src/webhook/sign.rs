//! The headers that a provider would send with a body: for trying a delivery out, and for tests.

use std::time::Duration;

use super::json::{self, Broken, Fields, Json, Text};
use super::verify::standard;
use super::{Provider, body, mac};
use crate::hash::sha256_hex;
use crate::http::Headers;

/// What else may be said about a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignOptions<'a> {
    /// `push`, `tag` or `ping`, or the provider's own value of its event header. Nothing: what the body says.
    pub event: Option<&'a str>,
    /// Nothing: an id made from the body, so that the same body is the same delivery.
    pub delivery: Option<&'a str>,
    /// Since 1970; GitLab's signing tokens sign it.
    pub now: Duration,
    /// The body is `payload=…`, as GitHub sends it with the content type `application/x-www-form-urlencoded`.
    pub form: bool,
}

/// `body` holds the exact bytes that will be sent. A secret for GitLab that starts with `whsec_` is a signing token.
pub fn sign(
    provider: Provider,
    secret: &str,
    body: &[u8],
    options: &SignOptions<'_>,
) -> Result<Headers, String> {
    if secret.is_empty() {
        return Err("expected a secret, found an empty one, which no delivery may have".into());
    }
    for (what, value) in
        [("secret", Some(secret)), ("event", options.event), ("delivery id", options.delivery)]
    {
        if value.is_some_and(|value| value.is_empty() || value.chars().any(char::is_control)) {
            return Err(format!(
                "expected the {what} to fit in one line, found nothing or control characters"
            ));
        }
    }
    let json = json_of(provider, body, options)?;
    let event = event(provider, &json, options)?;
    let delivery = options.delivery.map_or_else(|| uuid(body), String::from);
    let mut headers = Headers::default();
    headers.push("Content-Type", if options.form { body::FORM } else { "application/json" });
    match provider {
        Provider::GitHub => {
            headers.push("User-Agent", "GitHub-Hookshot/pushbox");
            headers.push("X-GitHub-Event", event);
            headers.push("X-GitHub-Delivery", delivery);
            headers.push(
                "X-Hub-Signature",
                format!("sha1={}", hex::encode(mac::sha1(secret.as_bytes(), &[body]))),
            );
            headers.push("X-Hub-Signature-256", hub(secret, body));
        }
        Provider::GitLab => {
            headers.push("User-Agent", "GitLab/pushbox");
            headers.push("X-Gitlab-Event", event);
            headers.push("X-Gitlab-Event-UUID", delivery.clone());
            headers.push("Idempotency-Key", delivery.clone());
            if standard::is_signing_token(secret) {
                let timestamp = options.now.as_secs().to_string();
                headers.push("webhook-signature", standard::sign(secret, &delivery, &timestamp, body)?);
                headers.push("webhook-id", delivery);
                headers.push("webhook-timestamp", timestamp);
            } else {
                headers.push("X-Gitlab-Token", secret);
            }
        }
        Provider::Bitbucket => {
            headers.push("User-Agent", "Bitbucket-Webhooks/2.0");
            headers.push("X-Event-Key", event);
            headers.push("X-Hook-UUID", uuid(b"pushbox"));
            headers.push("X-Request-UUID", delivery);
            headers.push("X-Attempt-Number", "1");
            headers.push("X-Hub-Signature", hub(secret, body));
        }
    }
    Ok(headers)
}

fn hub(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex::encode(mac::sha256(secret.as_bytes(), &[body])))
}

/// Empty where the body is no text, which may be signed too: to see that it is refused.
fn json_of(provider: Provider, body: &[u8], options: &SignOptions<'_>) -> Result<String, String> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    match (provider, options.form) {
        (_, false) => Ok(text.to_string()),
        (Provider::GitHub, true) => body::payload(text).map(String::from),
        (Provider::GitLab | Provider::Bitbucket, true) => {
            Err(format!("expected JSON, because {} sends no forms; leave the form out", provider.label()))
        }
    }
}

#[derive(Default)]
struct Kind<'a> {
    zen: Text<'a>,
    object_kind: Text<'a>,
    event_name: Text<'a>,
}

impl<'a> Fields<'a> for Kind<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<(), Broken> {
        match key {
            "zen" => self.zen = json.text()?,
            "object_kind" => self.object_kind = json.text()?,
            "event_name" => self.event_name = json.text()?,
            _ => json.skip()?,
        }
        Ok(())
    }
}

fn event(provider: Provider, json: &str, options: &SignOptions<'_>) -> Result<String, String> {
    let kind: Kind<'_> = json::read(json).unwrap_or_default();
    let event = match (provider, options.event) {
        (Provider::GitHub, None) if kind.zen != Text::Missing => "ping",
        (Provider::GitHub, None | Some("push" | "tag")) => "push",
        (Provider::GitLab, None) => return Ok(gitlab_event(&kind)),
        (Provider::GitLab, Some("push")) => "Push Hook",
        (Provider::GitLab, Some("tag")) => "Tag Push Hook",
        (Provider::Bitbucket, None | Some("push" | "tag")) => "repo:push",
        (Provider::GitLab | Provider::Bitbucket, Some("ping")) => {
            return Err(format!(
                "expected push or tag, found ping, which {} does not send",
                provider.label()
            ));
        }
        (_, Some(own)) => own,
    };
    Ok(event.to_string())
}

/// `merge_request` is a `Merge Request Hook`.
fn gitlab_event(kind: &Kind<'_>) -> String {
    let words = match (kind.object_kind.get(), kind.event_name.get()) {
        (Some("build"), _) => "job",
        (Some(kind), _) => kind,
        (None, Some(_)) => "system",
        (None, None) => "push",
    };
    let mut event = String::new();
    for word in words.split('_').filter(|word| !word.chars().any(char::is_control)) {
        let mut letters = word.chars();
        event.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        event.push_str(letters.as_str());
        event.push(' ');
    }
    event + "Hook"
}

/// An id of the usual form (RFC 9562, version 8), made from bytes.
fn uuid(bytes: &[u8]) -> String {
    let digest = sha256_hex(bytes);
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}

#[cfg(test)]
mod tests;
