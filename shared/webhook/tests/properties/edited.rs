//! Samples with their JSON spoilt: nothing panics, and nothing deploys but the wanted ref of the config's repository.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use pushbox_webhook::{Judgement, Provider, judge};
use serde_json::Value;

use crate::edit::{Edit, Node};
use crate::holds;
use crate::samples::{NOW, SAMPLES, SECRET, Sample, wants, wide_wants};
use crate::wants::{Wants, secrets};

/// Judged as the config says, and held to what must hold.
fn check(wants: &Wants, sample: &Sample, json: &str) -> Judgement {
    let request = sample.with_json(json);
    let judgement = judge(&wants.wanted(&secrets(SECRET)), &request, NOW);
    assert!(judgement.auth.ok, "{}", sample.name);
    holds::check(wants, &request, &judgement);
    judgement
}

fn is_refused(judgement: &Judgement) -> bool {
    judgement.problem.is_some() && judgement.changes.is_empty()
}

/// Those whose body is JSON.
static READABLE: LazyLock<Vec<(&Sample, Node)>> = LazyLock::new(|| {
    let node = |sample: &'static Sample| {
        let json: Value = serde_json::from_str(&sample.json()).ok()?;
        Some((sample, Node::from(&json)))
    };
    let readable: Vec<_> = SAMPLES.iter().filter_map(node).collect();
    assert!(readable.len() > SAMPLES.len() / 2);
    readable
});

/// Of every type.
const TYPES: &[&str] = &["null", "true", "7", "-1e999", "\"\"", "\"x\"", "[]", "[[{}]]", "{}", "{\"\":{}}"];

/// What one would write to get at something else.
fn texts(provider: Provider) -> [&'static str; 17] {
    [
        "main",
        "refs/heads/main",
        "refs/heads/main\n",
        "refs/heads/other",
        "refs/tags/v1",
        "heads/main",
        "refs/heads/refs/heads/main",
        "0000000000000000000000000000000000000000",
        "1f2d3c4b5a69788796a5b4c3d2e1f00112233445",
        "someone/else",
        "https://example.org/usil/foo.git",
        "https://github.com.example.org/usil/foo.git",
        "git@example.org:usil/foo.git",
        &wants(provider).repository,
        "tag",
        "push",
        "tag_push",
    ]
}

fn is_first(sample: &Sample) -> bool {
    sample.name == format!("{}-push", sample.provider)
}

/// Deeper than anybody follows.
fn deep(open: &str, close: &str) -> Node {
    Node::Text([&open.repeat(10_000), "null", &close.repeat(10_000)].concat())
}

#[test]
fn every_place_may_hold_anything_or_nothing() {
    for (sample, node) in READABLE.iter() {
        let types = if is_first(sample) { TYPES } else { &[] };
        let types = types.iter().map(|text| Edit::Replace(Node::Text(text.to_string())));
        let edits: Vec<Edit> = types.chain([Edit::Drop]).collect();
        for place in 0..node.places() {
            for edit in &edits {
                let mut node = node.clone();
                node.edit(place, edit);
                check(wide_wants(sample.provider), sample, &node.to_string());
            }
        }
    }
}

/// The ref becomes the value of an EC2 tag, which holds 256 characters, and a slash takes three of them.
#[test]
fn the_longest_ref_is_one_that_a_tag_holds() {
    let (sample, node) = READABLE.iter().find(|(sample, _)| is_first(sample)).unwrap();
    let mut wants = wants(sample.provider).clone();
    wants.refs = vec!["refs/heads/*".into()];
    let deploys = |letters: usize| {
        let name = format!("refs/heads/{}", "a".repeat(letters));
        let json = node.to_string().replace("refs/heads/main", &name);
        let judgement = check(&wants, sample, &json);
        assert_eq!(judgement.changes[0].ref_name, name);
        judgement.changes[0].verdict.deploy
    };
    let most = 256 - "refs%2Fheads%2F".len();
    assert!(deploys(most));
    assert!(!deploys(most + 1));
}

/// Of a field that is there twice the last one counts, as in every JSON parser that git hosts are written with.
#[test]
fn what_a_field_said_before_does_not_count() {
    for (sample, node) in READABLE.iter() {
        let Node::Fields(fields) = node else { panic!("{} is no object", sample.name) };
        let twice = fields.iter().map(|(key, _)| (key.clone(), Node::Text("\"x\"".into())));
        let twice = Node::Fields(twice.chain(fields.iter().cloned()).collect());
        let said = |node: &Node| {
            let judgement = check(wide_wants(sample.provider), sample, &node.to_string());
            (judgement.repo, judgement.changes)
        };
        assert_eq!(said(&twice), said(node), "{}", sample.name);
    }
}

#[test]
fn nothing_nested_too_deep_is_followed() {
    let brackets = [("[", "]"), ("{\"a\":", "}"), ("[{\"commits\":", "}]")];
    for (sample, node) in READABLE.iter().filter(|(sample, _)| is_first(sample)) {
        for place in (0..node.places()).step_by(5) {
            let (open, close) = brackets[place % brackets.len()];
            let mut node = node.clone();
            node.edit(place, &Edit::Replace(deep(open, close)));
            let judgement = check(wants(sample.provider), sample, &node.to_string());
            assert!(is_refused(&judgement), "{} {place} {open}", sample.name);
        }
    }
}

fn any_edit() -> impl Strategy<Value = (Index, u8, Index)> {
    (any::<Index>(), 0..5_u8, any::<Index>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn many_edits_at_once(which in any::<Index>(), edits in prop::collection::vec(any_edit(), 1..8), text in any::<String>()) {
        let (sample, mut node) = READABLE[which.index(READABLE.len())].clone();
        let texts = texts(sample.provider).into_iter().chain([&*text]);
        let texts = texts.map(|text| Value::from(text).to_string());
        let values = TYPES.iter().map(ToString::to_string).chain(texts).map(Node::Text);
        let values: Vec<Node> = values.collect();
        for (place, kind, value) in edits {
            // What stands elsewhere in the same delivery is the likeliest of all values.
            let places = node.places().max(1);
            let from_here = node.at(value.index(places)).cloned();
            let value = from_here.filter(|_| kind == 4).unwrap_or_else(|| values[value.index(values.len())].clone());
            node.edit(place.index(places), &match kind {
                0 => Edit::Drop,
                1 => Edit::Before(value),
                2 => Edit::After(value),
                _ => Edit::Replace(value),
            });
        }
        for wants in [wants(sample.provider), wide_wants(sample.provider)] {
            check(wants, sample, &node.to_string());
        }
    }

    #[test]
    fn what_was_cut_off_is_no_delivery(which in any::<Index>(), end in any::<Index>()) {
        let (sample, node) = &READABLE[which.index(READABLE.len())];
        let json = node.to_string();
        let end = end.index(json.len());
        let cut = json.get(..end).unwrap_or_default();
        prop_assert!(is_refused(&check(wide_wants(sample.provider), sample, cut)), "{cut}");
    }

    #[test]
    fn bytes_of_it_may_be_anything(which in any::<Index>(), changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..20)) {
        let sample = &SAMPLES[which.index(SAMPLES.len())];
        let mut body = sample.json().into_bytes();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        check(wide_wants(sample.provider), sample, &String::from_utf8_lossy(&body));
    }
}
