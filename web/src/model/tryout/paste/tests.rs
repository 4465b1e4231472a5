//! What people paste, and what becomes of it.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use pushbox_shared::http::Headers;

use super::*;
use crate::model::header_text;
use crate::model::tryout::{Body, Delivery, Source};

#[track_caller]
fn check(text: &str, expect: &Expect) {
    let shown = match read(text) {
        Err(problem) => format!("error: {problem}\n"),
        Ok(Pasted { source, headers, query, body, remarks }) => {
            let mut shown = format!("{source:?}\n");
            headers.iter().for_each(|(name, value)| writeln!(shown, "{name}: {value}").unwrap());
            if !query.is_empty() {
                writeln!(shown, "?{query}").unwrap();
            }
            writeln!(shown, "{:?}", String::from_utf8_lossy(&body)).unwrap();
            remarks.iter().for_each(|remark| writeln!(shown, "- {remark}").unwrap());
            shown
        }
    };
    expect.assert_eq(&shown);
}

#[test]
fn a_curl_command_as_people_write_it() {
    check(
        r#"curl -X POST https://abc.lambda-url.us-east-1.on.aws/hook -H 'X-GitHub-Event: push' -H "Content-Type: application/json" -d '{"ref": "refs/heads/main"}'"#,
        &expect![[r#"
            Curl
            x-github-event: push
            content-type: application/json
            "{\"ref\": \"refs/heads/main\"}"
        "#]],
    );
    check(
        "$ curl -sSXPOST \\\r\n  --header $'X-A: it\\'s' \\\r\n  --data-raw '@not a file' \\\r\n  https://example.org/hook | jq .",
        &expect![[r#"
            Curl
            x-a: it's
            content-type: application/x-www-form-urlencoded
            "@not a file"
            - Line 4: what comes after the curl command is left out.
        "#]],
    );
    check(
        "curl example.org --json '{\"a\":1}' -u user:password -A me",
        &expect![[r#"
        Curl
        authorization: Basic dXNlcjpwYXNzd29yZA==
        user-agent: me
        content-type: application/json
        "{\"a\":1}"
    "#]],
    );
    check(
        "curl -G -d payload=%7B%7D 'https://example.org/hook?a=b#c' -H 'X-Gitea-Event: push'",
        &expect![[r#"
            Curl
            x-gitea-event: push
            ?a=b&payload=%7B%7D
            ""
        "#]],
    );
    check(
        "curl 'https://example.org/hook?payload=%7B%7D' -H 'X-Gitea-Event: push'",
        &expect![[r#"
        Curl
        x-gitea-event: push
        ?payload=%7B%7D
        ""
    "#]],
    );
    check(
        "curl example.org -d a=1 -d b=2 --data-urlencode 'c=d e'",
        &expect![[r#"
        Curl
        content-type: application/x-www-form-urlencoded
        "a=1&b=2&c=d%20e"
    "#]],
    );
}

#[test]
fn what_a_curl_command_says_beyond_that_is_said() {
    check(
        "curl -X PUT example.org --data-binary @body.json -H @headers.txt --frobnicate -H \"X-Hub-Signature-256: sha256=$SIGNATURE\" -H nonsense more\nsleep 1",
        &expect![[r#"
            Curl
            x-hub-signature-256: sha256=$SIGNATURE
            content-type: application/x-www-form-urlencoded
            ""
            - Line 1: the body is in the file body.json, which a page cannot read: choose it at Body.
            - Line 1: the headers in the file headers.txt cannot be read here: paste them.
            - Line 1: the option --frobnicate is not known here, and left out.
            - Line 1: -H has a variable of the shell in it, which only the shell knows; it is taken as it stands.
            - Line 1: expected Name: value, found nonsense; it is left out.
            - Line 1: more is left out.
            - Line 2: what comes after the curl command is left out.
            - It is a PUT, and git hosts send a POST: it is tried as one.
        "#]],
    );
    check(
        "curl -H 'X: y'",
        &expect![[r#"
        error: expected a curl command with a URL, found none
    "#]],
    );
    check(
        "curl -d 'a",
        &expect![[r#"
            error: line 1: opens a quote ' that never closes; close it
        "#]],
    );
    check(
        "curl ^\n -d \"^{\"",
        &expect![[r#"
        error: expected a curl command for bash, found one for Windows' cmd; copy it as “cURL (bash)”
    "#]],
    );
    check(
        "curl example.org -d",
        &expect![[r#"
        Curl
        ""
        - Line 1: expected a value behind -d, found the end.
    "#]],
    );
    check(
        "curl example.org -H 'X-Gitlab-Token: [REDACTED]' -d '{}'",
        &expect![[r#"
        Curl
        x-gitlab-token: [REDACTED]
        content-type: application/x-www-form-urlencoded
        "{}"
        - The value of x-gitlab-token is hidden: enter the secret and sign anew.
    "#]],
    );
}

#[test]
fn a_value_that_looks_like_the_end_of_a_command_is_none() {
    check(
        "curl example.org -d '&' -H 'X-A: ;' && curl more",
        &expect![[r#"
        Curl
        x-a: ;
        content-type: application/x-www-form-urlencoded
        "&"
        - Line 1: what comes after the curl command is left out.
    "#]],
    );
}

#[test]
fn a_github_page_is_read() {
    check(
        "Request\nResponse 202\nHeaders\nRequest URL: https://abc.lambda-url.us-east-1.on.aws/hook\nRequest method: POST\nAccept: */*\nContent-Type: application/json\nUser-Agent: GitHub-Hookshot/0123456\nX-GitHub-Delivery: 0b9ea1e0-0000-11f0-8000-000000000000\nX-GitHub-Event: push\nX-Hub-Signature-256: sha256=00\nPayload\n{\n  \"ref\": \"refs/heads/main\"\n}\n",
        &expect![[r#"
            Page
            accept: */*
            content-type: application/json
            user-agent: GitHub-Hookshot/0123456
            x-github-delivery: 0b9ea1e0-0000-11f0-8000-000000000000
            x-github-event: push
            x-hub-signature-256: sha256=00
            "{\n  \"ref\": \"refs/heads/main\"\n}"
            - The page shows the payload with line breaks that were not sent, so the signature cannot fit: sign it anew with the secret.
        "#]],
    );
}

#[test]
fn a_gitlab_page_is_read() {
    check(
        "POST https://abc.lambda-url.us-east-1.on.aws/hook 200\nRequest headers\nContent-Type: application/json\nX-Gitlab-Event: Push Hook\nX-Gitlab-Token: [REDACTED]\nIdempotency-Key: 1\n\nRequest body\n{\n  \"object_kind\": \"push\"\n}\n\nResponse headers\nDate: today\nResponse body\n{}\n",
        &expect![[r#"
            Page
            content-type: application/json
            x-gitlab-event: Push Hook
            x-gitlab-token: [REDACTED]
            idempotency-key: 1
            "{\n  \"object_kind\": \"push\"\n}"
            - Line 13: what comes after the payload is left out.
            - The value of x-gitlab-token is hidden: enter the secret and sign anew.
        "#]],
    );
    check(
        "Request headers:\n{\n  \"Content-Type\": \"application/json\",\n  \"X-Gitlab-Event\": \"Push Hook\"\n}\nRequest body:\n{\"object_kind\":\"push\"}",
        &expect![[r#"
            Page
            content-type: application/json
            x-gitlab-event: Push Hook
            "{\"object_kind\":\"push\"}"
        "#]],
    );
}

#[test]
fn a_bitbucket_page_is_read() {
    check(
        "Request details\nURL\thttps://abc.lambda-url.us-east-1.on.aws/hook\nHeaders\nX-Event-Key\trepo:push\nX-Request-UUID\t1\nX-Hub-Signature:\nsha256=00\nBody\n{\"push\":{\"changes\":[]}}",
        &expect![[r#"
            Page
            x-event-key: repo:push
            x-request-uuid: 1
            x-hub-signature: sha256=00
            "{\"push\":{\"changes\":[]}}"
        "#]],
    );
}

#[test]
fn a_gitea_page_with_a_form_or_a_get_is_read() {
    check(
        "Headers\nRequest URL: https://abc.lambda-url.us-east-1.on.aws/hook\nRequest method: POST\nContent-Type: application/x-www-form-urlencoded\nX-Gitea-Event: push\nX-Gitea-Signature: 00\nContent\npayload=%7B%7D\nResponse",
        &expect![[r#"
            Page
            content-type: application/x-www-form-urlencoded
            x-gitea-event: push
            x-gitea-signature: 00
            "payload=%7B%7D"
            - Line 9: what comes after the payload is left out.
        "#]],
    );
    check(
        "Request URL: https://example.org/hook?payload=%7B%7D\nRequest method: GET\nX-Gitea-Event: push",
        &expect![[r#"
            Page
            x-gitea-event: push
            ?payload=%7B%7D
            ""
        "#]],
    );
}

#[test]
fn what_is_only_a_part_is_said() {
    check(
        "{\"ref\": \"refs/heads/main\"}",
        &expect![[r#"
        Page
        "{\"ref\": \"refs/heads/main\"}"
        - There are no headers in it: copy those too, or sign it as a git host would.
    "#]],
    );
    check(
        "X-GitHub-Event: push",
        &expect![[r#"
        Page
        x-github-event: push
        ""
        - There is no body in it: copy the payload too.
    "#]],
    );
    check(
        "{\"ref\": \"refs/he",
        &expect![[r#"
        Page
        "{\"ref\": \"refs/he"
        - There are no headers in it: copy those too, or sign it as a git host would.
    "#]],
    );
    check(
        "hello",
        &expect![[r#"
        error: expected a curl command, or the headers and the body of a delivery, found neither; select the whole delivery on the git host's page, from its headers to the end of its payload
    "#]],
    );
    check(
        "",
        &expect![[r#"
        error: expected a curl command, or the headers and the body of a delivery, found neither; select the whole delivery on the git host's page, from its headers to the end of its payload
    "#]],
    );
}

#[test]
fn a_fixture_with_something_else_in_it_says_what() {
    check(
        r#"{"headers": {"A": 1}, "body": ""}"#,
        &expect![[r#"
        error: headers: expected the value of A to be a text, found 1
    "#]],
    );
    check(
        r#"{"headers": {}, "body": 1}"#,
        &expect![[r#"
        error: body: expected a text, found 1
    "#]],
    );
    check(
        r#"{"headers": {}, "body_base64": "!"}"#,
        &expect![[r#"
        error: body_base64: expected base64: Invalid symbol 33, offset 0.
    "#]],
    );
}

/// Names as HTTP has them, values as a header can hold them, and any body.
fn any_delivery() -> impl Strategy<Value = Delivery> {
    let header = ("x-[a-z]{1,8}", "[!-~é🙂]([ -~é🙂]{0,20}[!-~é🙂])?");
    let body = prop_oneof![
        any::<String>().prop_map(|text| Body::Text(text.as_str().into())),
        any::<Vec<u8>>().prop_map(|bytes| Body::File { name: "b.bin".into(), bytes: bytes.into() }),
    ];
    (prop::collection::btree_map(header.0, header.1, 1..6), body).prop_map(|(headers, body)| {
        let mut headers: Headers = headers.into_iter().collect();
        headers.push("content-type", "application/json");
        Delivery { headers: header_text::write(&headers).into(), body, ..Delivery::default() }
    })
}

proptest! {
    #[test]
    fn what_is_copied_as_curl_is_read_again(delivery in any_delivery()) {
        let pasted = read(&delivery.curl().unwrap()).unwrap();
        prop_assert_eq!(header_text::write(&pasted.headers), &*delivery.headers);
        prop_assert_eq!(pasted.source, Source::Curl);
        if !delivery.needs_body_file() {
            prop_assert_eq!(&pasted.body, delivery.body.bytes());
        }
    }

    #[test]
    fn what_is_kept_is_read_again(delivery in any_delivery()) {
        let pasted = read(&delivery.fixture().unwrap()).unwrap();
        prop_assert_eq!(header_text::write(&pasted.headers), &*delivery.headers);
        prop_assert_eq!(pasted.source, Source::Fixture);
        prop_assert_eq!(&pasted.body, delivery.body.bytes());
        prop_assert!(pasted.remarks.is_empty());
    }

    #[test]
    fn nothing_makes_it_panic(text in any::<String>(), command in "curl [-a-zA-Z'\"$\\\\{}:@ \n]{0,60}") {
        let _ = read(&text);
        let _ = read(&command);
    }
}
