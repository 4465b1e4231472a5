//! Requests of nobody and everybody: known and unknown headers in any company, and bodies of any bytes.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use pushbox_webhook::http::{Headers, Request};
use pushbox_webhook::unix_time::UnixTime;
use pushbox_webhook::{BODY_LIMIT, Problem, Provider, SignOptions, detect, judge, judge_openly, sign};

use crate::holds;
use crate::samples::{SAMPLES, SECRET, wants, wide_wants};
use crate::wants::{self, secrets};

/// Of all samples: every header that a provider sends.
static HEADERS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let requests = SAMPLES.iter().map(|sample| sample.request().headers);
    let pairs = |headers: Headers| headers.iter().map(|(name, value)| (name.into(), value.into())).collect();
    let mut all: Vec<(String, String)> = requests.flat_map::<Vec<_>, _>(pairs).collect();
    all.sort();
    all.dedup();
    all
});

fn any_header() -> impl Strategy<Value = (String, String)> {
    let known = select(&HEADERS[..]);
    prop_oneof![
        5 => known.clone(),
        3 => (known, any::<String>()).prop_map(|((name, _), value)| (name, value)),
        1 => (any::<String>(), any::<String>()),
    ]
}

fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let sample = any::<Index>().prop_map(|which| SAMPLES[which.index(SAMPLES.len())].content().into());
    let form = any::<String>().prop_map(|text| ["payload=", &text].concat().into_bytes());
    prop_oneof![any::<Vec<u8>>(), form, sample]
}

proptest! {
    #[test]
    fn no_request_is_too_strange(
        method in select(&["GET", "POST", "PUT", ""][..]),
        query in any::<String>(),
        headers in prop::collection::vec(any_header(), 0..10),
        body in any_body(),
        secrets in "(It's a Secret to Everybody|whsec_C2FVsBQI|[ -~é]{0,9}|\n){0,4}",
        now in any::<u64>(),
    ) {
        let headers: Headers = headers.into_iter().collect();
        let provider = detect(&headers).unwrap_or(Provider::ALL[0]);
        let request = Request { method: method.into(), path: "/hook".into(), query, headers, body };
        let (secrets, now) = (wants::secrets(&secrets), UnixTime::from_secs(now));
        for wants in [wants(provider), wide_wants(provider)] {
            let function = judge(&wants.wanted(&secrets), &request, now);
            let openly = judge_openly(&wants.wanted(&secrets), &request, now);
            holds::check(wants, &request, &function);
            holds::check(wants, &request, &openly);
            prop_assert_eq!(function.auth.ok, openly.auth.ok);
            if !function.auth.ok {
                holds::check_refused(&function, &openly);
            }
        }
    }
}

/// Of everything larger not even a hash is made.
#[test]
fn the_largest_body_is_still_judged() {
    let provider = Provider::ALL[0];
    let judged = |length: usize| {
        let body = vec![b' '; length];
        let headers = sign(provider, SECRET, &body, &SignOptions::default()).unwrap();
        let request = Request { headers, body, ..Request::default() };
        judge(&wants(provider).wanted(&secrets(SECRET)), &request, UnixTime::EPOCH)
    };
    let largest = judged(BODY_LIMIT);
    assert!(largest.auth.ok, "{largest:?}");
    assert!(matches!(largest.problem, Some(Problem::NotADelivery(_))), "{largest:?}");
    let larger = judged(BODY_LIMIT + 1);
    assert!(!larger.auth.ok, "{larger:?}");
    assert!(matches!(larger.problem, Some(Problem::TooLarge(_))), "{larger:?}");
}

/// Without a header that is a provider's own, nobody's.
#[test]
fn a_delivery_of_nobody_has_no_provider() {
    let secrets = secrets(SECRET);
    for sample in SAMPLES.iter() {
        let own = ["content-type", "user-agent"];
        let mut request = sample.request();
        request.headers = request.headers.iter().filter(|(name, _)| own.contains(name)).collect();
        let judgement = judge_openly(&wants(sample.provider).wanted(&secrets), &request, UnixTime::EPOCH);
        assert_eq!(judgement.provider, None, "{}", sample.name);
        assert!(judgement.problem.is_some() && !judgement.auth.ok, "{}", sample.name);
    }
}
