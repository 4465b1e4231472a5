//! AWS's signature, computed a second time: the function signs one of its calls itself, and AWS would refuse a wrong one.
//!
//! Source: "Create a signed AWS API request", Signature Version 4.

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Checks the `Authorization` of a POST without a query. The path must need no escaping.
#[track_caller]
pub fn check_signed(headers: &HeaderMap, path: &str, body: &[u8], secret_key: &str) {
    let header = |name: &str| {
        let value = headers.get(name).unwrap_or_else(|| panic!("no header {name}"));
        value.to_str().expect("ASCII").trim()
    };
    let authorization = header("authorization");
    let part = |name: &str| {
        let (_, rest) =
            authorization.split_once(&format!("{name}=")).unwrap_or_else(|| panic!("{authorization}"));
        rest.split(',').next().unwrap_or_default()
    };
    let signed = part("SignedHeaders");
    for needed in ["host", "x-amz-date", "x-amz-security-token"] {
        assert!(signed.split(';').any(|name| name == needed), "{needed} is not signed: {signed}");
    }
    let lines: String = signed.split(';').map(|name| format!("{name}:{}\n", header(name))).collect();
    let request = format!("POST\n{path}\n\n{lines}\n{signed}\n{}", hex::encode(Sha256::digest(body)));
    let (_, scope) = part("Credential").split_once('/').expect("a key and a scope");
    let text = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        header("x-amz-date"),
        hex::encode(Sha256::digest(request.as_bytes()))
    );
    let key = scope.split('/').fold(format!("AWS4{secret_key}").into_bytes(), |key, word| mac(&key, word));
    assert_eq!(part("Signature"), hex::encode(mac(&key, &text)), "signed was:\n{request}\n{text}");
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
