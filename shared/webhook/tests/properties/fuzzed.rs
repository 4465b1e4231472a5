//! What a fuzz target does with its input. On stable, `replay` does it with the inputs that the fuzzers kept.

use pushbox_webhook::http::{Headers, Request};
use pushbox_webhook::{Provider, SignOptions, detect, judge, judge_openly, sign};

use crate::samples::{NOW, SECRET, wants, wide_wants};
use crate::wants::secrets;
use crate::{holds, wire};

/// A secret that no input was signed with.
const UNKNOWN: &str = "6f1f8c0a5b0d4f5e9a7c3b2d1e0f9a8b";

/// From a request, written as `wire` does, to its judgement: as it came, and once more with the signature put right.
pub(crate) fn request(input: &[u8]) {
    let request = wire::read(input);
    let provider = detect(&request.headers);
    judged(provider.unwrap_or(Provider::ALL[0]), &request);
    if let Some(signed) = provider.and_then(|provider| signed_again(provider, &request)) {
        judged(detect(&signed.headers).unwrap_or(Provider::ALL[0]), &signed);
    }
}

/// One provider's parser: the first line of the input is the event, or empty, and the rest the body.
pub(crate) fn body(provider: Provider, input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (event, body) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let event = std::str::from_utf8(event).ok().filter(|event| !event.is_empty());
    let form = body.starts_with(b"payload=");
    let options = SignOptions { event, form, now: NOW, ..SignOptions::default() };
    // There are events and forms that the provider does not send.
    let Ok(headers) = sign(provider, SECRET, body, &options) else { return };
    let request = Request { method: "POST".into(), headers, body: body.into(), ..Request::default() };
    assert_eq!(detect(&request.headers), Some(provider));
    judged(provider, &request);
}

fn judged(provider: Provider, request: &Request) {
    let known = secrets(SECRET);
    let (narrow, wide) = (wants(provider), wide_wants(provider));
    let function = judge(&narrow.wanted(&known), request, NOW);
    holds::check(narrow, request, &function);
    let openly = judge_openly(&wide.wanted(&known), request, NOW);
    holds::check(wide, request, &openly);
    // SHA-1 may be enough for the wide config only.
    assert!(openly.auth.ok || !function.auth.ok, "{function:?}");

    let unknown = secrets(UNKNOWN);
    let function = judge(&wide.wanted(&unknown), request, NOW);
    let openly = judge_openly(&wide.wanted(&unknown), request, NOW);
    holds::check(wide, request, &openly);
    holds::check_refused(&function, &openly);
    serde_json::to_string(&openly).expect("every judgement can be printed");
}

/// The request with the headers that its provider would send with such a body; its own event, and whatever else it has.
fn signed_again(provider: Provider, request: &Request) -> Option<Request> {
    let event = wire::header_that_ends_with(&request.headers, &["-event", "-key"]);
    let is_form = |kind: &str| kind.contains("x-www-form-urlencoded");
    let is_get = request.method == "GET";
    let form = is_get || request.headers.get("content-type").is_some_and(is_form);
    let options = SignOptions { event, form, now: NOW, ..SignOptions::default() };
    let content = if is_get { request.query.as_bytes() } else { &request.body };
    let signed = sign(provider, SECRET, content, &options).ok()?;
    let is_ours = |name: &str| name != "content-type" && signed.get(name).is_some();
    let ours = signed.iter().filter(|(name, _)| is_ours(name));
    let theirs = request.headers.iter().filter(|(name, _)| !is_ours(name));
    let headers: Headers = ours.chain(theirs).collect();
    Some(Request { headers, ..request.clone() })
}
