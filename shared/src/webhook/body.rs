//! The JSON text within a body: the body itself, or the field `payload` of a form.

use std::borrow::Cow;

use super::Provider;
use crate::http::Request;
use crate::percent;

/// GitHub's API makes form webhooks unless told otherwise; nobody else of the three sends them.
pub(super) fn json(provider: Provider, request: &Request) -> Result<Cow<'_, str>, String> {
    let text = std::str::from_utf8(&request.body).map_err(|e| {
        format!("expected the body to be UTF-8, found other bytes after {} of them", e.valid_up_to())
    })?;
    let is_form = match request.headers.get("content-type") {
        Some(content_type) => is_form_type(content_type),
        // No JSON starts like this.
        None => text.starts_with("payload="),
    };
    if provider == Provider::GitHub && is_form { payload(text) } else { Ok(Cow::Borrowed(text)) }
}

/// The field `payload`, which must be there once.
pub(super) fn payload(form: &str) -> Result<Cow<'_, str>, String> {
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

fn is_form_type(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case(FORM)
}

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content_type: Option<&str>, body: &str, expected: Result<&str, &str>) {
        let headers = content_type.map(|value| ("content-type", value)).into_iter().collect();
        let request = Request { headers, body: body.into(), ..Request::default() };
        let found = json(Provider::GitHub, &request);
        match expected {
            Ok(text) => assert_eq!(found.as_deref(), Ok(text)),
            Err(part) => assert!(found.as_ref().is_err_and(|e| e.contains(part)), "{found:?}"),
        }
    }

    #[test]
    fn a_form_holds_the_json_in_its_field_payload() {
        check(Some(FORM), "payload=%7B%22a%22%3A+1%7D", Ok("{\"a\": 1}"));
        check(Some("Application/X-WWW-Form-Urlencoded; charset=utf-8"), "x=1&payload=%7B%7D", Ok("{}"));
        check(None, "payload=%7B%7D", Ok("{}"));
        check(Some("application/json"), "{}", Ok("{}"));
        check(None, "{}", Ok("{}"));
    }

    #[test]
    fn a_form_without_one_payload_is_refused() {
        check(Some(FORM), "{}", Err("found none"));
        check(Some(FORM), "", Err("found none"));
        check(Some(FORM), "payload=%7B&payload=%7D", Err("found several"));
        check(Some(FORM), "payload=%7", Err("two hex digits"));
        check(Some(FORM), "payload=%ff", Err("UTF-8"));
    }
}
