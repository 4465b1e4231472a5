//! Why a delivery is not authentic, in words for people who try one: it tries the usual accidents.
//!
//! That takes many hashes, so the function never does it.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::hub::Hub;
use super::token::Token;
use super::{Absent, Auth, Headers, Provider, Request, Scheme, Wanted, body, only, scheme, standard, token};

/// The refusal with what has probably happened.
pub(crate) fn explain(provider: Provider, wanted: &Wanted<'_>, request: &Request, refusal: Auth) -> Auth {
    let Ok(signed) = body::signed(provider, request) else { return refusal };
    let secrets = wanted.secrets;
    if refusal.ok || secrets.is_empty() {
        return refusal;
    }
    let sent = body::sent(request);
    let hint = match scheme(provider, wanted, &request.headers) {
        Ok(Scheme::Hub(hub)) => of_hub(hub, secrets, &request.headers, &signed, sent),
        Ok(Scheme::SigningToken) => of_signing_token(secrets, &request.headers, &signed, sent),
        Ok(Scheme::Token(token)) => of_token(token, secrets, &request.headers),
        Ok(Scheme::Basic) => of_password(secrets, &request.headers),
        Err(_) => None,
    };
    match hint {
        Some(hint) => Auth { reason: format!("{}: {hint}", refusal.reason), ..refusal },
        None => refusal,
    }
}

fn of_hub(hub: &Hub, secrets: &[String], headers: &Headers, signed: &[u8], sent: &[u8]) -> Option<String> {
    let fits = |signature: &[u8]| hub.fits(secrets, signature, signed);
    let value = match only(headers, hub.header, hub.shown) {
        Ok(value) => value,
        Err(Absent::Several(_)) => return None,
        Err(Absent::Missing) => {
            let is_it = |value: &str| hub.signature(value).is_ok_and(|signature| fits(&signature));
            return elsewhere(headers, hub.shown, is_it);
        }
    };
    let Ok(signature) = hub.signature(value) else {
        return is_the_secret(secrets, value).or_else(|| {
            let other = hub.otherwise(value).filter(|other| fits(&other.signature))?;
            Some(format!("it fits, but is written otherwise: {}", other.remedy))
        });
    };
    let fits_secret_as = |change: fn(&String) -> String| {
        let changed: Vec<String> = secrets.iter().map(change).collect();
        hub.fits(&changed, &signature, signed)
    };
    if fits_secret_as(|secret| format!("{secret}\n")) {
        return Some(
            "it fits the secret with a line break at its end: enter it at the provider without".into(),
        );
    }
    if fits_secret_as(|secret| format!("\"{secret}\"")) {
        return Some("it fits the secret with quotes around it: enter it at the provider without".into());
    }
    Some(accident(signed, sent, &|body| hub.fits(secrets, &signature, body)))
}

fn of_signing_token(secrets: &[String], headers: &Headers, signed: &[u8], sent: &[u8]) -> Option<String> {
    if standard::takes_token_as_text(secrets, headers, signed) {
        return Some(
            "it fits the signing token taken as text: the key is what the base64 after `whsec_` stands for"
                .into(),
        );
    }
    // What fits is only too old.
    let fits = standard::fits(secrets, headers).filter(|fits| !fits(signed))?;
    Some(accident(signed, sent, &fits))
}

fn of_token(token: &Token, secrets: &[String], headers: &Headers) -> Option<String> {
    let is_secret = |value: &str| token::is_secret(secrets, value.as_bytes());
    let Some(value) = headers.get(token.header).filter(|value| !value.is_empty()) else {
        return elsewhere(headers, token.shown, is_secret);
    };
    if is_secret(value.trim()) {
        return Some("it has spaces around the secret: remove them at the provider".into());
    }
    is_secret(value.trim_matches(['"', '\'']))
        .then(|| "it has quotes around the secret: remove them at the provider".into())
}

/// The name of a header that holds what belongs into another.
fn elsewhere(headers: &Headers, shown: &str, is_it: impl Fn(&str) -> bool) -> Option<String> {
    let (name, _) = headers.iter().find(|(_, value)| is_it(value))?;
    Some(format!("the header {name} holds it: it must be sent as {shown}"))
}

fn is_the_secret(secrets: &[String], value: &str) -> Option<String> {
    token::is_secret(secrets, value.as_bytes()).then(|| {
        "it holds the secret itself: the sender has to sign the body with it and send the signature".into()
    })
}

fn of_password(secrets: &[String], headers: &Headers) -> Option<String> {
    let given = token::basic(headers).ok()?;
    if token::is_secret(secrets, given.trim_ascii_end()) {
        return Some("the password has a line break or a space at its end: remove it at the provider".into());
    }
    let password = given.splitn(2, |byte| *byte == b':').nth(1)?;
    if token::is_secret(secrets, password) {
        return Some("the password alone is one of them: put the user and a colon before it".into());
    }
    let passwords: Vec<String> =
        secrets.iter().filter_map(|secret| Some(secret.split_once(':')?.1.to_string())).collect();
    token::is_secret(&passwords, password)
        .then(|| "the password is right and the user is not: enter the user at the provider too".into())
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
