//! The message authentication codes of webhooks. What is sent and what is checked are made here, by the same functions.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// HMAC-SHA256 of the parts one after the other.
pub(super) fn sha256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of every length, so the error does not occur; an empty code matches no signature.
    Hmac::<Sha256>::new_from_slice(key).map(|mac| finish(mac, parts)).unwrap_or_default()
}

/// HMAC-SHA1 of the parts one after the other: GitHub's signature of before 2020.
pub(super) fn sha1(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    Hmac::<Sha1>::new_from_slice(key).map(|mac| finish(mac, parts)).unwrap_or_default()
}

fn finish<M: Mac>(mut mac: M, parts: &[&[u8]]) -> Vec<u8> {
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}
