//! SHA-256 in hex: how scripts, launch settings and client tokens are named.

use sha2::{Digest, Sha256};

/// 64 lower-case hex digits.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes.as_ref()))
}
