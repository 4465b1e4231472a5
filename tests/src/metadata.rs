//! The metadata service of one instance, as strict as EC2's own: IMDSv2 only ("Use the Instance Metadata Service" of the
//! EC2 user guide). Tags change while it runs, which is how a push rings.

use std::collections::{BTreeMap, HashMap};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use pushbox_shared::percent;
use pushbox_shared::protocol::mailbox;
use serde_json::json;
use tokio::runtime::Runtime;

const TOKEN: &str = "x-aws-ec2-metadata-token";
const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
/// Seconds: six hours.
const LONGEST_TTL: u64 = 21_600;

/// Of the only network card that an instance has here.
pub const MAC: &str = "02:00:00:00:00:0a";

/// The name and the answer, as EC2 gives them.
type Answer = (StatusCode, Vec<u8>);

/// Where the names and the keys of an instance's role are.
const ROLES: &str = "meta-data/iam/security-credentials";

/// There only once EC2 has decided so.
const INTERRUPTION: &str = "meta-data/spot/instance-action";

/// The keys of an instance's role. Not the ones of a user: there is a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleKeys {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub token: String,
}

impl RoleKeys {
    /// They differ by that text, and have the characters that AWS's have.
    pub fn new(text: &str) -> RoleKeys {
        RoleKeys {
            access_key_id: format!("ASIA{}", text.to_uppercase()),
            secret_access_key: format!("{text}/wJalrXUtnFEMI+K7MDENG/bPxRfiCY="),
            token: format!("IQoJb3JpZ2luX2VjE{text}+/{}==", "FwoGZXIvYXdzE".repeat(60)),
        }
    }
}

pub struct Metadata {
    instance: Arc<Mutex<Instance>>,
    runtime: Runtime,
}

#[derive(Default)]
struct Instance {
    /// What there is to read, by its path below the version: `user-data`, `meta-data/instance-id`.
    leaves: BTreeMap<String, Vec<u8>>,
    /// When each token ends.
    tokens: HashMap<String, Instant>,
    /// How often each path was read with success.
    reads: HashMap<String, usize>,
}

