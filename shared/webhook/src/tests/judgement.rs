//! What every judgement holds, and what it does not: whoever sent the delivery.

use super::*;

#[test]
fn hashes_are_checked() {
    for (after, commit) in [
        (COMMIT.to_string(), Some(COMMIT.to_string())),
        ("A".repeat(40), Some("a".repeat(40))),
        ("b".repeat(64), Some("b".repeat(64))),
        ("b".repeat(41), None),
        ("g".repeat(40), None),
        ("$(reboot)".into(), None),
        (String::new(), None),
    ] {
        let body = json!({ "ref": "refs/heads/main", "after": after });
        let found = judged(&request(Provider::GitHub, None, body.to_string().as_bytes()));
        assert_eq!(found.changes[0].commit, commit, "{after}");
    }
}

#[test]
fn the_function_reads_nothing_that_is_not_authentic() {
    let body =
        json!({ "ref": "refs/heads/main", "after": COMMIT, "repository": { "full_name": "usil/foo" } })
            .to_string();
    let mut request = request(Provider::GitHub, None, body.as_bytes());
    request.body.push(b' ');
    let judgement = judge(&wants().wanted(&secrets()), &request, UnixTime::EPOCH);
    assert_eq!(judgement.provider, Some(Provider::GitHub));
    assert!(judgement.delivery.is_some());
    assert!(!judgement.auth.ok);
    assert_eq!((judgement.event, judgement.repo, judgement.changes), (Event::Other, Repo::default(), vec![]));

    let openly = judge_openly(&wants().wanted(&secrets()), &request, UnixTime::EPOCH);
    assert!(openly.auth.reason.starts_with(&format!("{}: ", judgement.auth.reason)), "people are told more");
    assert_eq!(openly.event, Event::Push);
    assert_eq!(openly.changes[0].verdict.gate, Gate::Auth);
    assert_eq!(openly.changes[0].verdict.reason, openly.auth.reason);

    // 401 comes before 400.
    request.body = b"{".into();
    assert_eq!(judge(&wants().wanted(&secrets()), &request, UnixTime::EPOCH).problem, None);
    assert!(judge_openly(&wants().wanted(&secrets()), &request, UnixTime::EPOCH).problem.is_some());
}

#[track_caller]
fn check_problem(request: &Request, expect: &Expect) {
    let judgement = judged(request);
    assert_eq!(judgement, judge_openly(&wants().wanted(&secrets()), request, UnixTime::EPOCH));
    assert_eq!(judgement.changes, []);
    expect.assert_eq(&format!("{:?}", judgement.problem.unwrap()));
    // It can be printed all the same.
    serde_json::to_string(&judged(request)).unwrap();
}

