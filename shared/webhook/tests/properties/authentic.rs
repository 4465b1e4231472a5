//! What is signed is authentic, and nothing else is: for every provider, whatever the secret and the body.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use pushbox_webhook::http::{Headers, Request};
use pushbox_webhook::{Auth, Breakage, Event, Provider, SignOptions, detect, judge, judge_openly, sign};

use crate::samples::NOW;
use crate::wants::{self, Wants, secrets};

/// Schemes whose header is the secret itself. All others cover the body.
fn is_token(scheme: &str) -> bool {
    ["x-gitlab-token", "x-pushbox-token", "authorization"].contains(&scheme)
}

/// As people choose and providers make them.
fn any_secret() -> impl Strategy<Value = String> {
    let secret = prop_oneof![
        "[!-~]{1,40}",
        "\\PC{1,40}",
        "[a-z]{1,5}( [a-zé🔑]{1,5}){1,4}",
        "[ -~]{300,2000}",
        "[a-z]{1,9}:[!-~]{1,20}",
        "whsec_([A-Za-z0-9+/]{4}){1,11}",
    ];
    // A secret is one line of a variable, without spaces around it.
    secret.prop_filter("not as configured", |secret| secrets(secret) == [&secret[..]])
}

struct Signed {
    provider: Provider,
    request: Request,
    /// The header that decides.
    scheme: &'static str,
}

/// Nothing where the provider could not be given such a secret.
fn signed(provider: Provider, secret: &str, body: &[u8]) -> Option<Signed> {
    let options = SignOptions { now: NOW, delivery: Some("id"), ..SignOptions::default() };
    let headers = sign(provider, secret, body, &options).ok()?;
    let request = Request { method: "POST".into(), headers, body: body.into(), ..Request::default() };
    let scheme = auth(secret, &request).scheme;
    Some(Signed { provider, request, scheme })
}

fn auth(secrets: &str, request: &Request) -> Auth {
    let mut wants = Wants::default();
    let secrets = wants::secrets(secrets);
    let auth = judge(&wants.wanted(&secrets), request, NOW).auth;
    assert_eq!(judge_openly(&wants.wanted(&secrets), request, NOW).auth.ok, auth.ok);
    // What SHA-1 is good for, where it is allowed at all, is not to get around anything better.
    wants.allow_sha1 = true;
    assert_eq!(judge(&wants.wanted(&secrets), request, NOW).auth.ok, auth.ok);
    auth
}

impl Signed {
    fn with(&self, name: &str, value: &str) -> Request {
        let others = self.request.headers.iter().filter(|(key, _)| *key != name);
        let mut headers: Headers = others.collect();
        headers.push(name, value);
        Request { headers, ..self.request.clone() }
    }

    fn covers_the_body(&self) -> bool {
        !is_token(self.scheme)
    }

    fn value(&self) -> &str {
        self.request.headers.get(self.scheme).unwrap()
    }
}

/// Every provider can be given this one.
const PLAIN: &str = "user:It's a Secret to Everybody";

/// GitLab's signing token, and any other provider's plain secret.
const TOKEN: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

#[test]
fn each_provider_signs_and_knows_its_own() {
    for provider in Provider::ALL {
        let signed = signed(*provider, PLAIN, b"{}").unwrap();
        assert_eq!(detect(&signed.request.headers), Some(*provider));
        assert!(auth(PLAIN, &signed.request).ok, "{provider}");
        assert!(signed.value().len() >= 32 || !signed.covers_the_body(), "{provider}");
    }
}

/// While one secret is being replaced by another, somebody enters the same one twice.
#[test]
fn a_secret_may_be_there_twice() {
    for provider in Provider::ALL {
        for secret in [PLAIN, TOKEN] {
            let signed = signed(*provider, secret, b"{}").unwrap();
            assert!(auth(&format!("{secret}\n{secret}"), &signed.request).ok, "{provider}");
        }
    }
}

