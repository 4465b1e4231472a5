//! Signatures: what is accepted, and in which words everything else is refused.

mod accidents;
mod properties;
mod schemes;
mod signing_token;

use expect_test::{Expect, expect};

use super::*;
use crate::detect::AZURE_TOKEN;
use crate::wants::{self, Wants};
use crate::{SignOptions, mac, sign};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const BODY: &[u8] = b"{\"a\": \"z\"}";
const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

fn signed(provider: Provider, secret: &str, body: &[u8]) -> Headers {
    sign(provider, secret, body, &SignOptions { now: NOW, ..SignOptions::default() }).unwrap()
}

fn without(headers: &Headers, name: &str) -> Headers {
    headers.iter().filter(|(key, _)| *key != name).collect()
}

fn with(headers: &Headers, name: &str, value: &str) -> Headers {
    let mut headers = without(headers, name);
    headers.push(name, value);
    headers
}

fn auth(provider: Provider, secrets: &str, headers: Headers, body: &[u8]) -> Auth {
    let request = Request { headers, body: body.into(), ..Request::default() };
    verify(provider, &Wants::default().wanted(&wants::secrets(secrets)), &request, NOW)
}

#[track_caller]
fn check(provider: Provider, secrets: &str, headers: Headers, expect: &Expect) {
    let request = Request { headers, body: BODY.into(), ..Request::default() };
    let (wants, secrets) = (Wants::default(), wants::secrets(secrets));
    let auth = verify(provider, &wants.wanted(&secrets), &request, NOW);
    expect.assert_eq(&match auth.ok {
        true => format!("ok by {}", auth.scheme),
        false => explain::explain(provider, &wants.wanted(&secrets), &request, auth).reason,
    });
}

#[test]
fn any_configured_secret_may_fit() {
    for provider in Provider::ALL {
        for secrets in ["secret", "old\nsecret", "secret\nold", "a\n\n  secret \r\nb"] {
            assert!(
                auth(*provider, secrets, signed(*provider, "secret", BODY), BODY).ok,
                "{provider} {secrets:?}"
            );
        }
        for secrets in ["", "\n", "other", "secre", "secrets", "SECRET"] {
            assert!(
                !auth(*provider, secrets, signed(*provider, "secret", BODY), BODY).ok,
                "{provider} {secrets:?}"
            );
        }
    }
}

#[test]
fn without_a_secret_nothing_is_authentic() {
    check(
        Provider::GitHub,
        "",
        signed(Provider::GitHub, "secret", BODY),
        &expect![
            "no webhook secret is configured, so no delivery can be authentic; set PUSHBOX_WEBHOOK_SECRETS to the secret that the webhook has at the provider"
        ],
    );
}

#[test]
fn a_signature_must_be_there_once_and_in_one_form() {
    let good = signed(Provider::GitHub, "secret", BODY);
    let value = good.get("x-hub-signature-256").unwrap().to_string();
    let check = |value: &str, expect: &Expect| {
        check(Provider::GitHub, "secret", with(&good, "x-hub-signature-256", value), expect);
    };
    check(&value, &expect!["ok by x-hub-signature-256"]);
    check(
        "",
        &expect![
            "expected the header X-Hub-Signature-256, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
    check(
        &value.replace("sha256=", ""),
        &expect![
            "expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix: it fits, but is written otherwise: send `sha256=` and the hex digits in lower case"
        ],
    );
    check(
        &value.replace("sha256=", "SHA256="),
        &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found `SHA256=`"],
    );
    check(
        "sha256=",
        &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found 0 characters"],
    );
    check(
        &value[..value.len() - 1],
        &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found 63 characters"],
    );
    check(
        &format!("{value} "),
        &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found 65 characters"],
    );
    check(
        &value.replace(&value[10..12], "é"),
        &expect!["expected 64 lower-case hex digits in X-Hub-Signature-256, found other characters"],
    );
    check(
        &value.replace('4', "é"),
        &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found 66 characters"],
    );
    check(
        &format!("{value},{value}"),
        &expect![
            "expected one value of X-Hub-Signature-256, found several, and which of them counts is anybody's guess"
        ],
    );
    let mut twice = good.clone();
    twice.push("X-Hub-Signature-256", value.as_str());
    self::check(
        Provider::GitHub,
        "secret",
        twice,
        &expect![
            "expected one value of X-Hub-Signature-256, found several, and which of them counts is anybody's guess"
        ],
    );
}

#[test]
fn a_missing_signature_says_what_to_do() {
    let unsigned = without(
        &without(&signed(Provider::GitHub, "secret", BODY), "x-hub-signature-256"),
        "x-hub-signature",
    );
    check(
        Provider::GitHub,
        "secret",
        unsigned,
        &expect![
            "expected the header X-Hub-Signature-256, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
    check(
        Provider::GitLab,
        "secret",
        Headers::default(),
        &expect![
            "expected the header X-Gitlab-Token, found none or an empty one; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
}

/// From the tests of the Standard Webhooks libraries.
const TOKEN: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// The header that decides.
fn deciding(headers: &Headers) -> &'static str {
    const MOST_SPECIFIC_FIRST: [&str; 9] = [
        "x-forgejo-signature",
        "x-gitea-signature",
        "x-gogs-signature",
        "webhook-signature",
        "x-gitlab-token",
        "x-pushbox-token",
        "authorization",
        "x-hub-signature-256",
        "x-hub-signature",
    ];
    MOST_SPECIFIC_FIRST.into_iter().find(|name| headers.get(name).is_some()).unwrap()
}
