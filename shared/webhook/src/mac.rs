//! The message authentication codes of webhooks. What is sent and what is checked are made here, by the same functions.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// HMAC-SHA256 of the parts one after the other.
pub(crate) fn sha256(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    code::<Hmac<Sha256>>(key, parts)
}

/// HMAC-SHA1 of the parts one after the other: GitHub's signature of before 2020.
pub(crate) fn sha1(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    code::<Hmac<Sha1>>(key, parts)
}

/// Whether a code is the one that [`sha256`] makes of the whole; that takes the same time whatever is wrong with it.
pub(crate) fn is_sha256(key: &[u8], whole: &[u8], code: &[u8]) -> bool {
    is::<Hmac<Sha256>>(key, whole, code)
}

/// The same of [`sha1`].
pub(crate) fn is_sha1(key: &[u8], whole: &[u8], code: &[u8]) -> bool {
    is::<Hmac<Sha1>>(key, whole, code)
}

fn code<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of every length, so the error does not occur; an empty code matches no signature.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

fn is<M: Mac + KeyInit>(key: &[u8], whole: &[u8], code: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(key).is_ok_and(|mac| mac.chain_update(whole).verify_slice(code).is_ok())
}
