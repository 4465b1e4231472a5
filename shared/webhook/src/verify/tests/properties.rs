//! Whatever is signed is authentic, and nothing else is.

use proptest::prelude::*;

use super::*;

fn any_case() -> impl Strategy<Value = (Provider, String)> {
    let plain = (prop::sample::select(Provider::ALL), "[!-~]{1,40}");
    let with_user = prop::sample::select(vec![Provider::AzureDevOps, Provider::BitbucketServer]);
    prop_oneof![
        4 => plain,
        1 => (Just(Provider::GitLab), "whsec_([A-Za-z0-9+/]{4}){1,10}"),
        1 => (with_user, "[!-~]{0,9}:[!-~]{0,9}"),
    ]
}

/// It says something about the body.
fn signs(headers: &Headers) -> bool {
    deciding(headers).ends_with("signature") || deciding(headers).ends_with("256")
}

proptest! {
    #[test]
    fn what_is_signed_is_authentic((provider, secret) in any_case(), body in any::<Vec<u8>>()) {
        prop_assert!(auth(provider, &secret, signed(provider, &secret, &body), &body).ok);
    }

    #[test]
    fn one_bit_of_the_body_is_enough((provider, secret) in any_case(), mut body in prop::collection::vec(any::<u8>(), 1..200), at in any::<prop::sample::Index>()) {
        let headers = signed(provider, &secret, &body);
        prop_assume!(signs(&headers));
        let bit = at.index(body.len() * 8);
        body[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!auth(provider, &secret, headers, &body).ok);
    }

    #[test]
    fn one_bit_of_the_signature_is_enough((provider, secret) in any_case(), body in any::<Vec<u8>>(), at in any::<prop::sample::Index>()) {
        let headers = signed(provider, &secret, &body);
        let name = deciding(&headers);
        let good = headers.get(name).unwrap();
        let mut value = good.as_bytes().to_vec();
        let bit = at.index(value.len() * 8);
        value[bit / 8] ^= 1 << (bit % 8);
        let value = String::from_utf8_lossy(&value).into_owned();
        // The name of the scheme may be in either case (RFC 9110).
        prop_assume!(!(value.eq_ignore_ascii_case(good) && name == "authorization" && bit / 8 < 5));
        let auth = auth(provider, &secret, with(&headers, name, &value), &body);
        prop_assert!(!auth.ok, "{value}");
    }

    #[test]
    fn another_secret_is_refused((provider, secret) in any_case(), other in "[!-~]{1,40}", body in any::<Vec<u8>>()) {
        prop_assume!(secret != other);
        prop_assert!(!auth(provider, &other, signed(provider, &secret, &body), &body).ok);
    }
}
