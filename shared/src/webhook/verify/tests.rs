//! Signatures: what is accepted, and in which words everything else is refused.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::webhook::detect::AZURE_TOKEN;
use crate::webhook::{SignOptions, mac, sign};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

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

fn explained(provider: Provider, secrets: &str, headers: &Headers, body: &[u8], auth: Auth) -> Auth {
    let request = Request { headers: headers.clone(), body: body.into(), ..Request::default() };
    explain::explain(provider, &Config::default(), &Secrets::new(secrets, None), &request, auth)
}

#[track_caller]
fn check(provider: Provider, secrets: &str, headers: Headers, expect: &Expect) {
    let request = Request { headers, body: BODY.into(), ..Request::default() };
    let (config, secrets) = (Config::default(), Secrets::new(secrets, None));
    let auth = verify(provider, &config, &secrets, &request, NOW);
    expect.assert_eq(&match auth.ok {
        true => format!("ok by {}", auth.scheme),
        false => explain::explain(provider, &config, &secrets, &request, auth).reason,
    });
}

#[test]
fn each_provider_has_its_scheme() {
    for (provider, secret, scheme) in [
        (Provider::GitHub, "secret", "x-hub-signature-256"),
        (Provider::GitLab, "secret", "x-gitlab-token"),
        (Provider::GitLab, TOKEN, "webhook-signature"),
        (Provider::Bitbucket, "secret", "x-hub-signature"),
        (Provider::BitbucketServer, "secret", "x-hub-signature"),
        (Provider::Gitea, "secret", "x-gitea-signature"),
        (Provider::Forgejo, "secret", "x-forgejo-signature"),
        (Provider::Gogs, "secret", "x-gogs-signature"),
        (Provider::AzureDevOps, "secret", "x-pushbox-token"),
        (Provider::AzureDevOps, "user:secret", "authorization"),
    ] {
        let accepted = Auth { ok: true, scheme: scheme.into(), reason: String::new() };
        assert_eq!(
            auth(provider, secret, signed(provider, secret, BODY), BODY),
            accepted,
            "{provider} {secret}"
        );
    }
}

/// Every header that could be a signature or a secret, right for this body.
fn all_of_them() -> Headers {
    let mut headers = Headers::default();
    for provider in [
        Provider::Forgejo,
        Provider::GitHub,
        Provider::GitLab,
        Provider::BitbucketServer,
        Provider::AzureDevOps,
    ] {
        for (name, value) in signed(provider, "u:secret", BODY).iter() {
            if headers.get(name).is_none() {
                headers.push(name, value);
            }
        }
    }
    headers.push(AZURE_TOKEN, "u:secret");
    headers
}

#[test]
fn what_the_deciding_header_refuses_no_other_rescues() {
    let mut config = Config::default();
    config.webhook.allow_sha1 = true;
    let wrong = "0".repeat(64);
    for (provider, header, prefix) in [
        (Provider::GitHub, "x-hub-signature-256", "sha256="),
        (Provider::GitLab, "x-gitlab-token", ""),
        (Provider::Bitbucket, "x-hub-signature", "sha256="),
        (Provider::BitbucketServer, "x-hub-signature", "sha256="),
        (Provider::Gitea, "x-gitea-signature", ""),
        (Provider::Forgejo, "x-forgejo-signature", ""),
        (Provider::Gogs, "x-gogs-signature", ""),
        (Provider::AzureDevOps, "x-pushbox-token", ""),
    ] {
        let good = signed(provider, "u:secret", BODY);
        let good = good.get(header).unwrap_or("u:secret");
        for (value, ok) in [
            (good.to_string(), true),
            (format!("{prefix}{wrong}"), false),
            (prefix.to_string(), false),
            (String::new(), false),
            (format!("{good},{good}"), false),
            (format!("{good}, {good}"), false),
            (format!("{prefix}{wrong},{good}"), false),
            (format!("{good},"), false),
        ] {
            let headers = with(&all_of_them(), header, &value);
            let request = Request { headers, body: BODY.into(), ..Request::default() };
            let auth = verify(provider, &config, &Secrets::new("u:secret", None), &request, NOW);
            assert_eq!(auth.ok, ok, "{provider} {value:?} {}", auth.reason);
        }
        let mut twice = with(&all_of_them(), header, good);
        twice.push(header, good);
        assert!(!auth(provider, "u:secret", twice, BODY).ok, "{provider}");
    }
}