impl Metadata {
    /// Of a new instance without tags.
    pub fn new(user_data: impl AsRef<[u8]>) -> Metadata {
        let identity = r#"{"accountId": "123456789012", "architecture": "x86_64", "availabilityZone": "us-east-1a",
 "imageId": "ami-00000000000000000", "instanceId": "i-0123456789abcdef0", "instanceType": "t3.small",
 "pendingTime": "2026-01-01T00:00:00Z", "privateIp": "10.0.0.10", "region": "us-east-1", "version": "2017-09-30"}"#;
        let leaves = [
            ("dynamic/instance-identity/document", identity),
            ("meta-data/ami-id", "ami-00000000000000000"),
            ("meta-data/instance-id", "i-0123456789abcdef0"),
            ("meta-data/instance-type", "t3.small"),
            ("meta-data/local-hostname", "ip-10-0-0-10.ec2.internal"),
            ("meta-data/local-ipv4", "10.0.0.10"),
            ("meta-data/mac", MAC),
            ("meta-data/network/interfaces/macs/02:00:00:00:00:0a/device-number", "0"),
            ("meta-data/network/interfaces/macs/02:00:00:00:00:0a/local-ipv4s", "10.0.0.10"),
            ("meta-data/network/interfaces/macs/02:00:00:00:00:0a/mac", MAC),
            ("meta-data/network/interfaces/macs/02:00:00:00:00:0a/subnet-ipv4-cidr-block", "10.0.0.0/24"),
            ("meta-data/placement/availability-zone", "us-east-1a"),
            ("meta-data/placement/region", "us-east-1"),
        ];
        let mut leaves: BTreeMap<_, _> = leaves.map(|(path, value)| (path.to_string(), value.into())).into();
        leaves.insert("user-data".to_string(), user_data.as_ref().to_vec());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a thread for the metadata");
        let instance = Arc::new(Mutex::new(Instance { leaves, ..Instance::default() }));
        Metadata { instance, runtime }
    }

    /// Answers there, until this value goes.
    pub fn serve(&self, listener: TcpListener) {
        listener.set_nonblocking(true).expect("a listener of ours");
        let router = router(Arc::clone(&self.instance));
        self.runtime.spawn(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("it does not block");
            axum::serve(listener, router).await.expect("it serves until it is ended");
        });
    }

    /// Writes tags as `CreateTags` does: those that are not named stay as they are.
    pub fn tag<'a>(&self, tags: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let mut instance = lock(&self.instance);
        for (key, value) in tags {
            instance.leaves.insert(format!("meta-data/tags/instance/{key}"), value.into());
        }
    }

    /// Writes the mailbox, as the function does at a push.
    pub fn ring(&self, poke: &str, ref_name: &str, commit: &str) {
        let ref_name = percent::encode(ref_name);
        self.tag([(mailbox::COMMIT, commit), (mailbox::REF, &ref_name), (mailbox::POKE, poke)]);
    }

    /// Gives the instance a role, or its role other keys, as EC2 does some hours before they end ("Retrieve security
    /// credentials from instance metadata").
    pub fn give_role(&self, name: &str, keys: &RoleKeys) {
        let answer = json!({
            "Code": "Success",
            "LastUpdated": "2026-01-01T00:00:00Z",
            "Type": "AWS-HMAC",
            "AccessKeyId": keys.access_key_id,
            "SecretAccessKey": keys.secret_access_key,
            "Token": keys.token,
            "Expiration": "2026-01-01T06:00:00Z",
        });
        lock(&self.instance).leaves.insert(format!("{ROLES}/{name}"), format!("{answer:#}").into_bytes());
    }

    /// EC2 will stop this spot instance in two minutes ("Spot Instance interruption notices" of the EC2 user guide).
    pub fn announce_interruption(&self) {
        let notice = json!({ "action": "stop", "time": "2026-01-01T00:02:00Z" });
        lock(&self.instance).leaves.insert(INTERRUPTION.into(), notice.to_string().into_bytes());
    }

    /// As after the interruption.
    pub fn withdraw_interruption(&self) {
        lock(&self.instance).leaves.remove(INTERRUPTION);
    }

    pub fn take_role(&self) {
        lock(&self.instance).leaves.retain(|path, _| !path.starts_with(ROLES));
    }

    /// How often that path was read: `user-data`.
    pub fn reads(&self, path: &str) -> usize {
        lock(&self.instance).reads.get(path).copied().unwrap_or_default()
    }
}

fn router(instance: Arc<Mutex<Instance>>) -> Router {
    Router::new().fallback(answer).with_state(instance)
}

async fn answer(
    State(instance): State<Arc<Mutex<Instance>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let mut instance = lock(&instance);
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (&method, uri.path()) {
        // What a proxy passes on is not from this instance.
        (&Method::PUT, _) if headers.contains_key("x-forwarded-for") => refusal(StatusCode::FORBIDDEN),
        (&Method::PUT, "/latest/api/token") => instance.new_token(header(TTL)),
        (&Method::GET, path) => instance.read(path, header(TOKEN)),
        _ => refusal(StatusCode::METHOD_NOT_ALLOWED),
    }
}

impl Instance {
    fn new_token(&mut self, ttl: Option<&str>) -> Answer {
        let ttl = ttl.and_then(|ttl| ttl.parse().ok()).filter(|ttl| (1..=LONGEST_TTL).contains(ttl));
        let Some(ttl) = ttl else { return refusal(StatusCode::BAD_REQUEST) };
        let token = format!("token-{}==", self.tokens.len());
        self.tokens.insert(token.clone(), Instant::now() + Duration::from_secs(ttl));
        (StatusCode::OK, token.into_bytes())
    }

