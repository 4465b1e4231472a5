//! What must hold of every judgement, said a second time and in another way than the gates say it.

use crate::wants::Wants;
use pushbox_webhook::http::Request;
use pushbox_webhook::percent;
use pushbox_webhook::{Action, Event, Gate, Judgement, RefChange, RefKind};
use serde_json::Value;

/// For a config of `samples`: whatever deploys is an authentic push of a wanted ref of the config's own repository.
pub(crate) fn check(wants: &Wants, request: &Request, judgement: &Judgement) {
    assert!(judgement.problem.is_none() || judgement.changes.is_empty(), "{judgement:?}");
    assert!(!judgement.auth.ok || judgement.auth.reason.is_empty(), "{judgement:?}");
    for change in &judgement.changes {
        well_formed(change);
        if change.verdict.deploy {
            assert!(judgement.auth.ok, "{judgement:?}");
            assert_eq!(judgement.event, Event::Push, "{judgement:?}");
            assert_ne!(change.action, Action::Deleted, "{judgement:?}");
            assert!(is_wanted(&wants.refs, &change.ref_name), "{judgement:?}");
            assert!(is_of_the_repository(wants, judgement), "{judgement:?}");
            said_by_the_body(wants, request, change);
        }
    }
    let deploying = judgement.changes.iter().filter(|change| change.verdict.deploy).count();
    assert!(deploying <= 1, "{judgement:?}");
}

/// Nothing of it may deploy, and the function may not even have read it.
pub(crate) fn check_refused(function: &Judgement, openly: &Judgement) {
    assert!(!function.auth.ok && !openly.auth.ok, "{function:?}");
    for judgement in [function, openly] {
        assert!(judgement.problem.is_some() || !judgement.auth.reason.is_empty(), "{judgement:?}");
    }
    // One provider's test of the connection is not signed, and is known without reading it.
    assert_ne!(function.event, Event::Push, "{function:?}");
    assert_eq!(function.repo, <_>::default(), "{function:?}");
    assert_eq!(function.changes, [], "{function:?}");
    assert!(openly.changes.iter().all(|change| change.verdict.gate == Gate::Auth), "{openly:?}");
}

fn well_formed(change: &RefChange) {
    assert_eq!(change.verdict.deploy, change.verdict.gate == Gate::None, "{change:?}");
    assert!(!change.verdict.reason.is_empty(), "{change:?}");
    assert_eq!(change.kind == RefKind::Tag, change.ref_name.starts_with("refs/tags/"), "{change:?}");
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if let Some(commit) = &change.commit {
        assert!(matches!(commit.len(), 40 | 64) && commit.bytes().all(is_digit), "{change:?}");
        assert!(commit.bytes().any(|byte| byte != b'0'), "{change:?}");
        assert_ne!(change.action, Action::Deleted, "{change:?}");
    }
}

/// The patterns of `samples` are exact, or end with a star that stands for part of a name.
fn is_wanted(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.strip_prefix(start).is_some_and(|rest| !rest.contains('/')),
        None => pattern == name,
    })
}

/// A clone URL says it; only where there is none may the name.
fn is_of_the_repository(wants: &Wants, judgement: &Judgement) -> bool {
    let wanted = host_and_path(&wants.repository);
    let repo = &judgement.repo;
    let urls: Vec<&String> = [&repo.clone_https, &repo.clone_ssh].into_iter().flatten().collect();
    match &repo.full_name {
        Some(name) if urls.is_empty() => {
            let (name, path) = (name.trim_matches('/').to_ascii_lowercase(), wanted.1);
            // Bitbucket Data Center's URLs have more than the name.
            path == name || format!("/{path}").ends_with(&format!("/scm/{name}"))
        }
        _ => urls.iter().any(|url| host_and_path(url) == wanted),
    }
}

/// In lower case, without what a URL may have besides.
fn host_and_path(url: &str) -> (String, String) {
    let url = url.to_ascii_lowercase();
    let (authority, path) = match url.split_once(':') {
        Some((_, rest)) if rest.starts_with("//") => {
            let rest = rest.split(['?', '#']).next().unwrap_or_default();
            rest.trim_start_matches('/').split_once('/').unwrap_or((rest, ""))
        }
        Some((authority, path)) => (authority, path),
        None => ("", &*url),
    };
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    let alias = ["www.", "ssh.", "altssh."].into_iter().find_map(|alias| host.strip_prefix(alias));
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
    (alias.unwrap_or(host).to_string(), path.to_string())
}

/// Nothing deploys of which the body does not speak, as another JSON parser reads it.
fn said_by_the_body(wants: &Wants, request: &Request, change: &RefChange) {
    let Some(json) = json(request) else { return };
    let mut said = Vec::new();
    strings(&json, &mut said);
    let name = &change.ref_name;
    let bare = name.splitn(3, '/').nth(2).unwrap_or(name);
    assert!(said.iter().any(|text| text == name || text == bare), "{name} is not in {json}");
    // The path's first part may be where Bitbucket Data Center is installed.
    for part in host_and_path(&wants.repository).1.split('/').filter(|part| *part != "scm") {
        assert!(said.iter().any(|text| text.to_ascii_lowercase().contains(part)), "{part} is not in {json}");
    }
}

/// Nothing where the other parser is stricter: ours does not look into what it skips.
fn json(request: &Request) -> Option<Value> {
    let text = std::str::from_utf8(&request.body).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).ok().or_else(|| {
        let mut fields = text.split('&').chain(request.query.split('&'));
        let payload = fields.find_map(|field| field.strip_prefix("payload="))?;
        serde_json::from_str(&percent::decode_form(payload).ok()?).ok()
    })
}

fn strings(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::String(text) => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| strings(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