#[test]
fn the_family_of_gogs_does_not_fall_back_to_githubs_signature() {
    for (provider, header) in [
        (Provider::Gitea, "x-gitea-signature"),
        (Provider::Forgejo, "x-forgejo-signature"),
        (Provider::Gogs, "x-gogs-signature"),
    ] {
        assert!(!auth(provider, "u:secret", without(&all_of_them(), header), BODY).ok, "{provider}");
    }
    check(
        Provider::Gitea,
        "secret",
        with(&signed(Provider::Gitea, "secret", BODY), "x-gitea-signature", ""),
        &expect![
            "expected the header X-Gitea-Signature, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
}

#[test]
fn hex_digits_may_be_in_either_case() {
    for provider in [Provider::GitHub, Provider::Bitbucket, Provider::Gitea] {
        let good = signed(provider, "secret", BODY);
        let name = deciding(&good);
        let value = good.get(name).unwrap();
        let digits = value.strip_prefix("sha256=").unwrap_or(value);
        let upper = value.replace(digits, &digits.to_uppercase());
        assert_ne!(upper, value);
        assert!(auth(provider, "secret", with(&good, name, &upper), BODY).ok, "{provider}");
    }
}

#[test]
fn user_and_password_are_the_secret() {
    let basic = |value: &str| [("authorization", value)].into_iter().collect::<Headers>();
    let encoded = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
    for provider in [Provider::AzureDevOps, Provider::BitbucketServer] {
        check(
            provider,
            "old\nuser:pass:word",
            basic(&encoded("user:pass:word")),
            &expect!["ok by authorization"],
        );
        check(
            provider,
            "ü:p",
            basic(&encoded("ü:p").replace("Basic", "bAsIc")),
            &expect!["ok by authorization"],
        );
        for (secret, given) in [
            ("user:pass", "user:pas"),
            ("user:pass", "User:pass"),
            ("user:pass", "user:pass\n"),
            ("pass", "pass"),
            ("pass", ":pass"),
        ] {
            assert!(!auth(provider, secret, basic(&encoded(given)), BODY).ok, "{secret} {given}");
        }
        for value in [
            "",
            "Basic",
            "Basic ",
            "Basic dTpw=",
            "Basic u:p",
            "Bearer dTpw",
            "dTpw",
            "Basic dTpw,Basic dTpw",
            "Basic  dTpw",
        ] {
            assert!(!auth(provider, "u:p", basic(value), BODY).ok, "{value}");
        }
    }
    check(
        Provider::AzureDevOps,
        "pass",
        basic(&encoded("user:pass")),
        &expect![
            "user and password of the Authorization header, as `user:password`, are none of the configured secrets; enter them so in PUSHBOX_WEBHOOK_SECRETS, and at Azure DevOps: the password alone is one of them: put the user and a colon before it"
        ],
    );
    check(
        Provider::AzureDevOps,
        "u:p",
        basic("Basic u:p"),
        &expect![
            "expected the header Authorization to be `Basic ` and base64 of `user:password`, found something else"
        ],
    );
    check(
        Provider::AzureDevOps,
        "u:p",
        basic(&encoded("u:q")),
        &expect![
            "user and password of the Authorization header, as `user:password`, are none of the configured secrets; enter them so in PUSHBOX_WEBHOOK_SECRETS, and at Azure DevOps"
        ],
    );
    // Who can sign must: a user and a password rescue no signature.
    let mut both = basic(&encoded("u:p"));
    both.push("x-hub-signature", "");
    assert!(!auth(Provider::BitbucketServer, "u:p", both, BODY).ok);
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
        &expect!["expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix"],
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
        &expect!["expected 64 hex digits in X-Hub-Signature-256, found other characters"],
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
                "webhook-signature does not fit the body (10 bytes) with any configured signing token: either the secret is not the one that the webhook has at the provider, or the body was changed on the way"
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
            "expected the header webhook-id, found none or an empty one; give the webhook at GitLab the signing token in PUSHBOX_WEBHOOK_SECRETS"
        ],
    );
    for signature in ["v1", "v1,", "v2,abc=", "v1,%%%", "v1,YQ=="] {
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
    for timestamp in ["+1700000000", "1700000000.0", " 1700000000", "99999999999999999999999"] {
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
    let plain = (prop::sample::select(Provider::ALL), "[!-~]{1,40}");
    let with_user = prop::sample::select(vec![Provider::AzureDevOps, Provider::BitbucketServer]);
    prop_oneof![
        4 => plain,
        1 => (Just(Provider::GitLab), "whsec_([A-Za-z0-9+/]{4}){1,10}"),
        1 => (with_user, "[!-~]{0,9}:[!-~]{0,9}"),
    ]
}

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

/// It says something about the body.
fn signs(headers: &Headers) -> bool {
    deciding(headers).ends_with("signature") || deciding(headers).ends_with("256")
}

proptest! {
    #[test]
    fn what_is_signed_is_authentic((provider, secret) in any_case(), body in any::<Vec<u8>>()) {
        prop_assert!(auth(provider, &secret, signed(provider, &secret, &body), &body).ok);
    }

    #[test]
    fn one_bit_of_the_body_is_enough((provider, secret) in any_case(), mut body in prop::collection::vec(any::<u8>(), 1..200), at in any::<prop::sample::Index>()) {
        let headers = signed(provider, &secret, &body);
        prop_assume!(signs(&headers));
        let bit = at.index(body.len() * 8);
        body[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!auth(provider, &secret, headers, &body).ok);
    }

    #[test]
    fn one_bit_of_the_signature_is_enough((provider, secret) in any_case(), body in any::<Vec<u8>>(), at in any::<prop::sample::Index>()) {
        let headers = signed(provider, &secret, &body);
        let name = deciding(&headers);
        let good = headers.get(name).unwrap();
        let mut value = good.as_bytes().to_vec();
        let bit = at.index(value.len() * 8);
        value[bit / 8] ^= 1 << (bit % 8);
        let value = String::from_utf8_lossy(&value).into_owned();
        // The same digits or the same scheme, in the other case.
        let in_hex = signs(&headers) && name != "webhook-signature";
        prop_assume!(!(value.eq_ignore_ascii_case(good) && (in_hex || (name == "authorization" && bit / 8 < 5))));
        let auth = auth(provider, &secret, with(&headers, name, &value), &body);
        prop_assert!(!auth.ok, "{value}");
    }

    #[test]
    fn another_secret_is_refused((provider, secret) in any_case(), other in "[!-~]{1,40}", body in any::<Vec<u8>>()) {
        prop_assume!(secret != other);
        prop_assert!(!auth(provider, &other, signed(provider, &secret, &body), &body).ok);
    }
}