/// Every provider's own headers, right and wrong, beside those of every other one.
#[test]
fn no_other_header_rescues_a_bad_one() {
    let body = b"{\"ref\": \"refs/heads/main\"}";
    let others: Vec<(String, String)> = Provider::ALL
        .iter()
        .flat_map(|provider| [PLAIN, TOKEN].map(|secret| signed(*provider, secret, body)))
        .flatten()
        .flat_map(|signed| {
            let pairs = signed.request.headers.iter().map(|(name, value)| (name.into(), value.into()));
            pairs.collect::<Vec<(String, String)>>()
        })
        .collect();
    let secrets = format!("{PLAIN}\n{TOKEN}");
    let mut tried = 0;
    for provider in Provider::ALL {
        let good = [PLAIN, TOKEN].map(|secret| signed(*provider, secret, body)).into_iter().flatten();
        for good in good.filter(|good| auth(&secrets, &good.request).ok) {
            let wrong = signed(*provider, "user:another", body).unwrap();
            let wrong = wrong.request.headers.get(good.scheme).unwrap_or("v1,YQ==").to_string();
            let cut = &good.value()[..good.value().len() - 1];
            for bad in [&wrong, cut, "x", "sha1=", "sha256=", "v1,"] {
                let alone = good.with(good.scheme, bad);
                assert!(!auth(&secrets, &alone).ok, "{provider} with {}: {bad}", good.scheme);
                for (name, value) in &others {
                    let mut request = alone.clone();
                    request.headers.push(name, value.as_str());
                    // With some headers it is another provider's delivery, which that provider did sign.
                    if detect(&request.headers) == Some(*provider) {
                        tried += 1;
                        let auth = auth(&secrets, &request);
                        // Azure DevOps has two headers of the same strength.
                        let as_good = [good.scheme, auth.scheme].iter().all(|scheme| is_token(scheme));
                        let is_rescued = auth.ok && !(as_good && auth.scheme != good.scheme);
                        assert!(!is_rescued, "{provider}: {bad} was rescued by {name}");
                    }
                }
            }
        }
    }
    assert!(tried > 100 * Provider::ALL.len(), "only {tried} were tried");
}

/// Bitbucket Data Center's "Test connection" is known without a signature, because nothing follows from it; whatever looks
/// like more than that is refused like everything else.
#[test]
fn only_a_test_of_the_connection_need_not_be_signed() {
    const TEST: &str = "{\"test\": true}";
    let check = |provider: Provider, key: &str, more: Option<(&str, &str)>, body: &str, is_test: bool| {
        let signed = signed(provider, PLAIN, body.as_bytes()).unwrap();
        let others = signed.request.headers.iter();
        let others = others.filter(|(name, _)| ![signed.scheme, "x-event-key"].contains(name));
        let headers: Headers = others.chain([("x-event-key", key)]).chain(more).collect();
        let is_data_center = detect(&headers).is_some_and(|provider| provider.name() == "bitbucket-server");
        let request = Request { headers, ..signed.request };
        for judge in [judge, judge_openly] {
            let judgement = judge(&Wants::default().wanted(&secrets(PLAIN)), &request, NOW);
            assert!(!judgement.auth.ok, "{judgement:?}");
            assert!(judgement.problem.is_some() || !judgement.auth.reason.is_empty(), "{judgement:?}");
            assert!(judgement.changes.iter().all(|change| !change.verdict.deploy), "{judgement:?}");
        }
        let function = judge(&Wants::default().wanted(&secrets(PLAIN)), &request, NOW);
        assert_eq!(function.event == Event::Ping, is_test && is_data_center, "{request:?}");
    };
    for provider in Provider::ALL {
        let key = "diagnostics:ping";
        for body in [TEST, "{\"test\":true}", "{ \"test\" : true }\r\n"] {
            check(*provider, key, None, body, true);
            check(*provider, key, Some(("x-hub-signature", "")), body, true);
        }
        for body in ["", "{}", "{\"test\": false}", "{\"test\": true, \"ref\": \"refs/heads/main\"}"] {
            check(*provider, key, None, body, false);
        }
        for key in ["repo:refs_changed", "", "diagnostics:pings"] {
            check(*provider, key, None, TEST, false);
        }
        for header in
            [("x-hub-signature", "sha256=00"), ("x-hub-signature", "x"), ("authorization", "Basic eDp5")]
        {
            check(*provider, key, Some(header), TEST, false);
        }
    }
}

/// One bit of a byte at a time.
fn flipped(bytes: &[u8], at: Index) -> Vec<u8> {
    let bit = at.index(bytes.len() * 8);
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// The name of a scheme of the header Authorization may be of either case (RFC 9110).
fn means_the_same(one: &str, other: &str) -> bool {
    let start = one.find(' ').unwrap_or(0);
    one.eq_ignore_ascii_case(other) && one.get(start..) == other.get(start..)
}

fn some_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..200)
}

