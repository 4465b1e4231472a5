//! A delivery that is rightly signed, and the same with one thing changed.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::PROOFS;
use crate::http::{Headers, Request};
use crate::unix_time::UnixTime;
use crate::verify::hub::Hub;
use crate::verify::{self, Scheme, standard};
use crate::{Provider, Wanted, body, detect, mac};

/// A delivery as it is before it is broken.
pub(super) struct Whole<'d> {
    delivery: &'d Request,
    pub(super) provider: Provider,
    pub(super) scheme: Scheme,
    /// What the header that decides says.
    pub(super) value: &'d str,
    /// The bytes that a signature covers.
    pub(super) signed: Vec<u8>,
}

impl<'d> Whole<'d> {
    pub(super) fn of(delivery: &'d Request, secret: &str) -> Result<Whole<'d>, String> {
        let provider = detect::sender(&delivery.headers)?;
        let secrets = [secret.to_string()];
        let wanted = Wanted {
            repository: "",
            refs: &[],
            paths: &[],
            skip_markers: false,
            allow_sha1: false,
            secrets: &secrets,
        };
        let scheme =
            verify::scheme(provider, &wanted, &delivery.headers).map_err(|refused| refused.reason)?;
        let value = delivery.headers.get(scheme.header());
        let value = value.ok_or("there is no signature to break; sign the delivery first")?;
        let signed = body::signed(provider, delivery)?.into_owned();
        Ok(Whole { delivery, provider, scheme, value, signed })
    }

    pub(super) fn hub(&self) -> Option<&'static Hub> {
        match self.scheme {
            Scheme::Hub(hub) => Some(hub),
            Scheme::SigningToken | Scheme::Token(_) | Scheme::Basic => None,
        }
    }

    /// What a sender with that secret would put into the header that decides.
    pub(super) fn proof(&self, secret: &str, signed: &[u8]) -> Result<String, String> {
        let header = |name| self.delivery.headers.get(name).unwrap_or_default();
        match self.scheme {
            Scheme::Hub(hub) => Ok(hub.value(secret, signed)),
            Scheme::SigningToken => {
                standard::sign(secret, header("webhook-id"), header("webhook-timestamp"), signed)
            }
            Scheme::Token(_) => Ok(secret.to_string()),
            Scheme::Basic => Ok(basic(secret)),
        }
    }

    /// One that fits the scheme and is not that.
    pub(super) fn other_secret(&self, secret: &str) -> String {
        let others = match self.scheme {
            Scheme::SigningToken => [standard::token(b"another key"), standard::token(b"yet another key")],
            Scheme::Basic => ["another user:another password".into(), "yet another:and another".into()],
            Scheme::Hub(_) | Scheme::Token(_) => ["another secret".into(), "yet another secret".into()],
        };
        let [first, second] = others;
        if first == secret { second } else { first }
    }

    /// With another value in the header that decides.
    pub(super) fn with_value(&self, value: &str) -> Request {
        self.with_header(self.scheme.header(), value)
    }

    fn with_header(&self, name: &str, value: &str) -> Request {
        let change =
            |(key, old): (&str, &str)| (key.to_string(), if key == name { value } else { old }.to_string());
        Request { headers: self.delivery.headers.iter().map(change).collect(), ..self.delivery.clone() }
    }

    pub(super) fn without_proof(&self) -> Request {
        let others = self.delivery.headers.iter().filter(|(name, _)| !PROOFS.contains(name));
        Request { headers: others.collect::<Headers>(), ..self.delivery.clone() }
    }

    /// Where the proof covers the body, and there is one.
    pub(super) fn with_body(&self, change: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Request> {
        let covers = matches!(self.scheme, Scheme::Hub(_) | Scheme::SigningToken);
        let body = Some(&self.delivery.body).filter(|_| covers && self.delivery.method != "GET");
        body.and_then(|body| change(body)).map(|body| Request { body, ..self.delivery.clone() })
    }

    /// GitHub signs a form, and Gogs and its descendants the JSON in it.
    pub(super) fn signed_as_another_form(&self, secret: &str) -> Result<Option<Request>, String> {
        let (Some(hub), form) = (self.hub(), body::sent(self.delivery)) else { return Ok(None) };
        if !body::is_form(form) {
            return Ok(None);
        }
        let other = match self.provider {
            Provider::GitHub => body::payload(&String::from_utf8_lossy(form))?.into_owned().into_bytes(),
            _ if self.provider.is_of_gogs() => form.to_vec(),
            _ => return Ok(None),
        };
        Ok(Some(self.with_value(&hub.value(secret, &other))))
    }

    pub(super) fn without_prefix(&self) -> Option<Request> {
        let bare = match self.scheme {
            Scheme::Hub(hub) if !hub.prefix.is_empty() => self.value.strip_prefix(hub.prefix),
            Scheme::SigningToken => self.value.strip_prefix("v1,"),
            Scheme::Hub(_) | Scheme::Token(_) | Scheme::Basic => None,
        };
        bare.map(|bare| self.with_value(bare))
    }

    pub(super) fn with_upper_case(&self, hub: &Hub) -> Request {
        let digits = self.value.strip_prefix(hub.prefix).unwrap_or_default();
        self.with_value(&format!("{}{}", hub.prefix, digits.to_ascii_uppercase()))
    }

    pub(super) fn with_base64(&self, hub: &Hub, secret: &str) -> Request {
        let code = mac::sha256(secret.as_bytes(), &[&self.signed]);
        self.with_value(&format!("{}{}", hub.prefix, BASE64_STANDARD.encode(code)))
    }

    pub(super) fn with_sha1(&self, hub: &Hub, secret: &str) -> Request {
        if self.provider == Provider::GitHub {
            let others = self.delivery.headers.iter().filter(|(name, _)| *name != hub.header);
            return Request { headers: others.collect::<Headers>(), ..self.delivery.clone() };
        }
        let code = hex::encode(mac::sha1(secret.as_bytes(), &[&self.signed]));
        self.with_value(&if hub.prefix.is_empty() { code } else { format!("sha1={code}") })
    }

    pub(super) fn with_key_as_text(&self, secret: &str) -> Option<Request> {
        let header = |name| self.delivery.headers.get(name).unwrap_or_default();
        match self.scheme {
            Scheme::SigningToken => {
                let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
                let value = standard::signature(secret.as_bytes(), id, timestamp, &self.signed);
                Some(self.with_value(&value))
            }
            Scheme::Hub(_) | Scheme::Token(_) | Scheme::Basic => None,
        }
    }

    pub(super) fn sent_before(&self, secret: &str, now: UnixTime) -> Result<Option<Request>, String> {
        if !matches!(self.scheme, Scheme::SigningToken) {
            return Ok(None);
        }
        let then = (now - Duration::from_secs(600)).as_secs().to_string();
        let delivery = self.with_header("webhook-timestamp", &then);
        let whole = Whole { delivery: &delivery, signed: self.signed.clone(), ..*self };
        Ok(Some(whole.with_value(&whole.proof(secret, &self.signed)?)))
    }

    pub(super) fn in_another_header(&self) -> Request {
        let name = match self.scheme {
            Scheme::Hub(_) => "x-signature",
            Scheme::SigningToken => "x-gitlab-signature",
            // Of GitLab's own API, and of proxies.
            Scheme::Token(_) => "private-token",
            Scheme::Basic => "proxy-authorization",
        };
        let mut request = self.without_proof();
        request.headers.push(name, self.value);
        request
    }
}

fn basic(user_and_password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(user_and_password))
}
