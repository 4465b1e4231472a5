//! How large things may be, and how a zip writes it.

/// What Lambda takes in a call, in bytes. Source: "Lambda quotas", deployment package.
pub const LARGEST: usize = 50_000_000;

/// As four bytes; the largest number stands for "see the zip64 record".
pub(super) fn four_bytes(count: usize) -> Option<[u8; 4]> {
    u32::try_from(count).ok().filter(|count| *count < u32::MAX).map(u32::to_le_bytes)
}