proptest! {
    #[test]
    fn what_is_signed_is_authentic(provider in select(Provider::ALL), secret in any_secret(), body in any::<Vec<u8>>(), others in prop::collection::vec(any_secret(), 0..3), at in any::<Index>()) {
        let Some(signed) = signed(provider, &secret, &body) else { return Ok(()) };
        prop_assert_eq!(detect(&signed.request.headers), Some(provider));
        let auth = auth(&secret, &signed.request);
        prop_assert!(auth.ok, "{:?}", auth);
        // Where others are configured too, they do not matter; but a signing token refuses what has none.
        let signs = |secret: &String| secret.starts_with("whsec_");
        if signs(&secret) || !others.iter().any(signs) {
            let mut all = others;
            all.insert(at.index(all.len() + 1), secret);
            let judgement = judge(&Wants::default().wanted(&secrets(&all.join("\n"))), &signed.request, NOW);
            prop_assert!(judgement.auth.ok, "{:?}", judgement);
        }
    }

    #[test]
    fn another_secret_is_refused(provider in select(Provider::ALL), secret in any_secret(), other in any_secret(), body in any::<Vec<u8>>()) {
        prop_assume!(secret != other);
        let Some(signed) = signed(provider, &secret, &body) else { return Ok(()) };
        prop_assert!(!auth(&other, &signed.request).ok);
        prop_assert!(!auth("", &signed.request).ok);
    }

    #[test]
    fn one_bit_of_the_body_is_enough(provider in select(Provider::ALL), secret in any_secret(), body in some_bytes(), at in any::<Index>()) {
        let Some(signed) = signed(provider, &secret, &body) else { return Ok(()) };
        let request = Request { body: flipped(&body, at), ..signed.request.clone() };
        prop_assert_eq!(auth(&secret, &request).ok, !signed.covers_the_body());
    }

    #[test]
    fn a_byte_more_or_less_is_enough(provider in select(Provider::ALL), secret in any_secret(), mut body in some_bytes(), more in any::<Option<u8>>(), at in any::<Index>()) {
        let Some(signed) = signed(provider, &secret, &body) else { return Ok(()) };
        let before = body.clone();
        match more {
            Some(byte) => body.insert(at.index(body.len() + 1), byte),
            None => drop(body.remove(at.index(body.len()))),
        }
        prop_assert!(before != body);
        let request = Request { body, ..signed.request.clone() };
        prop_assert_eq!(auth(&secret, &request).ok, !signed.covers_the_body());
    }

    #[test]
    fn one_bit_of_the_signature_is_enough(provider in select(Provider::ALL), secret in any_secret(), body in some_bytes(), at in any::<Index>()) {
        let Some(signed) = signed(provider, &secret, &body) else { return Ok(()) };
        let value = String::from_utf8_lossy(&flipped(signed.value().as_bytes(), at)).into_owned();
        prop_assume!(!means_the_same(signed.value(), &value));
        let request = signed.with(signed.scheme, &value);
        prop_assert!(!auth(&secret, &request).ok, "{}: {value}", signed.provider);
    }
}

proptest! {
    #[test]
    fn what_is_broken_on_purpose_is_refused(
        provider in select(Provider::ALL),
        secret in prop_oneof![any_secret(), Just("another secret".to_string()), "a?:[a-z]{1,5}"],
        body in prop_oneof![".*", r"\{(\n)?\}", "payload=%7B[a-z+]{0,9}%7D"],
    ) {
        let Some(signed) = signed(provider, &secret, body.as_bytes()) else { return Ok(()) };
        if !auth(&secret, &signed.request).ok {
            return Ok(());
        }
        let secrets = secrets(&secret);
        for breakage in Breakage::all() {
            let Ok(broken) = breakage.apply(&signed.request, &secret, NOW) else { continue };
            let judgement = judge(&Wants::default().wanted(&secrets), &broken, NOW);
            prop_assert!(!judgement.auth.ok, "{:?}", breakage);
            let openly = judge_openly(&Wants::default().wanted(&secrets), &broken, NOW);
            prop_assert!(!openly.auth.ok && openly.changes.iter().all(|change| !change.verdict.deploy));
            prop_assert!(!openly.auth.reason.is_empty() || openly.problem.is_some(), "{:?}", breakage);
        }
    }
}
