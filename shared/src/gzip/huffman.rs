//! Prefix codes as deflate wants them (RFC 1951, 3.2.2): often used symbols have short words, and the lengths of the words
//! say which they are.

use super::bits::Bits;

pub(super) struct Code {
    /// The bits of each symbol's word; 0 where it has none.
    pub lengths: Vec<u8>,
    words: Vec<u16>,
}

impl Code {
    /// For symbols that are used so often, with words of at most so many bits. That must be enough for all symbols to have
    /// words of one length.
    pub(super) fn new(mut counts: Vec<usize>, most_bits: u8) -> Code {
        // Not every reader takes a code of fewer than two words.
        counts.iter_mut().take(2).for_each(|count| *count = (*count).max(1));
        let mut lengths = best_lengths(&counts);
        // The less the counts differ, the less do the lengths.
        while lengths.iter().any(|length| *length > most_bits) {
            counts.iter_mut().for_each(|count| *count = count.div_ceil(2));
            lengths = best_lengths(&counts);
        }
        Code { words: words(&lengths), lengths }
    }

    pub(super) fn write(&self, symbol: usize, bits: &mut Bits) {
        bits.put(self.words[symbol].into(), self.lengths[symbol].into());
    }
}

/// Symbols, and how often they are used together.
type Group = (usize, Vec<usize>);

/// Huffman's: the two rarest groups of symbols become one, and each word in it a bit longer, until there is one group.
fn best_lengths(counts: &[usize]) -> Vec<u8> {
    let mut lengths = vec![0; counts.len()];
    let mut groups = Vec::new();
    for (symbol, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        insert(&mut groups, (*count, vec![symbol]));
    }
    while let (Some((count, mut group)), Some((more, others))) = (groups.pop(), groups.pop()) {
        group.extend(others);
        group.iter().for_each(|symbol| lengths[*symbol] += 1);
        insert(&mut groups, (count + more, group));
    }
    lengths
}

/// The rarest are last.
fn insert(groups: &mut Vec<Group>, group: Group) {
    let place = groups.partition_point(|other| other.0 > group.0);
    groups.insert(place, group);
}

/// Shorter ones first, and those of one length in the order of their symbols; deflate writes their highest bit first.
fn words(lengths: &[u8]) -> Vec<u16> {
    let mut words = vec![0; lengths.len()];
    let mut word = 0_u16;
    for bits in 1..=15 {
        word <<= 1;
        for (symbol, _) in lengths.iter().enumerate().filter(|(_, length)| **length == bits) {
            words[symbol] = word.reverse_bits() >> (16 - bits);
            word += 1;
        }
    }
    words
}
