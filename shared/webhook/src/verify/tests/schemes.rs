//! Which scheme decides, and that none rescues what another refuses.

use super::*;
use crate::wants::{Wants, secrets};

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
        let accepted = Auth { ok: true, scheme, reason: String::new() };
        assert_eq!(
            auth(provider, secret, signed(provider, secret, BODY), BODY),
            accepted,
            "{provider} {secret}"
        );
    }
}

#[test]
fn one_of_several_secrets_is_enough_and_it_may_stand_there_twice() {
    for secrets in ["new\nsecret", "secret\nnew", "secret\nsecret", "new\nsecret\nsecret"] {
        for provider in [Provider::GitHub, Provider::GitLab, Provider::Gitea] {
            assert!(
                auth(provider, secrets, signed(provider, "secret", BODY), BODY).ok,
                "{provider} {secrets:?}"
            );
            assert!(
                !auth(provider, secrets, signed(provider, "other", BODY), BODY).ok,
                "{provider} {secrets:?}"
            );
        }
    }
    let (tokens, signed) = (format!("{TOKEN}\n{TOKEN}"), signed(Provider::GitLab, TOKEN, BODY));
    assert!(auth(Provider::GitLab, &tokens, signed, BODY).ok);
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
    let wants = Wants { allow_sha1: true, ..Wants::default() };
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
            let auth = verify(provider, &wants.wanted(&secrets("u:secret")), &request, NOW);
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
            "expected the header X-Gitea-Signature, found none or an empty one; give the webhook at the provider one of the secrets in PUSHBOX_WEBHOOK_SECRETS: the header x-gogs-signature holds it: it must be sent as X-Gitea-Signature"
        ],
    );
}

#[test]
fn a_signature_has_one_form_only() {
    for provider in [Provider::GitHub, Provider::Bitbucket, Provider::Gitea] {
        let good = signed(provider, "secret", BODY);
        let name = deciding(&good);
        let value = good.get(name).unwrap();
        let digits = value.strip_prefix("sha256=").unwrap_or(value);
        let upper = value.replace(digits, &digits.to_uppercase());
        assert_ne!(upper, value);
        let auth = auth(provider, "secret", with(&good, name, &upper), BODY);
        assert!(!auth.ok && auth.reason.contains("lower-case hex digits"), "{provider}: {auth:?}");
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
    let wants = Wants { allow_sha1: true, ..Wants::default() };
    let allowed = |headers: &Headers| {
        let request = Request { headers: headers.clone(), body: BODY.into(), ..Request::default() };
        verify(Provider::GitHub, &wants.wanted(&secrets("secret")), &request, NOW)
    };
    assert!(allowed(&old).ok);
    assert_eq!(allowed(&old).scheme, "x-hub-signature");
    let wrong = signed(Provider::GitHub, "other", BODY);
    assert!(!allowed(&without(&wrong, "x-hub-signature-256")).ok);
    // A right SHA-1 does not rescue a wrong, empty or repeated SHA-256.
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
