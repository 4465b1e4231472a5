//! What becomes of deliveries, and of the samples among them.

use pushbox_shared::checked::read;
use pushbox_shared::config::Config;
use pushbox_shared::percent;
use pushbox_shared::webhook::{Breakage, Provider, detect};
use serde_json::json;

use super::*;
use crate::model::header_text;
use crate::model::samples::Sample;

const BODY: &str = r#"{"ref":"refs/heads/main","before":"0000000000000000000000000000000000000001","after":"0000000000000000000000000000000000000002",
    "created":false,"deleted":false,"forced":false,"commits":[],"head_commit":{"id":"0000000000000000000000000000000000000002","message":"x"},
    "repository":{"full_name":"usil/foo","clone_url":"https://github.com/usil/foo.git","ssh_url":"git@github.com:usil/foo.git"},"pusher":{"name":"a"}}"#;

fn config() -> Config {
    read(&json!({"app": "foo", "repo": {"url": "https://github.com/usil/foo.git"}})).0
}

fn delivery() -> Delivery {
    let mut delivery =
        Delivery { body: Body::Text(BODY.into()), secret: "hunter2".into(), ..Delivery::default() };
    delivery.headers = delivery.signed(1).unwrap().into();
    delivery
}

fn status(delivery: &Delivery) -> Option<u16> {
    delivery.try_out(&config(), 1).outcome.ok().map(|tried| tried.response.status)
}

#[test]
fn a_signed_delivery_is_accepted_and_a_broken_one_is_not() {
    let delivery = delivery();
    assert_eq!(status(&delivery), Some(202));
    let mut broken = delivery.broken(Breakage::OtherSecret, 1).unwrap();
    assert_eq!(status(&broken), Some(401));
    assert_eq!(broken.body, delivery.body);
    broken.headers = broken.signed(1).unwrap().into();
    assert_eq!(status(&broken), Some(202));
    broken.secret = "other".into();
    assert_eq!(status(&broken), Some(401));
}

#[test]
fn every_provider_can_be_signed_and_broken_in_each_of_its_ways() {
    for provider in Provider::ALL {
        for secret in ["hunter2", "user:password", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"] {
            let mut delivery =
                Delivery { provider: *provider, secret: secret.into(), headers: "".into(), ..delivery() };
            delivery.headers = delivery.signed(1).unwrap().into();
            assert_eq!(detect(&header_text::read(&delivery.headers).unwrap()), Some(*provider));
            assert!(matches!(status(&delivery), Some(200 | 202)), "{provider}");
            assert!(delivery.breakages().len() >= 4, "{provider}");
            for breakage in delivery.breakages() {
                let mut broken = delivery.broken(breakage, 1_000).unwrap();
                let tried = broken.try_out(&config(), 1_000).outcome.unwrap();
                assert!(!tried.judgement.auth.ok && tried.plan.is_empty(), "{provider}: {breakage:?}");
                assert!(broken.title().contains(breakage.label()), "{}", broken.title());
                // Without its header, Azure DevOps is nobody.
                broken.headers = broken.signed(1).unwrap().into();
                assert!(matches!(status(&broken), Some(200 | 202)), "{provider}: {breakage:?}");
            }
        }
    }
}

#[test]
fn only_what_a_delivery_can_have_is_offered() {
    let offered = |delivery: &Delivery| delivery.breakages();
    assert!(!offered(&delivery()).contains(&Breakage::OldTimestamp));
    assert!(!offered(&delivery()).contains(&Breakage::OtherFormSigned));
    let form = Delivery { body: Body::Text("payload=%7B%7D".into()), ..delivery() };
    assert!(offered(&form).contains(&Breakage::OtherFormSigned));
    assert!(!offered(&form).contains(&Breakage::BodyRewritten));
    let token = Delivery { headers: "".into(), provider: Provider::GitLab, ..delivery() };
    assert!(!offered(&token).contains(&Breakage::BodyEdited), "a token says nothing of the body");
    let signing = Delivery { secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".into(), ..token };
    assert!(offered(&signing).contains(&Breakage::OldTimestamp));
    assert!(!offered(&Delivery::default()).is_empty(), "also before there is a secret");
}

#[test]
fn what_is_pasted_is_taken_as_it_is() {
    let mut typed = Delivery { secret: "hunter2".into(), ..Delivery::default() };
    let pasted = paste::read(&delivery().curl().unwrap()).unwrap();
    typed.paste(&"A curl command".into(), pasted);
    assert_eq!(status(&typed), Some(202));
    assert_eq!((typed.title().as_str(), typed.provider), ("A curl command", Provider::GitHub));
    assert_eq!(typed.body, delivery().body);
}

#[test]
fn a_get_has_everything_in_its_query() {
    let sample = Sample {
        name: "x".into(),
        title: "".into(),
        shows: "".into(),
        provider: Provider::Gitea,
        event: Some("push".into()),
        form: true,
        body: "".into(),
        query: Some(format!("payload={}", percent::encode(BODY)).into()),
    };
    let mut delivery = Delivery::default();
    delivery.take(&sample, 1).unwrap();
    assert_eq!(status(&delivery), Some(202));
    assert!(delivery.command(7).contains(" --method GET --query 'payload=%7B%22ref%22"));
    delivery.headers = delivery.signed(1).unwrap().into();
    assert_eq!(status(&delivery), Some(202));
    delivery.provider = Provider::GitHub;
    delivery.headers = "".into();
    delivery.headers = delivery.signed(1).unwrap().into();
    assert_eq!(status(&delivery), Some(405), "GitHub sends none");
}

#[test]
fn bad_bodies_get_an_answer() {
    for bytes in [&b"{\"ref\": "[..], b"\xff\xfe", b""] {
        let mut delivery =
            Delivery { body: Body::File { name: "b".into(), bytes: bytes.into() }, ..delivery() };
        delivery.headers = delivery.signed(1).unwrap().into();
        assert_eq!(status(&delivery), Some(400), "{bytes:?}");
    }
}

#[test]
fn an_unknown_provider_gets_an_answer() {
    let delivery = Delivery { headers: "X-Who: me".into(), ..delivery() };
    assert_eq!(status(&delivery), Some(400));
    let delivery = Delivery { headers: "nonsense".into(), ..delivery };
    assert_eq!(status(&delivery), None);
}

#[test]
fn a_sample_comes_signed_and_byte_for_byte() {
    for body in [BODY.to_string(), BODY.replace('\n', "\r\n")] {
        let sample = Sample {
            name: "x".into(),
            title: "".into(),
            shows: "".into(),
            provider: Provider::GitHub,
            event: Some("push".into()),
            form: false,
            body: body.as_str().into(),
            query: None,
        };
        let mut delivery = Delivery::default();
        delivery.take(&sample, 1).unwrap();
        assert_eq!(delivery.body.bytes(), body.as_bytes());
        assert_eq!(
            matches!(delivery.body, Body::File { .. }),
            body.contains('\r'),
            "a text box would change it"
        );
        assert_eq!(status(&delivery), Some(202));
    }
}

#[test]
fn the_command_does_not_show_the_secret() {
    let delivery = Delivery { box_delivery: "a b".into(), box_state: None, ..delivery() };
    assert_eq!(
        delivery.command(7),
        "pushbox webhook --config pushbox.json --headers h.json --body b.bin --secret \"$SECRET\" --now 7 --box none --box-delivery 'a b'"
    );
}
