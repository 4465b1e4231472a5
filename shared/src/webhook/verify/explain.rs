//! Why a delivery is not authentic, in words for people who try one: it tries the usual accidents.
//!
//! That takes many hashes, so the function never does it.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::{Auth, Config, Headers, Provider, Request, Scheme, Secrets, body, only, scheme, standard, token};

/// The refusal with what has probably happened.
pub(in crate::webhook) fn explain(
    provider: Provider,
    config: &Config,
    secrets: &Secrets,
    request: &Request,
    refusal: Auth,
) -> Auth {
    let Ok(signed) = body::signed(provider, request) else { return refusal };
    if refusal.ok || secrets.webhook().is_empty() {
        return refusal;
    }
    let headers = &request.headers;
    let hint = match scheme(provider, config, secrets, headers) {
        Ok(Scheme::Hub(hub)) => only(headers, hub.header, hub.shown).ok().and_then(|value| {
            let Ok(signature) = hub.signature(value) else { return is_the_secret(secrets, value) };
            let with_line_break: Vec<_> =
                secrets.webhook().iter().map(|secret| format!("{secret}\n")).collect();
            if hub.fits(&with_line_break, &signature, &signed) {
                return Some(
                    "it fits the secret with a line break at its end: enter it at the provider without"
                        .into(),
                );
            }
            Some(accident(&signed, &request.body, &|body| hub.fits(secrets.webhook(), &signature, body)))
        }),
        Ok(Scheme::SigningToken) => {
            // What fits is only too old.
            let fits = standard::fits(secrets, headers).filter(|fits| !fits(&signed));
            fits.map(|fits| accident(&signed, &request.body, &fits))
        }
        Ok(Scheme::Token(token)) => headers.get(token.header).and_then(|value| {
            let spaced = token::is_secret(secrets.webhook(), value.trim().as_bytes());
            spaced.then(|| "it has spaces around the secret: remove them at the provider".into())
        }),
        Ok(Scheme::Basic) => password_alone(secrets, headers),
        Err(_) => None,
    };
    match hint {
        Some(hint) => Auth { reason: format!("{}: {hint}", refusal.reason), ..refusal },
        None => refusal,
    }
}

fn is_the_secret(secrets: &Secrets, value: &str) -> Option<String> {
    token::is_secret(secrets.webhook(), value.as_bytes()).then(|| {
        "it holds the secret itself: the sender has to sign the body with it and send the signature".into()
    })
}

fn password_alone(secrets: &Secrets, headers: &Headers) -> Option<String> {
    let given = token::basic(headers).ok()?;
    let password = given.splitn(2, |byte| *byte == b':').nth(1)?;
    token::is_secret(secrets.webhook(), password)
        .then(|| "the password alone is one of them: put the user and a colon before it".into())
}

/// `signed` is what a signature should cover, `sent` the body as it came.
fn accident(signed: &[u8], sent: &[u8], fits: &dyn Fn(&[u8]) -> bool) -> String {
    let found = accidents(signed, sent).into_iter().find(|(body, _)| fits(body));
    match found {
        Some((_, what)) => format!("it fits this body {what}"),
        None => "either the secret is not the one that the webhook has at the provider, or the body was changed on the way".into(),
    }
}

/// What the body may have been, and what then happened on the way.
fn accidents<'b>(signed: &'b [u8], sent: &'b [u8]) -> Vec<(Cow<'b, [u8]>, &'static str)> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    const REMOVED: &str =
        "with a line break added at the end: something on the way, or the copying of it, removed one";
    const ADDED: &str =
        "without the line break at its end: something on the way, or the copying of it, added one";
    const REWRITTEN: &str = "written anew: something on the way parsed the JSON and wrote it again; it must pass on the bytes as they are";
    let mut found: Vec<(Cow<'_, [u8]>, _)> =
        vec![([signed, b"\n"].concat().into(), REMOVED), ([signed, b"\r\n"].concat().into(), REMOVED)];
    let mut add = |body: Option<Cow<'b, [u8]>>, what| found.extend(body.map(|body| (body, what)));
    add(signed.strip_suffix(b"\r\n").or(signed.strip_suffix(b"\n")).map(Cow::from), ADDED);
    add(
        signed.strip_suffix(b"\r\n").map(|body| [body, b"\n"].concat().into()),
        "with LF at its end, where it has CRLF",
    );
    let text = std::str::from_utf8(signed).ok();
    let lines = text.map(|text| text.replace("\r\n", "\n"));
    add(
        lines.as_ref().map(|text| text.replace('\n', "\r\n").into_bytes().into()),
        "with CRLF for LF: something on the way changed the line ends",
    );
    add(
        lines.map(|text| text.into_bytes().into()),
        "with LF for CRLF: something on the way changed the line ends",
    );
    add(
        signed.strip_prefix(MARK).map(Cow::from),
        "without the byte order mark in front, which something on the way added",
    );
    add(
        Some([MARK, signed].concat().into()),
        "with a byte order mark in front, which something on the way removed",
    );
    let trimmed = signed.trim_ascii();
    add(BASE64_STANDARD.decode(trimmed).ok().map(Cow::from), "decoded: it still is base64");
    add(Some(sent.into()), "as it was sent: whoever signed it is not who the headers say");
    let inside = std::str::from_utf8(sent).ok().and_then(|form| body::payload(form).ok());
    add(
        inside.map(|json| json.into_owned().into_bytes().into()),
        "without the form around the JSON: whoever signed it is not who the headers say",
    );
    let json: Option<Value> = serde_json::from_slice(signed).ok();
    add(json.as_ref().and_then(|json| serde_json::to_vec(json).ok()).map(Cow::from), REWRITTEN);
    add(json.and_then(|json| serde_json::to_vec_pretty(&json).ok()).map(Cow::from), REWRITTEN);
    found
}
