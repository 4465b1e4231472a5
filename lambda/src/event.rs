//! What Lambda hands over: a request of the Function URL, or a reconcile. And the answer to a request.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pushbox_shared::handler::{Input, not_a_request};
use pushbox_shared::http::{Request, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// Why an event starts no handler.
#[derive(Debug, PartialEq)]
pub(crate) enum NoInput {
    /// A request that has an answer already.
    Answered(Response),
    /// Nothing that pushbox is sent; somebody invoked the function by hand.
    Foreign(String),
}

/// What the function sends itself.
pub(crate) fn reconcile() -> Value {
    json!({ "reconcile": 1 })
}

pub(crate) fn read(event: Value) -> Result<Input, NoInput> {
    if event == reconcile() {
        return Ok(Input::Reconcile);
    }
    let request: UrlRequest = serde_json::from_value(event).map_err(|error| {
        NoInput::Foreign(format!(
            "expected a request of the function's URL or {}, found neither: {error}",
            reconcile()
        ))
    })?;
    let body = match request.is_base64_encoded {
        true => STANDARD.decode(&request.body).map_err(|error| {
            NoInput::Answered(not_a_request(&format!("expected a body in base64, found none: {error}")))
        })?,
        false => request.body.into_bytes(),
    };
    Ok(Input::Http(Request {
        method: request.request_context.http.method,
        path: request.raw_path,
        query: request.raw_query_string,
        headers: request.headers.into_iter().collect(),
        body,
    }))
}

/// As a Function URL wants it.
pub(crate) fn answer(response: &Response) -> Value {
    let headers: BTreeMap<&str, &str> = response.headers().collect();
    json!({
        "statusCode": response.status,
        "headers": headers,
        "body": response.body,
        "isBase64Encoded": false,
    })
}

/// The part of payload format 2.0 that pushbox reads.
/// Source: "Invoking Lambda function URLs", request and response payloads.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UrlRequest {
    raw_path: String,
    #[serde(default)]
    raw_query_string: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    request_context: RequestContext,
    #[serde(default)]
    body: String,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Deserialize)]
struct RequestContext {
    http: Http,
}

#[derive(Deserialize)]
struct Http {
    method: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(more: &Value) -> Value {
        let mut event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/hook", "rawQueryString": "a=1&b",
            "headers": { "X-GitHub-Event": "push", "content-type": "application/json" },
            "requestContext": {
                "accountId": "anonymous", "domainName": "abc.lambda-url.us-east-1.on.aws",
                "http": { "method": "POST", "path": "/hook", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "x" },
                "requestId": "id", "time": "12/Mar/2026:19:03:58 +0000", "timeEpoch": 1_773_342_238_000_u64,
            },
        });
        for (key, value) in more.as_object().expect("an object") {
            event[key] = value.clone();
        }
        event
    }

    #[track_caller]
    fn body(more: &Value) -> Vec<u8> {
        match read(event(more)) {
            Ok(Input::Http(request)) => request.body,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_request_is_read_as_it_was_sent() {
        let Ok(Input::Http(request)) = read(event(&json!({ "body": "{}", "isBase64Encoded": false }))) else {
            panic!("a request")
        };
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/hook"));
        assert_eq!(request.query, "a=1&b");
        assert_eq!(request.headers.get("x-github-event"), Some("push"));
    }

    #[test]
    fn a_body_keeps_every_byte() {
        let text = " {\"a\":\"\u{feff}ä\\u0000\"}\r\n\n ";
        assert_eq!(body(&json!({ "body": text, "isBase64Encoded": false })), text.as_bytes());
        assert_eq!(body(&json!({ "body": "AP8NCg==", "isBase64Encoded": true })), b"\x00\xff\r\n");
        // What looks like base64 and is not marked as such is a text.
        assert_eq!(body(&json!({ "body": "AP8NCg==" })), b"AP8NCg==");
        assert_eq!(body(&json!({})), b"");
        assert_eq!(body(&json!({ "isBase64Encoded": true })), b"");
    }

    #[test]
    fn broken_base64_is_answered_with_400() {
        for broken in ["x", "AP8NCg", "AP8N Cg==", "AP8NCh==", "äöü=", "AP8N\nCg=="] {
            match read(event(&json!({ "body": broken, "isBase64Encoded": true }))) {
                Err(NoInput::Answered(response)) => assert_eq!(response.status, 400, "{broken}"),
                other => panic!("{broken}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_reconcile_is_exactly_what_the_function_sends() {
        assert_eq!(read(json!({ "reconcile": 1 })), Ok(Input::Reconcile));
        for other in [
            json!(null),
            json!({}),
            json!([]),
            json!({ "reconcile": 2 }),
            json!({ "reconcile": 1, "more": 1 }),
            json!("reconcile"),
        ] {
            assert!(matches!(read(other.clone()), Err(NoInput::Foreign(_))), "{other}");
        }
    }
}
