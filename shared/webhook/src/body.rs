//! From a request to the bytes that its signature covers, and from those to the JSON text within.
//!
//! GitHub signs a form as it sends it; Gogs and its descendants sign the JSON inside. What is a form is seen from the
//! bytes, never from the content type, which nobody signs: JSON cannot be made to pass for a form.

use std::borrow::Cow;

use crate::Provider;
use crate::http::Request;
use crate::percent;

/// What the signature covers.
pub(crate) fn signed(provider: Provider, request: &Request) -> Result<Cow<'_, [u8]>, String> {
    if provider.sends_gets() && request.method == "GET" {
        return payload(&request.query).map(bytes);
    }
    signed_body(provider, &request.body)
}

/// What was sent, as it came: the body, or the query of a GET.
pub(crate) fn sent(request: &Request) -> &[u8] {
    if request.method == "GET" { request.query.as_bytes() } else { &request.body }
}

/// Like [`signed`], of a request that has everything in its body.
pub(crate) fn signed_body(provider: Provider, body: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    if provider.is_of_gogs() && is_form(body) {
        return text(body).and_then(payload).map(bytes);
    }
    Ok(Cow::Borrowed(body))
}

/// The JSON in what was signed.
pub(crate) fn json(provider: Provider, signed: &[u8]) -> Result<Cow<'_, str>, String> {
    let text = text(signed)?;
    if provider == Provider::GitHub && is_form(signed) { payload(text) } else { Ok(Cow::Borrowed(text)) }
}

/// The field `payload`, which must be there once.
pub(crate) fn payload(form: &str) -> Result<Cow<'_, str>, String> {
    let mut payloads = form.split('&').filter_map(|field| {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        (percent::decode_form(name).as_deref() == Ok("payload")).then_some(value)
    });
    match (payloads.next(), payloads.next()) {
        (Some(value), None) => percent::decode_form(value),
        (None, _) => Err("expected a form with the field `payload`, found none; set the webhook's content type to application/json".into()),
        (Some(_), Some(_)) => Err("expected one field `payload` in the form, found several".into()),
    }
}

/// Those who send forms send nothing else in them. No JSON starts like this.
pub(crate) fn is_form(body: &[u8]) -> bool {
    body.starts_with(b"payload=")
}

fn bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|e| {
        format!("expected the body to be UTF-8, found other bytes after {} of them", e.valid_up_to())
    })
}

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

#[cfg(test)]
mod tests {
    use super::*;

    fn of(provider: Provider, method: &str, query: &str, body: &str) -> [Result<String, String>; 2] {
        let request =
            Request { method: method.into(), query: query.into(), body: body.into(), ..Request::default() };
        let signed = signed(provider, &request);
        let json = signed.clone().and_then(|signed| json(provider, &signed).map(String::from));
        [signed.map(|bytes| String::from_utf8(bytes.into_owned()).unwrap()), json]
    }

    #[track_caller]
    fn check(provider: Provider, body: &str, signed: &str, json: &str) {
        assert_eq!(of(provider, "POST", "payload=x", body), [Ok(signed.to_string()), Ok(json.to_string())]);
    }

    const FORM: &str = "payload=%7B%22a%22%3A+1%7D";
    const JSON: &str = "{\"a\": 1}";

    #[test]
    fn a_form_is_signed_as_its_provider_does_it() {
        check(Provider::GitHub, FORM, FORM, JSON);
        for provider in [Provider::Gitea, Provider::Forgejo, Provider::Gogs] {
            check(provider, FORM, JSON, JSON);
            check(provider, &format!("{FORM}&more=1"), JSON, JSON);
        }
        for provider in
            [Provider::GitLab, Provider::Bitbucket, Provider::BitbucketServer, Provider::AzureDevOps]
        {
            check(provider, FORM, FORM, FORM);
        }
        for provider in Provider::ALL {
            check(*provider, JSON, JSON, JSON);
            // What a commit message says makes no form of it.
            let message = r#"{"message": "&payload=%7B%7D"}"#;
            check(*provider, message, message, message);
        }
    }

    #[test]
    fn a_get_has_everything_in_its_query() {
        for provider in [Provider::Gitea, Provider::Forgejo] {
            assert_eq!(
                of(provider, "GET", &format!("key=1&{FORM}"), "not read"),
                [Ok(JSON.into()), Ok(JSON.into())]
            );
            assert!(of(provider, "GET", "", FORM)[0].is_err());
        }
        assert_eq!(of(Provider::Gogs, "GET", FORM, "")[0], Ok(String::new()));
        assert_eq!(of(Provider::GitHub, "GET", FORM, "")[0], Ok(String::new()));
    }

    #[test]
    fn a_form_without_one_readable_payload_is_refused() {
        #[track_caller]
        fn check(form: &str, part: &str) {
            let found = payload(form);
            assert!(found.as_ref().is_err_and(|e| e.contains(part)), "{found:?}");
            assert!(of(Provider::Gitea, "GET", form, "")[0].is_err());
        }
        check("{}", "found none");
        check("", "found none");
        check("payload=%7B&payload=%7D", "found several");
        check("payload=%7B&pay%6coad=%7D", "found several");
        check("payload=%7", "two hex digits");
        check("payload=%ff", "UTF-8");
    }
}