#[test]
fn what_is_no_delivery_says_so() {
    let nobodys = judged(&Request::default()).problem.unwrap();
    assert!(nobodys.message().starts_with("expected the headers of a webhook delivery of GitHub, Gitea, "));
    check_problem(
        &request(Provider::GitHub, None, b""),
        &expect![[
            r#"NotADelivery("expected the body to be one JSON object, as GitHub sends it, found an empty body")"#
        ]],
    );
    check_problem(
        &request(Provider::GitLab, None, b"[]"),
        &expect![[
            r#"NotADelivery("expected the body to be one JSON object, as GitLab sends it, found JSON that is not an object")"#
        ]],
    );
    check_problem(
        &request(Provider::Bitbucket, None, b"{\"push\": {\"changes\": ["),
        &expect![[
            r#"NotADelivery("expected the body to be one JSON object, as Bitbucket Cloud sends it, found something else: EOF while parsing a list at line 1 column 22; it may have been cut off or changed on the way")"#
        ]],
    );
    check_problem(
        &request(Provider::GitHub, None, b"{\"ref\": \"\xff\"}"),
        &expect![[r#"NotADelivery("expected the body to be UTF-8, found other bytes after 9 of them")"#]],
    );
    check_problem(
        &request(Provider::GitHub, None, b"payload=%7B%7D&payload=%7B%7D"),
        &expect![[r#"NotADelivery("expected one field `payload` in the form, found several")"#]],
    );
    check_problem(
        &Request { method: "GET".into(), ..request(Provider::GitHub, None, b"{}") },
        &expect![[
            r#"NotADelivery("expected a POST, as GitHub sends it, found a GET; only Gitea and Forgejo can be told to send GETs")"#
        ]],
    );
    check_problem(
        &request(Provider::GitHub, None, &vec![b' '; BODY_LIMIT + 1]),
        &expect![[
            r#"TooLarge("expected a body of at most 6291456 bytes, found 6291457; push fewer commits at once")"#
        ]],
    );
    let deep = "[".repeat(10_000);
    check_problem(
        &request(Provider::GitHub, None, format!("{{\"a\":{deep}{}}}", deep.replace('[', "]")).as_bytes()),
        &expect![[
            r#"NotADelivery("expected the body to be one JSON object, as GitHub sends it, found JSON nested more than 128 levels deep, which no git provider sends")"#
        ]],
    );
}

#[test]
fn forms_and_byte_order_marks_are_undone() {
    let json = json!({ "ref": "refs/heads/main", "after": COMMIT, "repository": { "full_name": "usil/foo" }, "pusher": { "name": "a + b & ç" } }).to_string();
    let form = format!("payload={}", crate::percent::encode(&json));
    let options = SignOptions { form: true, ..SignOptions::default() };
    let headers = sign(Provider::GitHub, "secret", form.as_bytes(), &options).unwrap();
    let form = judged(&Request { headers, body: form.into(), ..Request::default() });
    assert!(form.changes[0].verdict.deploy);
    assert_eq!(form.changes[0].pusher.as_deref(), Some("a + b & ç"));
    let marked = judged(&request(Provider::GitHub, None, format!("\u{feff}{json}").as_bytes()));
    assert_eq!(marked.changes, form.changes);
}

#[test]
fn delivery_ids_are_those_that_repetitions_keep() {
    let id = |provider, headers: &[(&str, &str)]| {
        crate::judge::delivery_id(provider, &headers.iter().copied().collect())
    };
    assert_eq!(id(Provider::GitHub, &[("X-GitHub-Delivery", "72d3162e")]).as_deref(), Some("72d3162e"));
    assert_eq!(
        id(Provider::GitLab, &[("X-Gitlab-Event-UUID", "a"), ("Idempotency-Key", "b")]).as_deref(),
        Some("b")
    );
    assert_eq!(
        id(Provider::Bitbucket, &[("X-Request-UUID", "a"), ("X-Hook-UUID", "b")]).as_deref(),
        Some("a")
    );
    assert_eq!(id(Provider::BitbucketServer, &[("X-Request-Id", "a")]).as_deref(), Some("a"));
    let family = [
        ("X-GitHub-Delivery", "a"),
        ("X-Gogs-Delivery", "b"),
        ("X-Gitea-Delivery", "c"),
        ("X-Forgejo-Delivery", "d"),
    ];
    for (provider, expected) in
        [(Provider::GitHub, "a"), (Provider::Gogs, "b"), (Provider::Gitea, "c"), (Provider::Forgejo, "d")]
    {
        assert_eq!(id(provider, &family).as_deref(), Some(expected));
    }
    for bad in ["", "a b", "a\nb", "é", &"a".repeat(129)] {
        assert_eq!(id(Provider::GitHub, &[("X-GitHub-Delivery", bad)]), None);
    }
}

#[test]
fn a_judgement_prints_as_the_command_line_promises() {
    let body =
        json!({ "ref": "refs/heads/main", "after": COMMIT, "repository": { "full_name": "usil/foo" } });
    let judgement = judged(&request(Provider::GitHub, None, body.to_string().as_bytes()));
    expect![[r#"
        {
          "provider": "github",
          "auth": {
            "ok": true,
            "scheme": "x-hub-signature-256",
            "reason": ""
          },
          "event": "push",
          "delivery": "3edd78bc-8710-89ca-8c9b-2f9fcfab6eac",
          "repo": {
            "full_name": "usil/foo",
            "clone_https": null,
            "clone_ssh": null
          },
          "changes": [
            {
              "ref": "refs/heads/main",
              "kind": "branch",
              "action": "updated",
              "commit": "1f2d3c4b5a69788796a5b4c3d2e1f00112233445",
              "message": null,
              "author": {
                "name": null,
                "email": null
              },
              "pusher": null,
              "forced": null,
              "verdict": {
                "deploy": true,
                "gate": "",
                "reason": "refs/heads/main is wanted by repo.refs (`refs/heads/main`)"
              }
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&judgement).unwrap());
}
