//! Configs drawn by a fixed rule: the same ones on every machine and at every commit.

use std::collections::{BTreeMap, BTreeSet};

use pushbox_shared::checked::load;
use pushbox_shared::config::{Config, FIELDS};
use serde_json::{Value, json};

/// What each field may say. The first is chosen most often.
fn values() -> Vec<(&'static str, Vec<Value>)> {
    let env = |name: &str, value: &str| json!({"name": name, "value": value});
    let secret = |name: &str| json!({"name": name, "secret": true});
    vec![
        ("app", vec![json!("my_app"), json!("a"), json!("shop-2")]),
        (
            "repo.url",
            vec![
                json!("https://github.com/usil/foo.git"),
                json!("git@gitlab.com:usil/group/foo.git"),
                json!("https://bitbucket.org/usil/foo"),
                json!("https://codeberg.org/usil/foo.git"),
                json!("ssh://git@git.example.org:2222/usil/foo.git"),
                json!("https://dev.azure.com/usil/apps/_git/foo"),
            ],
        ),
        (
            "repo.refs",
            vec![
                json!(["refs/heads/main"]),
                json!(["refs/heads/main", "refs/tags/v*"]),
                json!(["refs/tags/v*"]),
                json!(["refs/heads/release/?", "refs/heads/ümlaut"]),
            ],
        ),
        ("repo.paths", vec![json!([]), json!(["src/**", "!docs/**"])]),
        ("repo.submodules", vec![json!(false), json!(true)]),
        ("repo.auth", vec![json!("none"), json!("token"), json!("deploy-key")]),
        ("repo.poll_minutes", vec![json!(null), json!(5)]),
        ("build.dockerfile", vec![json!("Dockerfile"), json!("deploy/it's a Dockerfile")]),
        ("build.context", vec![json!("."), json!("app")]),
        ("build.target", vec![json!(null), json!("prod")]),
        ("build.args", vec![json!({}), json!({"A": "one two", "B": "$HOME `x` \"\\"})]),
        ("run.port", vec![json!(3000), json!(80), json!(65535)]),
        (
            "run.env",
            vec![
                json!([]),
                json!([
                    env("PORT", "3000"),
                    env("TEXT", "a\nb 'c' \"d\" $e `f` \\ ü 🙂 «account» ${x} %{y}")
                ]),
                json!([secret("DB_PASSWORD"), env("EMPTY", "")]),
                json!((0..25).map(|at| secret(&format!("SECRET_{at}"))).collect::<Vec<_>>()),
                json!((0..150).map(|at| env(&format!("N{at}"), &"x".repeat(90))).collect::<Vec<_>>()),
            ],
        ),
        ("run.health_path", vec![json!("/"), json!("/health?full=1")]),
        ("run.health_timeout_s", vec![json!(60), json!(300)]),
        ("run.drain_s", vec![json!(15), json!(0)]),
        ("run.volumes", vec![json!([]), json!(["data:/var/lib/app", "/srv/x:/x:ro"])]),
        ("run.extra_ports", vec![json!([]), json!(["8081:8081", "53:53/udp"])]),
        ("run.domain", vec![json!(null), json!("app.example.org")]),
        ("run.role_for_app", vec![json!(false), json!(true)]),
        ("box.region", vec![json!("us-east-1"), json!("eu-central-1"), json!("ap-southeast-2")]),
        (
            "box.types",
            vec![
                json!(["t4g.small"]),
                json!(["t3.micro", "t3a.small"]),
                json!(["c7g.large", "t4g.small", "m6i.large"]),
                json!(["t2.micro"]),
            ],
        ),
        ("box.disk_gb", vec![json!(12), json!(100)]),
        (
            "box.image",
            vec![
                json!("ubuntu-24.04"),
                json!("ubuntu-26.04"),
                json!("ubuntu-22.04"),
                json!("debian-13"),
                json!("debian-12"),
            ],
        ),
        ("box.spot", vec![json!("off"), json!("only"), json!("fallback")]),
        ("box.address", vec![json!("auto"), json!("elastic")]),
        ("box.cpu_credits", vec![json!("unlimited"), json!("standard")]),
        ("box.key_name", vec![json!(null), json!("my key")]),
        ("box.subnet", vec![json!(null), json!("subnet-0123456789abcdef0")]),
        ("box.security_groups", vec![json!([]), json!(["sg-0123456789abcdef0", "sg-0fedcba9876543210"])]),
        ("box.instance_profile", vec![json!(null), json!("my_profile")]),
        ("deploy", vec![json!("live"), json!("reboot")]),
        ("keep_images", vec![json!(3), json!(1)]),
        ("webhook.allow_sha1", vec![json!(false), json!(true)]),
        ("webhook.skip_markers", vec![json!(true), json!(false)]),
        ("notify.commit_status", vec![json!(false), json!(true)]),
        ("notify.webhook", vec![json!(false), json!(true)]),
        ("sleep.after_idle_minutes", vec![json!(null), json!(15), json!(90)]),
        ("sleep.schedule", vec![json!(null), json!("mon-fri 08:00-18:00 Europe/Berlin")]),
        ("sleep.max_wakes_per_day", vec![json!(24), json!(2)]),
        ("function.arch", vec![json!("arm64"), json!("x86_64")]),
        ("function.memory_mb", vec![json!(128), json!(512)]),
        ("function.log_days", vec![json!(14), json!(1000)]),
        ("function.reserved_concurrency", vec![json!(null), json!(2)]),
        ("function.budget_usd", vec![json!(null), json!(7.5)]),
        ("cost.hourly_price", vec![json!(null), json!(0.02)]),
        ("target", vec![json!("box")]),
    ]
}

/// So many configs that load, in order. The first has every default.
pub(crate) fn configs(count: usize) -> Vec<Config> {
    let values = values();
    let mut numbers = Numbers(0x9e37_79b9);
    let mut found = Vec::new();
    for attempt in 0.. {
        assert!(attempt < 100 * count, "too few of the drawn configs load");
        if found.len() == count {
            break;
        }
        let mut document = json!({});
        for (path, choices) in &values {
            let is_first = attempt == 0 || choices.len() == 1 || !numbers.next().is_multiple_of(3);
            let at = if is_first { 0 } else { usize::try_from(numbers.next()).unwrap() % choices.len() };
            put(&mut document, path, choices[at].clone());
        }
        found.extend(load(document.to_string().as_bytes()));
    }
    found
}

fn put(document: &mut Value, path: &str, value: Value) {
    match path.split_once('.') {
        Some((group, name)) => document[group][name] = value,
        None => document[path] = value,
    }
}

/// SplitMix64, of which half is used.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap()
    }
}

/// A new field belongs into [`values`], or a change of what it does would not be noticed.
#[test]
fn every_field_is_drawn_with_more_than_one_value() {
    let known: BTreeSet<&str> = values().iter().map(|(path, _)| *path).collect();
    let fields: BTreeSet<&str> = FIELDS.iter().map(|field| field.path).collect();
    assert_eq!(known, fields, "the fields that are drawn, and those that there are");
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for config in configs(crate::CONFIGS) {
        // What is equal to the default is left out.
        let written = pushbox_shared::config::to_value(&config);
        for field in FIELDS {
            let value = field.path.split('.').try_fold(&written, |value, key| value.get(key));
            seen.entry(field.path).or_default().insert(format!("{value:?}"));
        }
    }
    for (path, values) in seen {
        assert!(values.len() > 1 || path == "target", "{path} has one value only: {values:?}");
    }
}
