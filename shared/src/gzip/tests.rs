//! What is packed comes back through somebody else's reader, and is about as small as somebody else makes it.

use std::io::{Read as _, Write as _};

use expect_test::expect;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::gzip;
use crate::config::{Config, EnvValue, EnvVar};
use crate::hash::sha256_hex;
use crate::user_data;

#[track_caller]
fn check(bytes: &[u8]) {
    let packed = gzip(bytes);
    let mut unpacked = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == bytes, "{} bytes came back as {}", bytes.len(), unpacked.len());
}

/// A real one, with variables that say nothing twice.
fn script(variables: usize) -> String {
    let value = |at: usize| sha256_hex(at.to_string())[..at % 40].to_string();
    let var = |at: usize| EnvVar { name: format!("SETTING_{at}"), value: EnvValue::Plain(value(at)) };
    let mut config = Config { app: "my_app".into(), ..Config::default() };
    config.repo.url = "https://github.com/usil/foo.git".into();
    config.run.env = (0..variables).map(var).collect();
    user_data::script(&config, None)
}

fn noise(count: usize) -> Vec<u8> {
    (0..count.div_ceil(32))
        .flat_map(|at| hex::decode(sha256_hex(at.to_string())).unwrap())
        .take(count)
        .collect()
}

#[test]
fn what_is_at_the_edges() {
    check(b"");
    check(b"a");
    check(b"ab");
    check(&[0; 3]);
    check(&[1; 4]);
    for length in [256, 257, 258, 259, 260, 514, 515, 516, 517, 70_000] {
        check(&vec![b'x'; length]);
    }
    let every_byte: Vec<u8> = (0..=255).collect();
    check(&every_byte);
    check(&every_byte.repeat(300));
    check(&noise(70_000));
}

#[test]
fn what_was_far_back() {
    for distance in [4_095, 4_096, 4_097, 32_767, 32_768, 32_769, 40_000] {
        for length in [3, 4, 200] {
            let mut bytes = noise(distance + length);
            bytes.copy_within(..length, distance);
            check(&bytes);
        }
    }
}

/// Huffman's own code for such counts has words of more than 15 bits.
#[test]
fn bytes_that_are_used_as_unequally_as_can_be() {
    let (mut bytes, mut pair) = (Vec::new(), (1, 1));
    for byte in 0..24_u8 {
        bytes.extend(std::iter::repeat_n(byte, pair.0));
        pair = (pair.1, pair.0 + pair.1);
    }
    // Spread, so that few of them are copies.
    let spread: Vec<u8> = (0..bytes.len()).map(|at| bytes[at * 7_919 % bytes.len()]).collect();
    check(&spread);
}

#[test]
fn scripts() {
    for variables in [0, 100, 1_000, 5_000] {
        let script = script(variables);
        check(script.as_bytes());
        let mut theirs = GzEncoder::new(Vec::new(), Compression::best());
        theirs.write_all(script.as_bytes()).unwrap();
        let (ours, theirs) = (gzip(script.as_bytes()).len(), theirs.finish().unwrap().len());
        println!("{} bytes: {ours}, by flate2 {theirs}", script.len());
        assert!(ours * 100 < theirs * 103, "{ours} bytes, by flate2 {theirs}");
    }
}

/// Other bytes would be another launch to EC2, with the client token of the same one.
#[test]
fn the_bytes_never_change() {
    let sample: String = (0..2_000).map(|at| format!("{at} bottles of {}\n", at * at % 97)).collect();
    let packed = gzip(sample.as_bytes());
    assert_eq!(packed, gzip(sample.as_bytes()));
    expect!["36581 13559ea819b6d1294dea47c9fea247e3cf23cb279299297df6109c11971e08c9"].assert_eq(&format!(
        "{} {}",
        sample.len(),
        sha256_hex(packed)
    ));
}

proptest! {
    #[test]
    fn any_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..5_000)) {
        check(&bytes);
    }

    /// Few different bytes, in runs: many copies, which overlap.
    #[test]
    fn any_runs_come_back(runs in prop::collection::vec((0_u8..4, 1_usize..700), 0..60)) {
        let run = |(byte, count): &(u8, usize)| std::iter::repeat_n(*byte, *count).collect::<Vec<u8>>();
        check(&runs.iter().flat_map(run).collect::<Vec<u8>>());
    }
}
