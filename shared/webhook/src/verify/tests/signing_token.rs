//! GitLab's signing tokens.

use std::time::Duration;

use super::*;

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
    let at = |sent: UnixTime| {
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
