//! Bytes as literals and copies of earlier bytes (LZ77).

/// One copy has its own code at 258 bytes; up to here all are alike.
const LONGEST: usize = 257;
const SHORTEST: usize = 3;
const FARTHEST: usize = 32_768;
/// The shortest copy from beyond is longer than its bytes, mostly.
const FARTHEST_SHORTEST: usize = 4_096;
/// Earlier places that are looked at. More finds hardly more in a script.
const PATIENCE: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(u8),
    Copy {
        /// 3 to 257 bytes.
        length: usize,
        /// 1 to 32,768 bytes back; it may be less than the length.
        distance: usize,
    },
}

/// A copy waits for one byte: where a longer one starts after it, the byte goes alone.
pub(super) fn pieces(bytes: &[u8]) -> Vec<Piece> {
    let mut past = Past::of(bytes);
    let mut pieces = Vec::new();
    let (mut at, mut here) = (0, past.longest_copy(0));
    while let Some(&byte) = bytes.get(at) {
        let next = past.longest_copy(at + 1);
        match here {
            Some((length, distance)) if next.is_none_or(|(longer, _)| longer <= length) => {
                pieces.push(Piece::Copy { length, distance });
                let end = at + length;
                (at + 2..end).for_each(|inside| past.add(inside));
                (at, here) = (end, past.longest_copy(end));
            }
            _ => {
                pieces.push(Piece::Literal(byte));
                (at, here) = (at + 1, next);
            }
        }
    }
    pieces
}

/// Where each three bytes were before. Places are added in their order, each once.
struct Past<'a> {
    bytes: &'a [u8],
    /// By hash: the latest place, or [`NOWHERE`]. Four bytes each, because the page searches at every keystroke.
    latest: Vec<u32>,
    /// By place: the one before it with the same hash.
    earlier: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Past<'_> {
    fn of(bytes: &[u8]) -> Past<'_> {
        Past { bytes, latest: vec![NOWHERE; 1 << 15], earlier: vec![NOWHERE; bytes.len()] }
    }

    fn add(&mut self, at: usize) {
        if let Some(hash) = self.hash(at) {
            // The format's own sizes have four bytes.
            self.earlier[at] = std::mem::replace(&mut self.latest[hash], at as u32);
        }
    }

    /// Length and distance of the longest copy that can stand there, the nearest of several. Adds the place.
    fn longest_copy(&mut self, at: usize) -> Option<(usize, usize)> {
        self.add(at);
        let mut longest = (SHORTEST - 1, 0);
        let mut place = *self.earlier.get(at)?;
        for _ in 0..PATIENCE {
            let start = place as usize;
            if place == NOWHERE || at - start > FARTHEST {
                break;
            }
            place = self.earlier[start];
            // Most are no longer, and show it here.
            if self.bytes.get(at + longest.0) != self.bytes.get(start + longest.0) {
                continue;
            }
            let length = self.common(start, at);
            if length > longest.0 && (length > SHORTEST || at - start <= FARTHEST_SHORTEST) {
                longest = (length, at - start);
            }
            if length == LONGEST {
                break;
            }
        }
        (longest.0 >= SHORTEST).then_some(longest)
    }

    fn common(&self, start: usize, at: usize) -> usize {
        let (here, there) = (&self.bytes[at..], &self.bytes[start..]);
        let most = here.len().min(LONGEST);
        let mut length = 0;
        while length < most && here[length] == there[length] {
            length += 1;
        }
        length
    }

    /// Of the three bytes there, if there are so many.
    fn hash(&self, at: usize) -> Option<usize> {
        let [a, b, c] = self.bytes.get(at..)?.first_chunk()?.map(usize::from);
        Some((a << 10 ^ b << 5 ^ c) & 0x7fff)
    }
}
