//! The headers that a provider would send with a body: for trying a delivery out, and for tests.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::detect::AZURE_TOKEN;
use crate::hash::sha256_hex;
use crate::http::Headers;
use crate::json::{self, Broken, Fields, Json, Text};
use crate::unix_time::UnixTime;
use crate::verify::standard;
use crate::{Provider, body, mac};

/// What else may be said about a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignOptions<'a> {
    /// `push`, `tag` or `ping`, or the provider's own value of its event header. Nothing: what the body says. Azure DevOps has
    /// no such header.
    pub event: Option<&'a str>,
    /// Nothing: an id made from the body, so that the same body is the same delivery. Azure DevOps' is in the body.
    pub delivery: Option<&'a str>,
    /// Since 1970; GitLab's signing tokens sign it.
    pub now: UnixTime,
    /// The body is `payload=…`, as with the content type `application/x-www-form-urlencoded`; or it is the query of a GET, as
    /// Gitea and Forgejo send it.
    pub form: bool,
}

/// `body` holds the exact bytes that will be sent. A secret for GitLab that starts with `whsec_` is a signing token; one for
/// Azure DevOps with a colon is user and password, and without goes into the header `X-Pushbox-Token`.
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
    let Content { signed, json } = content(provider, body, options.form)?;
    let event = event(provider, &json, options.event)?;
    let event = event.as_str();
    let delivery = options.delivery.map_or_else(|| uuid(body), String::from);
    let delivery = delivery.as_str();
    let mut headers = Headers::default();
    headers.push("Content-Type", if options.form { body::FORM } else { "application/json" });
    match provider {
        Provider::GitHub => {
            headers.push("User-Agent", "GitHub-Hookshot/pushbox");
            add(&mut headers, "X-GitHub", &[("Event", event), ("Delivery", delivery)]);
            hub(&mut headers, secret, &signed);
        }
        Provider::Gitea | Provider::Forgejo => {
            headers.push("User-Agent", "Go-http-client/1.1");
            let signature = hex::encode(mac::sha256(secret.as_bytes(), &[&signed]));
            let common = [("Delivery", delivery), ("Event", event), ("Event-Type", event)];
            let families: &[&str] = match provider {
                Provider::Forgejo => &["X-Forgejo", "X-Gitea", "X-Gogs"],
                _ => &["X-Gitea", "X-Gogs"],
            };
            for family in families {
                add(&mut headers, family, &common);
                add(&mut headers, family, &[("Signature", &signature)]);
            }
            hub(&mut headers, secret, &signed);
            add(&mut headers, "X-GitHub", &common);
        }
        Provider::Gogs => {
            headers.push("User-Agent", "GogsServer");
            add(&mut headers, "X-GitHub", &[("Delivery", delivery), ("Event", event)]);
            let signature = hex::encode(mac::sha256(secret.as_bytes(), &[&signed]));
            add(
                &mut headers,
                "X-Gogs",
                &[("Delivery", delivery), ("Signature", &signature), ("Event", event)],
            );
        }
        Provider::GitLab => {
            headers.push("User-Agent", "GitLab/pushbox");
            add(&mut headers, "X-Gitlab", &[("Event", event), ("Event-UUID", delivery)]);
            headers.push("Idempotency-Key", delivery);
            if standard::is_signing_token(secret) {
                let timestamp = options.now.as_secs().to_string();
                headers.push("webhook-signature", standard::sign(secret, delivery, &timestamp, body)?);
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
            headers.push("X-Hub-Signature", hub256(secret, body));
        }
        Provider::BitbucketServer => {
            headers.push("User-Agent", "Atlassian HttpClient");
            headers.push("X-Event-Key", event);
            headers.push("X-Request-Id", delivery);
            headers.push("X-Hub-Signature", hub256(secret, body));
        }
        Provider::AzureDevOps => {
            headers.push("User-Agent", "VSServices");
            match secret.contains(':') {
                true => headers.push("Authorization", format!("Basic {}", BASE64_STANDARD.encode(secret))),
                false => headers.push(AZURE_TOKEN, secret),
            }
        }
    }
    Ok(headers)
}

