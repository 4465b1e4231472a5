//! From a request to its judgement: detect, verify, read, decide, in this order.

use std::borrow::Cow;
use std::mem;

use crate::http::{Headers, Request};
use crate::unix_time::UnixTime;
use crate::{Auth, Event, Judgement, Problem, Provider, Wanted, body, detect, gates, parse, verify};

/// Bytes of a body. A Function URL takes no more, and nothing larger is hashed.
pub const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// For the function: of a delivery that is not authentic nothing is read. `now` is the time since 1970.
pub fn judge(wanted: &Wanted<'_>, request: &Request, now: UnixTime) -> Judgement {
    let mut judgement = Judgement::default();
    let content = check(wanted, request, now, &mut judgement);
    if let Some(content) = content.filter(|_| judgement.auth.ok) {
        read(wanted, request, &content, &mut judgement);
    }
    judgement
}

/// For people who try a delivery: where authentication fails, it says why, and still shows what the delivery says, each
/// change with the gate `auth`. `problem` may then be set too; the answer to such a delivery is 401 all the same.
pub fn judge_openly(wanted: &Wanted<'_>, request: &Request, now: UnixTime) -> Judgement {
    let mut judgement = Judgement::default();
    if let Some(content) = check(wanted, request, now, &mut judgement) {
        let auth = mem::take(&mut judgement.auth);
        judgement.auth = verify::explain::explain(content.provider, wanted, request, auth);
        read(wanted, request, &content, &mut judgement);
    }
    judgement
}

/// A delivery's body.
struct Content<'r> {
    provider: Provider,
    /// The bytes that a signature covers, or why there are none.
    signed: Result<Cow<'r, [u8]>, String>,
}

/// Looks at headers and signature only; what it gives may be read.
fn check<'r>(
    wanted: &Wanted<'_>,
    request: &'r Request,
    now: UnixTime,
    judgement: &mut Judgement,
) -> Option<Content<'r>> {
    let provider = match detect::sender(&request.headers) {
        Ok(provider) => provider,
        Err(reason) => {
            judgement.problem = Some(Problem::NotADelivery(reason));
            return None;
        }
    };
    judgement.provider = Some(provider);
    judgement.delivery = delivery_id(provider, &request.headers);
    judgement.problem = misfit(provider, request);
    if judgement.problem.is_some() {
        return None;
    }
    if provider == Provider::BitbucketServer && is_unsigned_ping(request) {
        judgement.event = Event::Ping;
        judgement.auth.reason =
            "Bitbucket's test of the connection is not signed; it is answered, and nothing follows from it"
                .into();
        return None;
    }
    let signed = body::signed(provider, request);
    judgement.auth = match &signed {
        Ok(signed) => verify::check(provider, wanted, &request.headers, signed, now),
        Err(reason) => Auth { reason: reason.clone(), ..Auth::default() },
    };
    Some(Content { provider, signed })
}

/// Why nothing of a request is hashed, whoever sent it.
fn misfit(provider: Provider, request: &Request) -> Option<Problem> {
    if request.method == "GET" && !provider.sends_gets() {
        return Some(Problem::NotADelivery(format!(
            "expected a POST, as {} sends it, found a GET; only Gitea and Forgejo can be told to send GETs",
            provider.label()
        )));
    }
    let size = request.body.len().max(request.query.len());
    (size > BODY_LIMIT).then(|| {
        Problem::TooLarge(format!(
            "expected a body of at most {BODY_LIMIT} bytes, found {size}; push fewer commits at once"
        ))
    })
}

/// Bitbucket Data Center's button "Test connection" does not sign. Its body says one thing only, so that whatever is more
/// than a test needs a signature.
fn is_unsigned_ping(request: &Request) -> bool {
    let signs = ["x-hub-signature", "authorization"];
    let is_signed = signs.iter().any(|name| request.headers.get(name).is_some_and(|value| !value.is_empty()));
    let text = request.body.iter().filter(|byte| !byte.is_ascii_whitespace());
    !is_signed
        && request.headers.get("x-event-key") == Some("diagnostics:ping")
        && text.eq(br#"{"test":true}"#)
}

fn read(wanted: &Wanted<'_>, request: &Request, content: &Content<'_>, judgement: &mut Judgement) {
    let Content { provider, signed } = content;
    let json = signed.as_deref().map_err(Clone::clone).and_then(|signed| body::json(*provider, signed));
    let said = json.as_deref().map_err(Clone::clone).and_then(|json| {
        if judgement.delivery.is_none() {
            judgement.delivery = parse::delivery_id(*provider, json).filter(|id| is_id(id));
        }
        parse::parse(*provider, &request.headers, json).map_err(|found| {
            format!("expected the body to be one JSON object, as {} sends it, {found}", provider.label())
        })
    });
    match said {
        Ok(said) => gates::decide(wanted, said, judgement),
        Err(reason) => judgement.problem = Some(Problem::NotADelivery(reason)),
    }
}

/// The id that a repeated delivery keeps, where a header holds it.
pub(crate) fn delivery_id(provider: Provider, headers: &Headers) -> Option<String> {
    let ids = provider.delivery_headers().iter().filter_map(|name| headers.get(name));
    ids.map(String::from).find(|id| is_id(id))
}

/// Headers are not signed, and the id becomes the value of a tag, so only ids that look like one count.
fn is_id(id: &str) -> bool {
    matches!(id.len(), 1..=128) && id.bytes().all(|byte| byte.is_ascii_graphic())
}
