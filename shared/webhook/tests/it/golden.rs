//! Beside go-scm's reading of the same deliveries: a second opinion, not the truth.

use std::collections::BTreeMap;

use pushbox_webhook::{Judgement, Provider, RefKind};
use serde_json::Value;

use crate::payloads::{self, Payload};

/// Where we differ, and why. `gitlab/push_merge.json.golden` is empty and says nothing.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("drone-go-scm/azuredevops/push.json", "author email", PUSHER),
    ("drone-go-scm/azuredevops/push.json", "message", UNREAD),
    ("drone-go-scm/azuredevops/push.json", "pusher", ACCOUNT),
    ("drone-go-scm/bitbucket/push.json", "pusher", NAME),
    ("drone-go-scm/bitbucket/push_branch_create.json", "pusher", NAME),
    ("drone-go-scm/bitbucket/push_branch_delete.json", "commit", GONE),
    ("drone-go-scm/bitbucket/push_branch_delete.json", "pusher", NAME),
    ("drone-go-scm/bitbucket/push_tag_create.json", "pusher", NAME),
    ("drone-go-scm/bitbucket/push_tag_delete.json", "commit", GONE),
    ("drone-go-scm/bitbucket/push_tag_delete.json", "pusher", NAME),
    ("drone-go-scm/bitbucket-server/push.json", "author email", PUSHER),
    ("drone-go-scm/bitbucket-server/push.json", "author name", PUSHER),
    ("drone-go-scm/bitbucket-server/push_branch_delete.json", "commit", GONE),
    ("drone-go-scm/bitbucket-server/push_tag_delete.json", "commit", GONE),
    ("drone-go-scm/bitbucket-server/push_v5.json", "author email", PUSHER),
    ("drone-go-scm/bitbucket-server/push_v5.json", "author name", PUSHER),
    ("drone-go-scm/gitea/tag_create.json", "commit", OBJECT),
    ("drone-go-scm/github/push_branch_delete.json", "commit", ZERO),
    ("drone-go-scm/github/push_tag_delete.json", "commit", ZERO),
    ("drone-go-scm/gitlab/branch_delete.json", "commit", GONE),
    ("drone-go-scm/gitlab/branch_delete_subgroup.json", "commit", GONE),
    ("drone-go-scm/gitlab/tag_delete.json", "commit", GONE),
    ("drone-go-scm/gitlab/tag_delete_subgroup.json", "commit", GONE),
    ("drone-go-scm/gogs/tag_create.json", "commit", OBJECT),
];

const PUSHER: &str = "theirs is who pushed; ours is the author of the commit, where the delivery names one";
const UNREAD: &str = "theirs is empty; ours is the message of the commit in the delivery's list";
const ACCOUNT: &str = "theirs is the id of an account; ours is the name that people see";
const OBJECT: &str =
    "of an annotated tag this is the tag object, so ours says nothing; a `create` deploys nothing anyway";

const NAME: &str =
    "the payload still has a `username`; Bitbucket sends none since 2019, so ours is the display name";
const GONE: &str =
    "theirs is the commit that a deleted ref was at; ours is none, as there is nothing to deploy";
const ZERO: &str = "theirs is the hash that stands for none; ours is none";

/// A field in which we differ.
pub(crate) struct Difference {
    pub(crate) path: String,
    pub(crate) field: &'static str,
    pub(crate) theirs: String,
    pub(crate) ours: String,
}

/// Why a field differs, or nothing where nobody has thought about it.
pub(crate) fn reason(path: &str, field: &str) -> Option<&'static str> {
    DIFFERENCES.iter().find(|(known, of, _)| *known == path && *of == field).map(|(.., reason)| *reason)
}

/// How many fields are the same, and the others; nothing where there is no second opinion.
pub(crate) fn compare(provider: Provider, payload: &Payload) -> Option<(usize, Vec<Difference>)> {
    let golden = payload.golden.as_ref().filter(|golden| payload.family == "push" && !golden.is_empty())?;
    let golden: Value = serde_json::from_slice(golden).unwrap();
    let ours = ours(&payload.judge(provider, payload.event(provider).as_deref()));
    let (mut same, mut differences) = (0, Vec::new());
    for (field, theirs) in theirs(&golden) {
        let ours = ours.get(field).cloned().unwrap_or_default();
        if ours == theirs {
            same += 1;
        } else {
            differences.push(Difference { path: payload.path.clone(), field, theirs, ours });
        }
    }
    Some((same, differences))
}

#[test]
fn it_agrees_with_go_scm_but_for_reasons() {
    let files = payloads::ours();
    let compared = files.iter().filter_map(|(provider, payload)| compare(*provider, payload));
    let found: Vec<Difference> = compared.flat_map(|(_, differences)| differences).collect();
    for Difference { path, field, theirs, ours } in &found {
        let reason = reason(path, field).unwrap_or("NOT EXPECTED");
        println!("{path} {field}: theirs {theirs:?}, ours {ours:?} ({reason})");
    }
    if payloads::folder().is_some() {
        let found: Vec<_> = found.iter().map(|found| (found.path.as_str(), found.field)).collect();
        let expected: Vec<_> = DIFFERENCES.iter().map(|(path, field, _)| (*path, *field)).collect();
        assert_eq!(found, expected);
    }
}

type Fields = BTreeMap<&'static str, String>;

/// A push, or a branch or tag that came or went, whose `Ref` is an object and holds a bare name.
fn theirs(golden: &Value) -> Fields {
    let text = |place: &str| golden.pointer(place).and_then(Value::as_str).unwrap_or_default().to_string();
    let mut fields = Fields::from([
        ("full_name", format!("{}/{}", text("/Repo/Namespace"), text("/Repo/Name"))),
        ("clone_https", text("/Repo/Clone")),
        ("clone_ssh", text("/Repo/CloneSSH")),
        ("pusher", text("/Sender/Login")),
    ]);
    if golden["Ref"].is_object() {
        fields.extend([
            ("name", text("/Ref/Name")),
            ("commit", text("/Ref/Sha")),
            ("action", text("/Action")),
        ]);
    } else {
        fields.extend([
            ("ref", text("/Ref")),
            ("commit", text("/Commit/Sha")),
            ("message", text("/Commit/Message")),
            ("author name", text("/Commit/Author/Name")),
            ("author email", text("/Commit/Author/Email")),
        ]);
    }
    fields
}

fn ours(judgement: &Judgement) -> Fields {
    let [change] = judgement.changes.as_slice() else { return Fields::new() };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let folder = match change.kind {
        RefKind::Branch => "refs/heads/",
        RefKind::Tag => "refs/tags/",
    };
    Fields::from([
        ("full_name", text(&judgement.repo.full_name)),
        ("clone_https", text(&judgement.repo.clone_https)),
        ("clone_ssh", text(&judgement.repo.clone_ssh)),
        ("pusher", text(&change.pusher)),
        ("name", change.ref_name.replacen(folder, "", 1)),
        ("ref", change.ref_name.clone()),
        ("commit", text(&change.commit)),
        ("action", format!("{:?}", change.action).to_lowercase()),
        ("message", text(&change.message)),
        ("author name", text(&change.author.name)),
        ("author email", text(&change.author.email)),
    ])
}
