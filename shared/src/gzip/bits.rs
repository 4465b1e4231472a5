//! Bits in the order of deflate: from the lowest bit of each byte to its highest.

#[derive(Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// Fewer than eight, not yet a byte.
    rest: u32,
    count: u32,
}

impl Bits {
    /// At most 16 bits, the lowest first. No higher bit of the value may be set.
    pub(super) fn put(&mut self, value: usize, count: u32) {
        self.rest |= (value as u32) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.rest as u8);
            self.rest >>= 8;
            self.count -= 8;
        }
    }

    /// Filled up with zeros.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.put(0, 7);
        self.bytes
    }
}