    fn read(&mut self, path: &str, token: Option<&str>) -> Answer {
        let end = token.and_then(|token| self.tokens.get(token));
        if end.is_none_or(|end| *end < Instant::now()) {
            return refusal(StatusCode::UNAUTHORIZED);
        }
        // Every version of the service says the same here.
        let Some((_version, path)) = path.trim_start_matches('/').split_once('/') else {
            return (StatusCode::OK, "latest".into());
        };
        let path = path.trim_end_matches('/');
        let found = self.leaves.get(path).cloned().or_else(|| self.listing(path));
        let Some(found) = found else { return refusal(StatusCode::NOT_FOUND) };
        *self.reads.entry(path.to_string()).or_default() += 1;
        (StatusCode::OK, found)
    }

    /// The names in a folder, those of folders with a slash.
    fn listing(&self, folder: &str) -> Option<Vec<u8>> {
        let inside = self.leaves.keys().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
        let mut names: Vec<String> = inside
            .map(|path| path.split_once('/').map_or_else(|| path.into(), |(name, _)| format!("{name}/")))
            .collect();
        names.dedup();
        (!names.is_empty()).then(|| names.join("\n").into_bytes())
    }
}

fn refusal(status: StatusCode) -> Answer {
    (status, status.to_string().into_bytes())
}

fn lock(instance: &Mutex<Instance>) -> MutexGuard<'_, Instance> {
    instance.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Served {
        metadata: Metadata,
        url: String,
        agent: ureq::Agent,
    }

    fn served() -> Served {
        let metadata = Metadata::new("#!/bin/bash");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/latest", listener.local_addr().unwrap());
        metadata.serve(listener);
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Served { metadata, url, agent }
    }

    impl Served {
        fn token(&self, ttl: &str) -> (u16, String) {
            let request = self.agent.put(format!("{}/api/token", self.url)).header(TTL, ttl);
            text(request.send_empty().unwrap())
        }

        fn get(&self, path: &str, token: &str) -> (u16, String) {
            text(self.agent.get(format!("{}/{path}", self.url)).header(TOKEN, token).call().unwrap())
        }
    }

    fn text(mut response: ureq::http::Response<ureq::Body>) -> (u16, String) {
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    }

    #[test]
    fn nothing_is_read_without_a_token() {
        let served = served();
        assert_eq!(served.get("user-data", "").0, 401);
        assert_eq!(served.get("user-data", "made up").0, 401);
        for ttl in ["", "0", "21601", "soon"] {
            assert_eq!(served.token(ttl).0, 400, "{ttl:?}");
        }
        let (status, token) = served.token("60");
        assert_eq!(status, 200);
        assert_eq!(served.get("user-data", &token), (200, "#!/bin/bash".into()));
        assert_eq!(served.metadata.reads("user-data"), 1);
    }

    #[test]
    fn tags_come_and_change_while_it_runs() {
        let served = served();
        let (_, token) = served.token("60");
        let poke = "meta-data/tags/instance/pushbox:poke";
        assert_eq!(served.get(poke, &token).0, 404);
        served.metadata.tag([("pushbox:poke", "1"), ("pushbox:app", "my_app")]);
        assert_eq!(served.get(poke, &token), (200, "1".into()));
        served.metadata.tag([("pushbox:poke", "2")]);
        assert_eq!(served.get(poke, &token), (200, "2".into()));
        assert_eq!(served.get("meta-data/tags/instance/", &token), (200, "pushbox:app\npushbox:poke".into()));
        assert_eq!(served.get("meta-data/placement", &token), (200, "availability-zone\nregion".into()));
    }

    #[test]
    fn a_role_has_a_name_and_keys_or_is_not_there() {
        let served = served();
        let (_, token) = served.token("60");
        let roles = "meta-data/iam/security-credentials/";
        assert_eq!(served.get(roles, &token).0, 404);
        let keys = RoleKeys::new("first");
        served.metadata.give_role("box", &keys);
        assert_eq!(served.get(roles, &token), (200, "box".into()));
        let (status, text) = served.get("meta-data/iam/security-credentials/box", &token);
        let found: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, found["SecretAccessKey"].as_str()), (200, Some(keys.secret_access_key.as_str())));
        served.metadata.take_role();
        assert_eq!(served.get(roles, &token).0, 404);
    }
}
