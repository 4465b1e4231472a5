//! Every breakage is refused, and its reason says what probably happened.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;
use crate::wants::{Wants, secrets};
use crate::{Provider, SignOptions, judge_openly, sign};

const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);
const JSON: &str = "{\n  \"ref\": \"refs/heads/main\"\n}";
const FORM: &str = "payload=%7B%22ref%22%3A+%22refs%2Fheads%2Fmain%22%7D";

fn delivery(provider: Provider, secret: &str, body: &str) -> Request {
    let form = body == FORM;
    let options = SignOptions { now: NOW, form, ..SignOptions::default() };
    let headers = sign(provider, secret, body.as_bytes(), &options).unwrap();
    Request { method: "POST".into(), headers, body: body.into(), ..Request::default() }
}

/// Every breakage that there is of a delivery, and what is said of it.
#[track_caller]
fn check(provider: Provider, secret: &str, body: &str, expect: &Expect) {
    let delivery = delivery(provider, secret, body);
    let judge = |request: &Request| judge_openly(&Wants::default().wanted(&secrets(secret)), request, NOW);
    assert!(judge(&delivery).auth.ok);
    let mut told = String::new();
    for breakage in Breakage::all() {
        let Ok(broken) = breakage.apply(&delivery, secret, NOW) else { continue };
        let judgement = judge(&broken);
        assert!(!judgement.auth.ok, "{breakage:?}");
        assert!(judgement.changes.iter().all(|change| !change.verdict.deploy), "{breakage:?}");
        let problem = judgement.problem.as_ref().map(|problem| problem.message().to_string());
        let why = if judgement.auth.reason.is_empty() { problem.unwrap() } else { judgement.auth.reason };
        writeln!(told, "{}: {why}", breakage.name()).unwrap();
    }
    expect.assert_eq(&told);
}

