//! Signatures: what is accepted, and in which words everything else is refused.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::webhook::{SignOptions, sign};

const BODY: &[u8] = b"{\"a\": \"z\"}";
const NOW: Duration = Duration::from_secs(1_700_000_000);

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
    verify(provider, &Config::default(), &Secrets::new(secrets, None), &request, NOW)
}

#[track_caller]
fn check(provider: Provider, secrets: &str, headers: Headers, expect: &Expect) {
    let auth = auth(provider, secrets, headers, BODY);
    expect.assert_eq(&match auth.ok {
        true => format!("ok by {}", auth.scheme),
        false => auth.reason,
    });
}

#[test]
fn each_provider_has_its_scheme() {
    check(
        Provider::GitHub,
        "secret",
        signed(Provider::GitHub, "secret", BODY),
        &expect!["ok by x-hub-signature-256"],
    );
    check(
        Provider::Bitbucket,
        "secret",
        signed(Provider::Bitbucket, "secret", BODY),
        &expect!["ok by x-hub-signature"],
    );
    check(
        Provider::GitLab,
        "secret",
        signed(Provider::GitLab, "secret", BODY),
        &expect!["ok by x-gitlab-token"],
    );
    check(
        Provider::GitLab,
        TOKEN,
        signed(Provider::GitLab, TOKEN, BODY),
        &expect!["ok by webhook-signature"],
    );
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
    check("", &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix"]);
    check(
        &value.replace("sha256=", ""),
        &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix"],
    );
    check(
        &value.replace("sha256=", "SHA256="),
        &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found `SHA256=`"],
    );
    check(
        "sha256=",
        &expect!["expected 64 hex digits after `sha256=` in X-Hub-Signature-256, found 0 characters"],
    );
    check(
        &value[..value.len() - 1],
        &expect!["expected 64 hex digits after `sha256=` in X-Hub-Signature-256, found 63 characters"],
    );
    check(
        &format!("{value} "),
        &expect!["expected 64 hex digits after `sha256=` in X-Hub-Signature-256, found 65 characters"],
    );
    check(
        &format!("sha256={}", value[7..].to_uppercase()),
        &expect![
            "expected lower-case hex digits after `sha256=` in X-Hub-Signature-256, found other characters"
        ],
    );
    check(
        &value.replace('4', "é"),
        &expect!["expected 64 hex digits after `sha256=` in X-Hub-Signature-256, found 66 characters"],
    );
    check(
        &format!("{value},{value}"),
        &expect![
            "expected one value of X-Hub-Signature-256, found several, and which of them counts is anybody's guess"
        ],
    );
    let mut twice = good.clone();
    twice.push("X-Hub-Signature-256", value.as_str());
    super::tests::check(
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
            "expected the header X-Hub-Signature-256, found none; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
    check(
        Provider::GitLab,
        "secret",
        Headers::default(),
        &expect![
            "expected the header X-Gitlab-Token, found none; give the webhook at GitLab one of the secrets in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
}

#[test]
fn sha1_is_accepted_only_where_it_is_allowed_and_alone() {
    let both = signed(Provider::GitHub, "secret", BODY);
    let old = without(&both, "x-hub-signature-256");
    check(
        Provider::GitHub,
        "secret",
        old.clone(),
        &expect![
            "found only the old X-Hub-Signature (SHA-1), expected X-Hub-Signature-256; update the sender, or set webhook.allow_sha1 to true"
        ],
    );
    let mut config = Config::default();
    config.webhook.allow_sha1 = true;
    let allowed = |headers: &Headers| {
        let request = Request { headers: headers.clone(), body: BODY.into(), ..Request::default() };
        verify(Provider::GitHub, &config, &Secrets::new("secret", None), &request, NOW)
    };
    assert!(allowed(&old).ok);
    assert_eq!(allowed(&old).scheme, "x-hub-signature");
    // A right SHA-1 does not rescue a wrong, empty or repeated SHA-256.
    let wrong = signed(Provider::GitHub, "other", BODY);
    for value in [wrong.get("x-hub-signature-256").unwrap(), "", "sha256="] {
        assert!(!allowed(&with(&both, "x-hub-signature-256", value)).ok, "{value}");
    }
    // Bitbucket's header of the same name never holds SHA-1.
    let sha1 = old.get("x-hub-signature").unwrap();
    check(
        Provider::Bitbucket,
        "secret",
        [("x-hub-signature", sha1)].into_iter().collect(),
        &expect!["expected X-Hub-Signature to be `sha256=` and 64 hex digits, found `sha1=`"],
    );
}

#[test]
fn usual_accidents_are_named() {
    let newline = [BODY, b"\n"].concat();
    check(
        Provider::GitHub,
        "secret",
        signed(Provider::GitHub, "secret", &newline),
        &expect![
            "X-Hub-Signature-256 does not fit the body (10 bytes) with any configured secret: it fits this body with a line break added at the end: something on the way, or the copying of it, removed one"
        ],
    );
    let auth = auth(Provider::Bitbucket, "secret", signed(Provider::Bitbucket, "secret", BODY), &newline);
    expect!["X-Hub-Signature does not fit the body (11 bytes) with any configured secret: it fits this body without the line break at its end: something on the way, or the copying of it, added one"]
        .assert_eq(&auth.reason);
    check(
        Provider::GitHub,
        "secret",
        signed(Provider::GitHub, "other", BODY),
        &expect![
            "X-Hub-Signature-256 does not fit the body (10 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way"
        ],
    );
    check(
        Provider::GitLab,
        "secret",
        with(&Headers::default(), "x-gitlab-token", "secret "),
        &expect!["X-Gitlab-Token has spaces around the configured secret; remove them at GitLab"],
    );
    check(
        Provider::GitLab,
        "secret",
        with(&Headers::default(), "x-gitlab-token", "secret, secret"),
        &expect![
            "X-Gitlab-Token is none of the configured secrets; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
}

/// From the tests of the Standard Webhooks libraries.
const TOKEN: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

#[test]
fn a_signing_token_refuses_everything_weaker() {
    let good = signed(Provider::GitLab, TOKEN, BODY);
    let secrets = format!("{TOKEN}\nplain");
    check(Provider::GitLab, &secrets, good.clone(), &expect!["ok by webhook-signature"]);
    check(
        Provider::GitLab,
        &secrets,
        signed(Provider::GitLab, "plain", BODY),
        &expect![
            "a signing token (whsec_…) is configured, so a plain X-Gitlab-Token is not enough, and webhook-signature is missing; give the webhook at GitLab that signing token"
        ],
    );
    // Neither the plain secret nor the signing token itself, sent as a token, rescues a wrong signature.
    for token in ["plain", TOKEN] {
        let headers = with(
            &with(&good, "webhook-signature", &format!("v1,{}=", "A".repeat(43))),
            "x-gitlab-token",
            token,
        );
        check(
            Provider::GitLab,
            &secrets,
            headers,
            &expect![
                "webhook-signature does not fit the body (10 bytes) with any configured signing token: either the token is not the one that the webhook has at GitLab, or the body was changed on the way"
            ],
        );
    }
    check(
        Provider::GitLab,
        "plain",
        good,
        &expect![
            "found a signature of a GitLab signing token, but no signing token is configured; add it (whsec_…) to PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
}

#[test]
fn a_signing_tokens_headers_must_be_right() {
    let good = signed(Provider::GitLab, TOKEN, BODY);
    check(
        Provider::GitLab,
        TOKEN,
        without(&good, "webhook-id"),
        &expect![
            "expected the header webhook-id, found none; give the webhook at GitLab the signing token in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
    for signature in ["", "v1", "v1,", "v2,abc=", "v1,%%%", "v1,YQ=="] {
        check(
            Provider::GitLab,
            TOKEN,
            with(&good, "webhook-signature", signature),
            &expect!["expected webhook-signature to be `v1,` and 32 bytes in base64, found something else"],
        );
    }
    let several = format!("v1,YQ== v1a,abc {} v2,x", good.get("webhook-signature").unwrap());
    check(
        Provider::GitLab,
        TOKEN,
        with(&good, "webhook-signature", &several),
        &expect!["ok by webhook-signature"],
    );
    check(
        Provider::GitLab,
        "whsec_",
        good.clone(),
        &expect!["the signing token is nothing but `whsec_`; copy all of it from GitLab"],
    );
    check(
        Provider::GitLab,
        "whsec_no base64",
        good,
        &expect![
            "expected base64 after `whsec_` in the signing token, found something else; copy it again from GitLab"
        ],
    );
}

#[test]
fn old_and_future_deliveries_are_refused() {
    let at = |sent: Duration| {
        let options = SignOptions { now: sent, ..SignOptions::default() };
        let headers = sign(Provider::GitLab, TOKEN, BODY, &options).unwrap();
        auth(Provider::GitLab, TOKEN, headers, BODY)
    };
    let seconds = Duration::from_secs;
    assert!(at(NOW - seconds(300)).ok);
    assert!(at(NOW + seconds(300)).ok);
    expect!["the delivery was signed 301 s before this clock's time, more than 300 s, so it may be a replayed one; send it again"]
        .assert_eq(&at(NOW - seconds(301)).reason);
    expect!["the delivery was signed 301 s after this clock's time, more than 300 s, so it may be a replayed one; send it again"]
        .assert_eq(&at(NOW + seconds(301)).reason);
    for timestamp in ["", "+1700000000", "1700000000.0", " 1700000000", "99999999999999999999999"] {
        let id = "id";
        let headers: Headers = [
            ("webhook-id", id),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", &standard::sign(TOKEN, id, timestamp, BODY).unwrap()),
        ]
        .into_iter()
        .collect();
        check(
            Provider::GitLab,
            TOKEN,
            headers,
            &expect!["expected webhook-timestamp to be seconds since 1970, found something else"],
        );
    }
}

fn any_case() -> impl Strategy<Value = (Provider, String)> {
    prop_oneof![
        Just((Provider::GitHub, "[!-~]{1,40}")),
        Just((Provider::GitLab, "[!-~]{1,40}")),
        Just((Provider::Bitbucket, "[!-~]{1,40}")),
        Just((Provider::GitLab, "whsec_([A-Za-z0-9+/]{4}){1,10}")),
    ]
    .prop_flat_map(|(provider, secret)| (Just(provider), secret))
}

/// The header that decides.
fn deciding(provider: Provider, headers: &Headers) -> &'static str {
    match provider {
        Provider::GitHub => "x-hub-signature-256",
        Provider::Bitbucket => "x-hub-signature",
        Provider::GitLab if headers.get("webhook-signature").is_some() => "webhook-signature",
        Provider::GitLab => "x-gitlab-token",
    }
}

proptest! {
    #[test]
    fn what_is_signed_is_authentic((provider, secret) in any_case(), body in any::<Vec<u8>>()) {
        prop_assert!(auth(provider, &secret, signed(provider, &secret, &body), &body).ok);
    }

    #[test]
    fn one_bit_of_the_body_is_enough((provider, secret) in any_case(), mut body in prop::collection::vec(any::<u8>(), 1..200), at in any::<prop::sample::Index>()) {
        let headers = signed(provider, &secret, &body);
        // A plain token says nothing about the body.
        prop_assume!(deciding(provider, &headers) != "x-gitlab-token");
        let bit = at.index(body.len() * 8);
        body[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!auth(provider, &secret, headers, &body).ok);
    }

    #[test]
    fn one_bit_of_the_signature_is_enough((provider, secret) in any_case(), body in any::<Vec<u8>>(), at in any::<prop::sample::Index>()) {
        let headers = signed(provider, &secret, &body);
        let name = deciding(provider, &headers);
        let mut value = headers.get(name).unwrap().as_bytes().to_vec();
        let bit = at.index(value.len() * 8);
        value[bit / 8] ^= 1 << (bit % 8);
        let value = String::from_utf8_lossy(&value).into_owned();
        let auth = auth(provider, &secret, with(&headers, name, &value), &body);
        prop_assert!(!auth.ok, "{value}");
    }

    #[test]
    fn another_secret_is_refused((provider, secret) in any_case(), other in "[!-~]{1,40}", body in any::<Vec<u8>>()) {
        prop_assume!(secret != other);
        prop_assert!(!auth(provider, &other, signed(provider, &secret, &body), &body).ok);
    }
}
