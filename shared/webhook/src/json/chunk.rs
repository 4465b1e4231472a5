//! 32 bytes at once, and a bit for each of them, the first lowest. WebAssembly has 64 bits at most where it must run in every
//! browser; there the same is done with those.

#[cfg(not(target_family = "wasm"))]
pub(super) use simd::Chunk;
#[cfg(target_family = "wasm")]
pub(super) use words::Chunk;

#[cfg(not(target_family = "wasm"))]
mod simd {
    use wide::u8x32;

    pub(in super::super) struct Chunk(u8x32);

    impl Chunk {
        #[inline]
        pub(in super::super) fn new(bytes: [u8; 32]) -> Chunk {
            Chunk(u8x32::new(bytes))
        }

        #[inline]
        pub(in super::super) fn are(&self, byte: u8) -> u64 {
            self.0.simd_eq(u8x32::splat(byte)).to_bitmask().into()
        }

        /// Of any of the four kinds.
        #[inline]
        pub(in super::super) fn are_brackets(&self) -> u64 {
            let braces = self.0 | u8x32::splat(super::TO_BRACE);
            (braces.simd_eq(u8x32::splat(b'{')) | braces.simd_eq(u8x32::splat(b'}'))).to_bitmask().into()
        }
    }
}

/// In ASCII a square bracket and the brace of its side differ in this bit.
const TO_BRACE: u8 = b'{' ^ b'[';

#[cfg(any(test, target_family = "wasm"))]
mod words {
    pub(in super::super) struct Chunk([u64; 4]);

    impl Chunk {
        pub(in super::super) fn new(bytes: [u8; 32]) -> Chunk {
            let (words, _) = bytes.as_chunks();
            let mut chunk = Chunk([0; 4]);
            chunk.0.iter_mut().zip(words).for_each(|(word, bytes)| *word = u64::from_le_bytes(*bytes));
            chunk
        }

        pub(in super::super) fn are(&self, byte: u8) -> u64 {
            self.bits(|word| high_bits(word, byte))
        }

        pub(in super::super) fn are_brackets(&self) -> u64 {
            self.bits(|word| {
                let braces = word | (ONES * u64::from(super::TO_BRACE));
                high_bits(braces, b'{') | high_bits(braces, b'}')
            })
        }

        /// The highest bits of all bytes, side by side.
        fn bits(&self, high_bits: impl Fn(u64) -> u64) -> u64 {
            // Each bit is multiplied to its place among the highest eight.
            let eight = |word: &u64| (high_bits(*word) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            self.0.iter().rev().fold(0, |bits, word| bits << 8 | eight(word))
        }
    }

    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;

    /// The highest bit of each byte that is this one.
    fn high_bits(word: u64, byte: u8) -> u64 {
        let apart = word ^ (ONES * u64::from(byte));
        // A byte's lower bits carry into its highest unless all of them are equal.
        !(((apart & !HIGH) + !HIGH) | apart) & HIGH
    }
}

#[cfg(test)]
mod tests {
    use super::{simd, words};

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_find_what_is_there(
            bytes in prop::array::uniform32(prop_oneof![any::<u8>(), prop::sample::select(&b"[]{}\"\\;=_Yy"[..])]),
            byte in prop::sample::select(&b"\"\\{a\x00\x80\xff"[..]),
        ) {
            let places = |is: fn(u8, u8) -> bool| {
                bytes.iter().rev().fold(0_u64, |bits, found| bits << 1 | u64::from(is(*found, byte)))
            };
            let are = places(|found, byte| found == byte);
            prop_assert_eq!(simd::Chunk::new(bytes).are(byte), are);
            prop_assert_eq!(words::Chunk::new(bytes).are(byte), are);
            let are_brackets = places(|found, _| b"[]{}".contains(&found));
            prop_assert_eq!(simd::Chunk::new(bytes).are_brackets(), are_brackets);
            prop_assert_eq!(words::Chunk::new(bytes).are_brackets(), are_brackets);
        }
    }
}