#[test]
fn a_signature() {
    check(
        Provider::GitHub,
        "secret",
        JSON,
        &expect![[r#"
        other-secret: X-Hub-Signature-256 does not fit the body (30 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
        secret-with-line-break: X-Hub-Signature-256 does not fit the body (30 bytes) with any configured secret: it fits the secret with a line break at its end: enter it at the provider without
        secret-in-quotes: X-Hub-Signature-256 does not fit the body (30 bytes) with any configured secret: it fits the secret with quotes around it: enter it at the provider without
        secret-itself: expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix: it holds the secret itself: the sender has to sign the body with it and send the signature
        body-edited: X-Hub-Signature-256 does not fit the body (44 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
        body-rewritten: X-Hub-Signature-256 does not fit the body (25 bytes) with any configured secret: it fits this body written anew: something on the way parsed the JSON and wrote it again; it must pass on the bytes as they are
        body-with-line-break: X-Hub-Signature-256 does not fit the body (31 bytes) with any configured secret: it fits this body without the line break at its end: something on the way, or the copying of it, added one
        body-with-crlf: X-Hub-Signature-256 does not fit the body (32 bytes) with any configured secret: it fits this body with LF for CRLF: something on the way changed the line ends
        without-prefix: expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix: it fits, but is written otherwise: send `sha256=` and the hex digits in lower case
        upper-case: expected 64 lower-case hex digits in X-Hub-Signature-256, found other characters: it fits, but is written otherwise: send `sha256=` and the hex digits in lower case
        base64: expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found 44 characters: it fits, but is written otherwise: it is base64, and 64 hex digits are expected
        sha1-only: found only the old X-Hub-Signature (SHA-1), expected X-Hub-Signature-256; update the sender, or set webhook.allow_sha1 to true
        joined-signatures: expected one value of X-Hub-Signature-256, found several, and which of them counts is anybody's guess
        wrong-header: expected the header X-Hub-Signature-256, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS: the header x-signature holds it: it must be sent as X-Hub-Signature-256
        no-proof: expected the header X-Hub-Signature-256, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS
    "#]],
    );
}

#[test]
fn a_signature_without_a_prefix() {
    check(
        Provider::Forgejo,
        "secret",
        JSON,
        &expect![[r#"
        other-secret: X-Forgejo-Signature does not fit the body (30 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
        secret-with-line-break: X-Forgejo-Signature does not fit the body (30 bytes) with any configured secret: it fits the secret with a line break at its end: enter it at the provider without
        secret-in-quotes: X-Forgejo-Signature does not fit the body (30 bytes) with any configured secret: it fits the secret with quotes around it: enter it at the provider without
        secret-itself: expected X-Forgejo-Signature to be 64 hex digits, found 6 characters: it holds the secret itself: the sender has to sign the body with it and send the signature
        body-edited: X-Forgejo-Signature does not fit the body (44 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
        body-rewritten: X-Forgejo-Signature does not fit the body (25 bytes) with any configured secret: it fits this body written anew: something on the way parsed the JSON and wrote it again; it must pass on the bytes as they are
        body-with-line-break: X-Forgejo-Signature does not fit the body (31 bytes) with any configured secret: it fits this body without the line break at its end: something on the way, or the copying of it, added one
        body-with-crlf: X-Forgejo-Signature does not fit the body (32 bytes) with any configured secret: it fits this body with LF for CRLF: something on the way changed the line ends
        upper-case: expected 64 lower-case hex digits in X-Forgejo-Signature, found other characters: it fits, but is written otherwise: send the hex digits in lower case
        base64: expected X-Forgejo-Signature to be 64 hex digits, found 44 characters: it fits, but is written otherwise: it is base64, and 64 hex digits are expected
        sha1-only: expected X-Forgejo-Signature to be 64 hex digits, found 40 characters
        joined-signatures: expected one value of X-Forgejo-Signature, found several, and which of them counts is anybody's guess
        wrong-header: expected the header X-Forgejo-Signature, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS: the header x-signature holds it: it must be sent as X-Forgejo-Signature
        no-proof: expected the header X-Forgejo-Signature, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS
    "#]],
    );
}

#[test]
fn a_signed_form() {
    check(
        Provider::GitHub,
        "secret",
        FORM,
        &expect![[r#"
            other-secret: X-Hub-Signature-256 does not fit the body (52 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
            secret-with-line-break: X-Hub-Signature-256 does not fit the body (52 bytes) with any configured secret: it fits the secret with a line break at its end: enter it at the provider without
            secret-in-quotes: X-Hub-Signature-256 does not fit the body (52 bytes) with any configured secret: it fits the secret with quotes around it: enter it at the provider without
            secret-itself: expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix: it holds the secret itself: the sender has to sign the body with it and send the signature
            body-edited: X-Hub-Signature-256 does not fit the body (53 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
            body-with-line-break: X-Hub-Signature-256 does not fit the body (53 bytes) with any configured secret: it fits this body without the line break at its end: something on the way, or the copying of it, added one
            other-form-signed: X-Hub-Signature-256 does not fit the body (52 bytes) with any configured secret: it fits this body without the form around the JSON: whoever signed it is not who the headers say
            without-prefix: expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found no prefix: it fits, but is written otherwise: send `sha256=` and the hex digits in lower case
            upper-case: expected 64 lower-case hex digits in X-Hub-Signature-256, found other characters: it fits, but is written otherwise: send `sha256=` and the hex digits in lower case
            base64: expected X-Hub-Signature-256 to be `sha256=` and 64 hex digits, found 44 characters: it fits, but is written otherwise: it is base64, and 64 hex digits are expected
            sha1-only: found only the old X-Hub-Signature (SHA-1), expected X-Hub-Signature-256; update the sender, or set webhook.allow_sha1 to true
            joined-signatures: expected one value of X-Hub-Signature-256, found several, and which of them counts is anybody's guess
            wrong-header: expected the header X-Hub-Signature-256, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS: the header x-signature holds it: it must be sent as X-Hub-Signature-256
            no-proof: expected the header X-Hub-Signature-256, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS
        "#]],
    );
    check(
        Provider::Gitea,
        "secret",
        FORM,
        &expect![[r#"
        other-secret: X-Gitea-Signature does not fit the body (26 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
        secret-with-line-break: X-Gitea-Signature does not fit the body (26 bytes) with any configured secret: it fits the secret with a line break at its end: enter it at the provider without
        secret-in-quotes: X-Gitea-Signature does not fit the body (26 bytes) with any configured secret: it fits the secret with quotes around it: enter it at the provider without
        secret-itself: expected X-Gitea-Signature to be 64 hex digits, found 6 characters: it holds the secret itself: the sender has to sign the body with it and send the signature
        body-edited: X-Gitea-Signature does not fit the body (27 bytes) with any configured secret: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
        body-with-line-break: X-Gitea-Signature does not fit the body (27 bytes) with any configured secret: it fits this body without the line break at its end: something on the way, or the copying of it, added one
        other-form-signed: X-Gitea-Signature does not fit the body (26 bytes) with any configured secret: it fits this body as it was sent: whoever signed it is not who the headers say
        upper-case: expected 64 lower-case hex digits in X-Gitea-Signature, found other characters: it fits, but is written otherwise: send the hex digits in lower case
        base64: expected X-Gitea-Signature to be 64 hex digits, found 44 characters: it fits, but is written otherwise: it is base64, and 64 hex digits are expected
        sha1-only: expected X-Gitea-Signature to be 64 hex digits, found 40 characters
        joined-signatures: expected one value of X-Gitea-Signature, found several, and which of them counts is anybody's guess
        wrong-header: expected the header X-Gitea-Signature, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS: the header x-signature holds it: it must be sent as X-Gitea-Signature
        no-proof: expected the header X-Gitea-Signature, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS
    "#]],
    );
}

#[test]
fn a_signing_token() {
    check(
        Provider::GitLab,
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        JSON,
        &expect![[r#"
        other-secret: webhook-signature does not fit the body (30 bytes) with any configured signing token: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
        token-as-text: webhook-signature does not fit the body (30 bytes) with any configured signing token: it fits the signing token taken as text: the key is what the base64 after `whsec_` stands for
        body-edited: webhook-signature does not fit the body (44 bytes) with any configured signing token: either the secret is not the one that the webhook has at the provider, or the body was changed on the way
        body-rewritten: webhook-signature does not fit the body (25 bytes) with any configured signing token: it fits this body written anew: something on the way parsed the JSON and wrote it again; it must pass on the bytes as they are
        body-with-line-break: webhook-signature does not fit the body (31 bytes) with any configured signing token: it fits this body without the line break at its end: something on the way, or the copying of it, added one
        body-with-crlf: webhook-signature does not fit the body (32 bytes) with any configured signing token: it fits this body with LF for CRLF: something on the way changed the line ends
        without-prefix: expected webhook-signature to be `v1,` and 32 bytes in base64, found something else
        old-timestamp: the delivery was signed 600 s before this clock's time, more than 300 s, so it may be a replayed one; send it again
        wrong-header: expected the header webhook-signature, found none or an empty one; give the webhook at GitLab the signing token in PUSHBOX_WEBHOOK_SECRETS
        no-proof: expected the header webhook-signature, found none or an empty one; give the webhook at GitLab the signing token in PUSHBOX_WEBHOOK_SECRETS
    "#]],
    );
}

#[test]
fn a_token() {
    check(
        Provider::GitLab,
        "secret",
        JSON,
        &expect![[r#"
        other-secret: X-Gitlab-Token is none of the configured secrets; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS
        secret-in-quotes: X-Gitlab-Token is none of the configured secrets; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS: it has quotes around the secret: remove them at the provider
        wrong-header: expected the header X-Gitlab-Token, found none or an empty one; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS: the header private-token holds it: it must be sent as X-Gitlab-Token
        no-proof: expected the header X-Gitlab-Token, found none or an empty one; set the webhook's secret token at GitLab to the one in PUSHBOX_WEBHOOK_SECRETS
    "#]],
    );
    check(
        Provider::AzureDevOps,
        "secret",
        JSON,
        &expect![[r#"
        other-secret: X-Pushbox-Token is none of the configured secrets; set the service hook's HTTP header X-Pushbox-Token at Azure DevOps to the secret in PUSHBOX_WEBHOOK_SECRETS
        secret-in-quotes: X-Pushbox-Token is none of the configured secrets; set the service hook's HTTP header X-Pushbox-Token at Azure DevOps to the secret in PUSHBOX_WEBHOOK_SECRETS: it has quotes around the secret: remove them at the provider
        wrong-header: expected the headers of a webhook delivery of GitHub, Gitea, Forgejo or Gogs (X-GitHub-Event), GitLab (X-Gitlab-Event), Bitbucket (X-Event-Key) or Azure DevOps (Authorization: Basic, or X-Pushbox-Token), found none of them; enter this URL as a webhook at the git provider
        no-proof: expected the headers of a webhook delivery of GitHub, Gitea, Forgejo or Gogs (X-GitHub-Event), GitLab (X-Gitlab-Event), Bitbucket (X-Event-Key) or Azure DevOps (Authorization: Basic, or X-Pushbox-Token), found none of them; enter this URL as a webhook at the git provider
    "#]],
    );
}

#[test]
fn a_password() {
    check(
        Provider::AzureDevOps,
        "user:password",
        JSON,
        &expect![[r#"
        other-secret: user and password of the Authorization header, as `user:password`, are none of the configured secrets; enter them so in PUSHBOX_WEBHOOK_SECRETS, and at Azure DevOps
        secret-with-line-break: user and password of the Authorization header, as `user:password`, are none of the configured secrets; enter them so in PUSHBOX_WEBHOOK_SECRETS, and at Azure DevOps: the password has a line break or a space at its end: remove it at the provider
        password-alone: user and password of the Authorization header, as `user:password`, are none of the configured secrets; enter them so in PUSHBOX_WEBHOOK_SECRETS, and at Azure DevOps: the password is right and the user is not: enter the user at the provider too
        wrong-header: expected the headers of a webhook delivery of GitHub, Gitea, Forgejo or Gogs (X-GitHub-Event), GitLab (X-Gitlab-Event), Bitbucket (X-Event-Key) or Azure DevOps (Authorization: Basic, or X-Pushbox-Token), found none of them; enter this URL as a webhook at the git provider
        no-proof: expected the headers of a webhook delivery of GitHub, Gitea, Forgejo or Gogs (X-GitHub-Event), GitLab (X-Gitlab-Event), Bitbucket (X-Event-Key) or Azure DevOps (Authorization: Basic, or X-Pushbox-Token), found none of them; enter this URL as a webhook at the git provider
    "#]],
    );
}

#[test]
fn a_get() {
    let options = SignOptions { now: NOW, form: true, ..SignOptions::default() };
    let headers = sign(Provider::Gitea, "secret", FORM.as_bytes(), &options).unwrap();
    let get = Request { method: "GET".into(), query: FORM.into(), headers, ..Request::default() };
    let broken = Breakage::OtherFormSigned.apply(&get, "secret", NOW).unwrap();
    let judgement = judge_openly(&Wants::default().wanted(&secrets("secret")), &broken, NOW);
    assert!(judgement.auth.reason.contains("it fits this body as it was sent"), "{}", judgement.auth.reason);
    assert!(Breakage::BodyEdited.apply(&get, "secret", NOW).is_err(), "its body says nothing");
}

#[test]
fn what_is_not_signed_cannot_be_broken() {
    let unsigned =
        Request { headers: [("X-GitHub-Event", "push")].into_iter().collect(), ..Request::default() };
    for breakage in Breakage::all() {
        assert!(breakage.apply(&unsigned, "secret", NOW).unwrap_err().contains("sign the delivery first"));
        assert!(breakage.apply(&Request::default(), "secret", NOW).is_err());
    }
}

#[test]
fn each_has_a_name_of_its_own() {
    for breakage in Breakage::all() {
        assert_eq!(Breakage::from_name(breakage.name()), Some(breakage));
        assert!(!breakage.label().is_empty());
    }
    assert_eq!(Breakage::from_name("nonsense"), None);
}