fn add(headers: &mut Headers, family: &str, values: &[(&str, &str)]) {
    for (name, value) in values {
        headers.push(&format!("{family}-{name}"), *value);
    }
}

/// GitHub's two signatures, the old one for those who still compare it.
fn hub(headers: &mut Headers, secret: &str, signed: &[u8]) {
    headers.push("X-Hub-Signature", format!("sha1={}", hex::encode(mac::sha1(secret.as_bytes(), &[signed]))));
    headers.push("X-Hub-Signature-256", hub256(secret, signed));
}

fn hub256(secret: &str, signed: &[u8]) -> String {
    format!("sha256={}", hex::encode(mac::sha256(secret.as_bytes(), &[signed])))
}

struct Content<'b> {
    signed: Cow<'b, [u8]>,
    /// Empty where the body is no text, which may be signed too: to see that it is refused.
    json: Cow<'b, str>,
}

fn content(provider: Provider, body: &[u8], form: bool) -> Result<Content<'_>, String> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    if !form {
        let signed = body::signed_body(provider, body)?;
        return Ok(Content { signed, json: Cow::Borrowed(text) });
    }
    if provider != Provider::GitHub && !provider.is_of_gogs() {
        return Err(format!(
            "expected JSON, because {} sends no forms; leave the form out",
            provider.label()
        ));
    }
    let json = body::payload(text)?;
    let signed = match provider {
        Provider::GitHub => Cow::Borrowed(body),
        _ => Cow::Owned(json.as_bytes().to_vec()),
    };
    Ok(Content { signed, json })
}

#[derive(Default)]
struct Kind<'a> {
    zen: Text<'a>,
    /// Bitbucket Data Center's, as the next.
    event_key: Text<'a>,
    test: Option<bool>,
    object_kind: Text<'a>,
    event_name: Text<'a>,
}

impl<'a> Fields<'a> for Kind<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "zen" => self.zen = json.text()?,
            "eventKey" => self.event_key = json.text()?,
            "test" => self.test = json.flag()?,
            "object_kind" => self.object_kind = json.text()?,
            "event_name" => self.event_name = json.text()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn event(provider: Provider, json: &str, given: Option<&str>) -> Result<String, String> {
    let kind: Kind<'_> = json::read(json).unwrap_or_default();
    let event = match (provider, given) {
        (Provider::GitHub, None) if kind.zen != Text::Missing => "ping",
        (
            Provider::GitHub | Provider::Gitea | Provider::Forgejo | Provider::Gogs,
            None | Some("push" | "tag"),
        ) => "push",
        (Provider::GitHub, Some("ping")) => "ping",
        (Provider::GitLab, None) => return Ok(gitlab_event(&kind)),
        (Provider::GitLab, Some("push")) => "Push Hook",
        (Provider::GitLab, Some("tag")) => "Tag Push Hook",
        (Provider::Bitbucket, None | Some("push" | "tag")) => "repo:push",
        (Provider::BitbucketServer, None) if kind.test == Some(true) => "diagnostics:ping",
        (Provider::BitbucketServer, None) => {
            let key = kind.event_key.owned().filter(|key| !key.chars().any(char::is_control));
            return Ok(key.unwrap_or_else(|| REFS_CHANGED.to_string()));
        }
        (Provider::BitbucketServer, Some("push" | "tag")) => REFS_CHANGED,
        (Provider::BitbucketServer, Some("ping")) => "diagnostics:ping",
        (Provider::AzureDevOps, _) => "",
        (_, Some("ping")) => {
            return Err(format!(
                "expected push or tag, found ping, which {} does not send",
                provider.label()
            ));
        }
        (_, Some(own)) => own,
    };
    Ok(event.to_string())
}

const REFS_CHANGED: &str = "repo:refs_changed";

/// `merge_request` is a `Merge Request Hook`.
fn gitlab_event(kind: &Kind<'_>) -> String {
    let object_kind = kind.object_kind.get();
    let words = match (object_kind.as_deref(), kind.event_name.get()) {
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
