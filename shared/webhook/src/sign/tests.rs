//! The headers as a provider would send them.

use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(provider: Provider, secret: &str, body: &str, options: SignOptions<'_>, expect: &Expect) {
    let text = match sign(provider, secret, body.as_bytes(), &options) {
        Ok(headers) => headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
        Err(message) => message,
    };
    expect.assert_eq(&text);
}

const NOW: UnixTime = UnixTime::from_secs(1_649_367_553);

#[test]
fn headers_are_those_of_the_provider() {
    let options = SignOptions::default();
    check(
        Provider::GitHub,
        "It's a Secret to Everybody",
        "Hello, World!",
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: GitHub-Hookshot/pushbox
        x-github-event: push
        x-github-delivery: dffd6021-bb2b-8d5b-80af-676290809ec3
        x-hub-signature: sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59
        x-hub-signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17
    "#]],
    );
    check(
        Provider::Bitbucket,
        "It's a Secret to Everybody",
        "Hello World!",
        options,
        &expect![[r#"
            content-type: application/json
            user-agent: Bitbucket-Webhooks/2.0
            x-event-key: repo:push
            x-hook-uuid: 97708218-91a7-860e-8c9a-3912cdd964f3
            x-request-uuid: 7f83b165-7ff1-8fc5-83b9-2dc18148a1d6
            x-attempt-number: 1
            x-hub-signature: sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9
        "#]],
    );
    check(
        Provider::GitLab,
        "token",
        r#"{"object_kind":"tag_push"}"#,
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: GitLab/pushbox
        x-gitlab-event: Tag Push Hook
        x-gitlab-event-uuid: 08589dd0-24c6-846c-8be6-5c49fcb656ab
        idempotency-key: 08589dd0-24c6-846c-8be6-5c49fcb656ab
        x-gitlab-token: token
    "#]],
    );
    let options = SignOptions { now: NOW, delivery: Some("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"), ..options };
    let body = r#"{"email":"test@example.com","username":"test_user"}"#;
    check(
        Provider::GitLab,
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        body,
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: GitLab/pushbox
        x-gitlab-event: Push Hook
        x-gitlab-event-uuid: msg_27UH4WbU6Z5A5EzD8u03UvzRbpk
        idempotency-key: msg_27UH4WbU6Z5A5EzD8u03UvzRbpk
        webhook-signature: v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=
        webhook-id: msg_27UH4WbU6Z5A5EzD8u03UvzRbpk
        webhook-timestamp: 1649367553
    "#]],
    );
}

#[test]
fn headers_of_the_family_of_gogs_are_those_of_its_ancestors_too() {
    let options = SignOptions { delivery: Some("d"), ..SignOptions::default() };
    check(
        Provider::Gogs,
        "secret",
        "{}",
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: GogsServer
        x-github-delivery: d
        x-github-event: push
        x-gogs-delivery: d
        x-gogs-signature: 77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13
        x-gogs-event: push
    "#]],
    );
    check(
        Provider::Gitea,
        "secret",
        "{}",
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: Go-http-client/1.1
        x-gitea-delivery: d
        x-gitea-event: push
        x-gitea-event-type: push
        x-gitea-signature: 77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13
        x-gogs-delivery: d
        x-gogs-event: push
        x-gogs-event-type: push
        x-gogs-signature: 77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13
        x-hub-signature: sha1=5d61605c3feea9799210ddcb71307d4ba264225f
        x-hub-signature-256: sha256=77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13
        x-github-delivery: d
        x-github-event: push
        x-github-event-type: push
    "#]],
    );
    check(
        Provider::Forgejo,
        "secret",
        "{}",
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: Go-http-client/1.1
        x-forgejo-delivery: d
        x-forgejo-event: push
        x-forgejo-event-type: push
        x-forgejo-signature: 77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13
        x-gitea-delivery: d
        x-gitea-event: push
        x-gitea-event-type: push
        x-gitea-signature: 77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13
        x-gogs-delivery: d
        x-gogs-event: push
        x-gogs-event-type: push
        x-gogs-signature: 77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13
        x-hub-signature: sha1=5d61605c3feea9799210ddcb71307d4ba264225f
        x-hub-signature-256: sha256=77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13
        x-github-delivery: d
        x-github-event: push
        x-github-event-type: push
    "#]],
    );
}

#[test]
fn headers_of_bitbucket_data_center_and_azure_devops() {
    let options = SignOptions { delivery: Some("d"), ..SignOptions::default() };
    check(
        Provider::BitbucketServer,
        "secret",
        r#"{"eventKey":"pr:opened"}"#,
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: Atlassian HttpClient
        x-event-key: pr:opened
        x-request-id: d
        x-hub-signature: sha256=68d1aed136ce517328eb36b8dd71654a60e0ca70641247e135b5f242d0118a03
    "#]],
    );
    check(
        Provider::AzureDevOps,
        "user:password",
        "{}",
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: VSServices
        authorization: Basic dXNlcjpwYXNzd29yZA==
    "#]],
    );
    check(
        Provider::AzureDevOps,
        "secret",
        "{}",
        options,
        &expect![[r#"
        content-type: application/json
        user-agent: VSServices
        x-pushbox-token: secret
    "#]],
    );
}

#[test]
fn the_event_follows_from_the_body() {
    let event = |provider, body: &str, event| {
        let headers =
            sign(provider, "secret", body.as_bytes(), &SignOptions { event, ..SignOptions::default() })
                .unwrap();
        headers
            .iter()
            .find(|(name, _)| name.ends_with("-event") || name.ends_with("-key"))
            .unwrap()
            .1
            .to_string()
    };
    assert_eq!(event(Provider::GitHub, r#"{"zen":"x"}"#, None), "ping");
    assert_eq!(event(Provider::GitHub, r#"{"zen":"x"}"#, Some("push")), "push");
    assert_eq!(event(Provider::GitHub, "{}", Some("tag")), "push");
    assert_eq!(event(Provider::GitHub, "{}", Some("workflow_run")), "workflow_run");
    assert_eq!(event(Provider::GitLab, r#"{"object_kind":"push"}"#, None), "Push Hook");
    assert_eq!(
        event(Provider::GitLab, r#"{"object_kind":"merge_request","event_name":"x"}"#, None),
        "Merge Request Hook"
    );
    assert_eq!(event(Provider::GitLab, r#"{"object_kind":"build"}"#, None), "Job Hook");
    assert_eq!(event(Provider::GitLab, r#"{"event_name":"push"}"#, None), "System Hook");
    assert_eq!(event(Provider::GitLab, "no JSON", None), "Push Hook");
    assert_eq!(event(Provider::GitLab, "{}", Some("tag")), "Tag Push Hook");
    assert_eq!(event(Provider::GitLab, "{}", Some("System Hook")), "System Hook");
    assert_eq!(event(Provider::Bitbucket, "{}", None), "repo:push");
    assert_eq!(event(Provider::Bitbucket, "{}", Some("pullrequest:created")), "pullrequest:created");
    assert_eq!(event(Provider::BitbucketServer, "{}", None), "repo:refs_changed");
    assert_eq!(event(Provider::BitbucketServer, r#"{"eventKey":"a\nb"}"#, None), "repo:refs_changed");
    assert_eq!(
        event(Provider::BitbucketServer, r#"{"eventKey":"pr:merged"}"#, Some("tag")),
        "repo:refs_changed"
    );
    assert_eq!(event(Provider::BitbucketServer, r#"{"test": true}"#, None), "diagnostics:ping");
    assert_eq!(event(Provider::BitbucketServer, "{}", Some("ping")), "diagnostics:ping");
    for provider in [Provider::Gitea, Provider::Forgejo, Provider::Gogs] {
        assert_eq!(event(provider, r#"{"zen":"x"}"#, None), "push");
        assert_eq!(event(provider, "{}", Some("tag")), "push");
        assert_eq!(event(provider, "{}", Some("delete")), "delete");
    }
}

#[test]
fn what_cannot_be_sent_is_refused() {
    let options = SignOptions::default();
    check(
        Provider::GitHub,
        "",
        "{}",
        options,
        &expect!["expected a secret, found an empty one, which no delivery may have"],
    );
    check(
        Provider::GitHub,
        "a\nb",
        "{}",
        options,
        &expect!["expected the secret to fit in one line, found nothing or control characters"],
    );
    check(
        Provider::GitHub,
        "a",
        "{}",
        SignOptions { event: Some("a\r\nx-b: c"), ..options },
        &expect!["expected the event to fit in one line, found nothing or control characters"],
    );
    check(
        Provider::GitHub,
        "a",
        "{}",
        SignOptions { delivery: Some(""), ..options },
        &expect!["expected the delivery id to fit in one line, found nothing or control characters"],
    );
    check(
        Provider::GitHub,
        "a",
        "{}",
        SignOptions { form: true, ..options },
        &expect![
            "expected a form with the field `payload`, found none; set the webhook's content type to application/json"
        ],
    );
    check(
        Provider::GitLab,
        "a",
        "payload=%7B%7D",
        SignOptions { form: true, ..options },
        &expect!["expected JSON, because GitLab sends no forms; leave the form out"],
    );
    check(
        Provider::GitLab,
        "whsec_!",
        "{}",
        options,
        &expect![
            "expected base64 after `whsec_` in the signing token, found something else; copy it again from GitLab"
        ],
    );
    check(
        Provider::Bitbucket,
        "a",
        "{}",
        SignOptions { event: Some("ping"), ..options },
        &expect!["expected push or tag, found ping, which Bitbucket Cloud does not send"],
    );
    check(
        Provider::Gitea,
        "a",
        "{}",
        SignOptions { event: Some("ping"), ..options },
        &expect!["expected push or tag, found ping, which Gitea does not send"],
    );
    check(
        Provider::Gitea,
        "a",
        "payload=%7",
        options,
        &expect!["expected two hex digits after every `%` of the form, found others"],
    );
}

#[test]
fn a_form_is_signed_as_it_is_sent() {
    let options = SignOptions { form: true, ..SignOptions::default() };
    check(
        Provider::GitHub,
        "secret",
        "payload=%7B%22zen%22%3A%22x%22%7D",
        options,
        &expect![[r#"
        content-type: application/x-www-form-urlencoded
        user-agent: GitHub-Hookshot/pushbox
        x-github-event: ping
        x-github-delivery: c122d59d-ac14-843e-8848-87c67e8ba26f
        x-hub-signature: sha1=5230b0136a93a13cfc99ae6f9223c9501ef3f101
        x-hub-signature-256: sha256=33c62e6d5a771606a8a8bc5587332a9a29efdacb1ffbdb5f5d4c34cd32996a04
    "#]],
    );
}

#[test]
fn the_family_of_gogs_signs_the_json_in_a_form() {
    for provider in [Provider::Gitea, Provider::Forgejo, Provider::Gogs] {
        let signature = |body: &str, form| {
            let options = SignOptions { form, ..SignOptions::default() };
            let headers = sign(provider, "secret", body.as_bytes(), &options).unwrap();
            let name = format!("x-{provider}-signature");
            headers.get(&name).unwrap().to_string()
        };
        let of_json = signature("{\"a\": 1}", false);
        assert_eq!(signature("payload=%7B%22a%22%3A+1%7D", true), of_json);
        // The query of a GET.
        assert_eq!(signature("key=1&payload=%7B%22a%22:%201%7D", true), of_json);
        // The body says by itself that it is a form.
        assert_eq!(signature("payload=%7B%22a%22%3A+1%7D", false), of_json);
    }
}
