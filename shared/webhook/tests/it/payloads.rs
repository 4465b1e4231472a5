//! Real deliveries that other projects published as fixtures. They are not part of this project, so the tests that need them
//! skip, and say so, where they are absent.

use std::fs;
use std::path::PathBuf;

use crate::wants::{Wants, secrets};
use pushbox_webhook::http::Request;
use pushbox_webhook::unix_time::UnixTime;
use pushbox_webhook::{Judgement, Provider, SignOptions, judge, sign};

pub(crate) fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/payloads");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there are no payloads in {}", folder.display());
    None
}

/// A file of the manifest.
pub(crate) struct Payload {
    /// Relative to the folder.
    pub(crate) path: String,
    pub(crate) provider: String,
    /// `push` for everything about branches, tags and pings, or `other`.
    pub(crate) family: String,
    pub(crate) kind: String,
    pub(crate) body: Vec<u8>,
    /// What go-scm made of it.
    pub(crate) golden: Option<Vec<u8>>,
}

/// All of the manifest, in its order; none where the folder is absent.
pub(crate) fn all() -> Vec<Payload> {
    let Some(folder) = folder() else { return Vec::new() };
    let manifest = fs::read_to_string(folder.join("manifest.tsv")).unwrap();
    let read = |line: &str| {
        let mut columns = line.split('\t').map(String::from);
        let mut column = || columns.next().unwrap();
        let (path, _source, provider, family, kind) = (column(), column(), column(), column(), column());
        // Some rows are about files whose licence keeps them out of the folder.
        let body = fs::read(folder.join(&path)).ok()?;
        let golden = fs::read(folder.join(format!("{path}.golden"))).ok();
        Some(Payload { path, provider, family, kind, body, golden })
    };
    manifest.lines().skip(1).filter_map(read).collect()
}

/// The files of the providers that are known.
pub(crate) fn ours() -> Vec<(Provider, Payload)> {
    let known = |payload: Payload| match payload.kind.as_str() {
        // Some of Data Center's lie in the folder of Bitbucket Cloud.
        "bb-server-push" => Some((Provider::BitbucketServer, payload)),
        _ => Some((payload.provider.parse().ok()?, payload)),
    };
    all().into_iter().filter_map(known).collect()
}

impl Payload {
    /// The event header that such a file came with; nothing where `sign` finds out by itself.
    pub(crate) fn event(&self, provider: Provider) -> Option<String> {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        match (provider, self.family.as_str(), self.kind.as_str()) {
            (Provider::AzureDevOps | Provider::GitLab, ..) => None,
            (Provider::Bitbucket | Provider::BitbucketServer, "push", _) => None,
            (Provider::Bitbucket | Provider::BitbucketServer, ..) => Some(format!("other:{file}")),
            (_, "push", "create/delete") if file.contains("create") => Some("create".into()),
            (_, "push", "create/delete") => Some("delete".into()),
            (_, "push", kind) => Some(kind.into()),
            // `api.github.com__issues__opened.payload.json`, `pr_opened.json`
            _ => Some(file.split("__").nth(1).unwrap_or(file).to_string()),
        }
    }

    pub(crate) fn request(&self, provider: Provider, event: Option<&str>) -> Request {
        let headers =
            sign(provider, SECRET, &self.body, &SignOptions { event, ..SignOptions::default() }).unwrap();
        Request { headers, body: self.body.clone(), ..Request::default() }
    }

    /// With a config that wants all refs of whatever repository the delivery is about.
    pub(crate) fn judge(&self, provider: Provider, event: Option<&str>) -> Judgement {
        let request = self.request(provider, event);
        let secrets = secrets(SECRET);
        let mut wants = Wants { refs: vec!["**".into()], ..Wants::default() };
        let repo = judge(&wants.wanted(&secrets), &request, UnixTime::EPOCH).repo;
        let by_name = || Some(format!("https://example.org/{}", repo.full_name.as_ref()?));
        let url = repo.clone_https.clone().or(repo.clone_ssh.clone()).or_else(by_name);
        wants.repository = url.unwrap_or_default();
        judge(&wants.wanted(&secrets), &request, UnixTime::EPOCH)
    }
}

const SECRET: &str = "It's a Secret to Everybody";
