//! Signatures that others computed.

use std::fs;

use pushbox_webhook::http::{Headers, Request};
use pushbox_webhook::unix_time::UnixTime;
use pushbox_webhook::{Provider, SignOptions, sign, verify};
use serde_json::Value;

use crate::payloads;
use crate::wants::{Wants, secrets};

#[test]
fn published_signatures_are_judged_rightly() {
    let Some(folder) = payloads::folder() else { return };
    let vectors = fs::read(folder.join("vectors/signatures.json")).unwrap();
    let vectors: Vec<Value> = serde_json::from_slice(&vectors).unwrap();
    let mut tried = 0;
    for vector in &vectors {
        let text = |key: &str| vector[key].as_str().unwrap_or_default();
        let provider = match text("provider") {
            name if name.starts_with("gitlab") => Provider::GitLab,
            name => name.parse().unwrap(),
        };
        tried += 1;
        let body = match vector["body_file"].as_str() {
            Some(file) => fs::read(folder.join(file)).unwrap(),
            None => text("body").into(),
        };
        let mut headers: Headers = [(text("header"), text("expected"))].into_iter().collect();
        for name in ["webhook-id", "webhook-timestamp"] {
            if let Some(value) = vector[name].as_str() {
                headers.push(name, value);
            }
        }
        let request = Request { headers, body: body.clone(), ..Request::default() };
        let now = UnixTime::from_secs(text("webhook-timestamp").parse().unwrap_or_default());
        let wants = Wants { allow_sha1: true, ..Wants::default() };
        let auth = verify(provider, &wants.wanted(&secrets(text("secret"))), &request, now);
        assert_eq!(Some(auth.ok), vector["valid"].as_bool(), "{vector} {auth:?}");

        if auth.ok {
            let delivery = vector["webhook-id"].as_str();
            let options = SignOptions { now, delivery, ..SignOptions::default() };
            let signed = sign(provider, text("secret"), &body, &options).unwrap();
            let header = text("header").to_ascii_lowercase();
            assert_eq!(signed.get(&header), vector["expected"].as_str(), "{vector}");
        }
    }
    assert!(tried >= 22, "only {tried} vectors were tried");
}

/// Atlassian support, "Manage webhooks", "Validate webhook deliveries".
#[test]
fn bitbuckets_own_example() {
    let signed =
        sign(Provider::Bitbucket, "It's a Secret to Everybody", b"Hello World!", &SignOptions::default());
    assert_eq!(
        signed.unwrap().get("x-hub-signature"),
        Some("sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9")
    );
}
