//! AWS's signature, computed a second time: the function signs one of its calls itself, and a box all of its own, and AWS
//! would refuse a wrong one.
//!
//! Source: "Create a signed AWS API request", Signature Version 4.

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// What was signed with, beside the secret key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    pub access_key_id: &'a str,
    /// `20260101/us-east-1/ssm/aws4_request`
    pub scope: &'a str,
}

/// Checks the `Authorization` of a POST without a query. The path must need no escaping.
#[track_caller]
pub fn check_signed(headers: &HeaderMap, path: &str, body: &[u8], secret_key: &str) {
    if let Err(wrong) = signed(headers, path, body, secret_key) {
        panic!("{wrong}");
    }
}

/// Who signed that; the error says what is missing, or what should have been signed.
pub fn signed<'a>(
    headers: &'a HeaderMap,
    path: &str,
    body: &[u8],
    secret_key: &str,
) -> Result<Signed<'a>, String> {
    let header = |name: &str| {
        let value = headers.get(name).ok_or_else(|| format!("no header {name}"))?;
        value.to_str().map(str::trim).map_err(|_| format!("the header {name} is not ASCII"))
    };
    let authorization = header("authorization")?;
    let part = |name: &str| {
        let (_, rest) = authorization
            .split_once(&format!("{name}="))
            .ok_or_else(|| format!("no {name}: {authorization}"))?;
        Ok::<&str, String>(rest.split(',').next().unwrap_or_default())
    };
    let names = part("SignedHeaders")?;
    for needed in ["host", "x-amz-date", "x-amz-security-token"] {
        if !names.split(';').any(|name| name == needed) {
            return Err(format!("{needed} is not signed: {names}"));
        }
    }
    let lines = names.split(';').map(|name| Ok(format!("{name}:{}\n", header(name)?)));
    let lines: String = lines.collect::<Result<_, String>>()?;
    let request = format!("POST\n{path}\n\n{lines}\n{names}\n{}", hex::encode(Sha256::digest(body)));
    let credential = part("Credential")?;
    let (access_key_id, scope) =
        credential.split_once('/').ok_or_else(|| format!("no key and scope: {credential}"))?;
    let text = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        header("x-amz-date")?,
        hex::encode(Sha256::digest(request.as_bytes()))
    );
    let key = scope.split('/').fold(format!("AWS4{secret_key}").into_bytes(), |key, word| mac(&key, word));
    if part("Signature")? != hex::encode(mac(&key, &text)) {
        return Err(format!("another signature is right; signed was:\n{request}\n{text}"));
    }
    Ok(Signed { access_key_id, scope })
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
