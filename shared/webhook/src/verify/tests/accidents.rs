//! What people are told of a delivery that is not authentic.

use super::*;
use crate::wants::{self, Wants};

fn explained(provider: Provider, secrets: &str, headers: &Headers, body: &[u8], auth: Auth) -> Auth {
    let request = Request { headers: headers.clone(), body: body.into(), ..Request::default() };
    explain::explain(provider, &Wants::default().wanted(&wants::secrets(secrets)), &request, auth)
}

/// What a person is told of a body that was signed as another one.
#[track_caller]
fn check_accident(provider: Provider, secret: &str, signed_body: &[u8], sent: &[u8], expect: &Expect) {
    let headers = signed(provider, secret, signed_body);
    let refused = auth(provider, secret, headers.clone(), sent);
    assert!(!refused.ok);
    let told = explained(provider, secret, &headers, sent, refused.clone());
    assert_eq!(told.scheme, refused.scheme);
    expect.assert_eq(told.reason.strip_prefix(&format!("{}: ", refused.reason)).unwrap());
}

#[test]
fn usual_accidents_of_bodies_are_named() {
    let check = |signed: &str, sent: &str, expect: &Expect| {
        check_accident(Provider::GitHub, "secret", signed.as_bytes(), sent.as_bytes(), expect);
        check_accident(Provider::GitLab, TOKEN, signed.as_bytes(), sent.as_bytes(), expect);
        check_accident(Provider::Forgejo, "secret", signed.as_bytes(), sent.as_bytes(), expect);
    };
    check(
        "{}\n",
        "{}",
        &expect![
            "it fits this body with a line break added at the end: something on the way, or the copying of it, removed one"
        ],
    );
    check(
        "{}\r\n",
        "{}",
        &expect![
            "it fits this body with a line break added at the end: something on the way, or the copying of it, removed one"
        ],
    );
    check(
        "{}",
        "{}\n",
        &expect![
            "it fits this body without the line break at its end: something on the way, or the copying of it, added one"
        ],
    );
    check(
        "{}",
        "{}\r\n",
        &expect![
            "it fits this body without the line break at its end: something on the way, or the copying of it, added one"
        ],
    );
    check(
        "{\n}\n",
        "{\r\n}\r\n",
        &expect!["it fits this body with LF for CRLF: something on the way changed the line ends"],
    );
    check(
        "{\r\n}",
        "{\n}",
        &expect!["it fits this body with CRLF for LF: something on the way changed the line ends"],
    );
    check(
        "{}",
        "\u{feff}{}",
        &expect!["it fits this body without the byte order mark in front, which something on the way added"],
    );
    check(
        "\u{feff}{}",
        "{}",
        &expect!["it fits this body with a byte order mark in front, which something on the way removed"],
    );
    check("{\"a\": 1}", "eyJhIjogMX0=", &expect!["it fits this body decoded: it still is base64"]);
    check(
        "{\"a\":[1]}",
        "{ \"a\": [1] }",
        &expect![
            "it fits this body written anew: something on the way parsed the JSON and wrote it again; it must pass on the bytes as they are"
        ],
    );
    check(
        "{\n  \"a\": 1\n}",
        "{\"a\":1}",
        &expect![
            "it fits this body written anew: something on the way parsed the JSON and wrote it again; it must pass on the bytes as they are"
        ],
    );
    check(
        "{}",
        "{ \"other\": 1 }",
        &expect![
            "either the secret is not the one that the webhook has at the provider, or the body was changed on the way"
        ],
    );
}

#[test]
fn a_form_that_is_signed_the_other_way_is_named() {
    let form = b"payload=%7B%7D";
    let names = |provider, signature: &str| {
        let header = deciding(&signed(provider, "secret", form));
        let headers = [(header, signature)].into_iter().collect::<Headers>();
        let refused = auth(provider, "secret", headers.clone(), form);
        explained(provider, "secret", &headers, form, refused).reason
    };
    let of = |body: &[u8]| hex::encode(mac::sha256(b"secret", &[body]));
    expect!["X-Gitea-Signature does not fit the body (2 bytes) with any configured secret: it fits this body as it was sent: whoever signed it is not who the headers say"].assert_eq(&names(Provider::Gitea, &of(form)));
    expect!["X-Hub-Signature-256 does not fit the body (14 bytes) with any configured secret: it fits this body without the form around the JSON: whoever signed it is not who the headers say"].assert_eq(&names(Provider::GitHub, &format!("sha256={}", of(b"{}"))));
}

#[test]
fn usual_accidents_of_secrets_are_named() {
    let signature = "x-hub-signature-256";
    let good = signed(Provider::GitHub, "secret", BODY);
    check(
        Provider::GitHub,
        "other",
        good.clone(),
        &expect![
            "X-Hub-Signature-256 does not fit the body (10 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way"
        ],
    );
    check(
        Provider::GitHub,
        "secret",
        with(&good, signature, "secret"),
        &expect![
            "expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix: it holds the secret itself: the sender has to sign the body with it and send the signature"
        ],
    );
    let line_break = format!("sha256={}", hex::encode(mac::sha256(b"secret\n", &[BODY])));
    check(
        Provider::GitHub,
        "secret",
        with(&good, signature, &line_break),
        &expect![
            "X-Hub-Signature-256 does not fit the body (10 bytes) with any configured secret: it fits the secret with a line break at its end: enter it at the provider without"
        ],
    );
    let token = |value: &str| with(&Headers::default(), "x-gitlab-token", value);
    check(
        Provider::GitLab,
        "secret",
        token("secret "),
        &expect![
            "X-Gitlab-Token is none of the configured secrets; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS: it has spaces around the secret: remove them at the provider"
        ],
    );
    check(
        Provider::GitLab,
        "secret",
        token("secret, secret"),
        &expect![
            "X-Gitlab-Token is none of the configured secrets; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
}
