//! Where a history plays: a config in four states of its settings, and how EC2 behaves there.

use std::sync::OnceLock;
use std::time::Duration;

use ec2_sim::{ACCOUNT, Policy, Throttling, WorldOptions};
use pushbox_shared::checked;
use pushbox_shared::export::policy::policy;
use pushbox_shared::handler::Input;
use pushbox_shared::http::Request;
use pushbox_shared::secrets::Secrets;
use pushbox_shared::setup::Setup;
use pushbox_shared::webhook::{Provider, SignOptions, sign};
use tests::pushbox::{SECRET, push_of};

/// How the box learns of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By its mailbox.
    Live,
    /// `deploy = "reboot"`.
    Reboot,
    /// A Xen type, which sees its mailbox after a stop alone.
    Xen,
    /// By its mailbox, while it does not sleep.
    Sleepy,
    /// By its mailbox, while EC2 lends the machine.
    Spot,
}

#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) kind: Kind,
    pub(crate) boot_seconds: u64,
    pub(crate) stop_seconds: u64,
    pub(crate) visible_after: u64,
    pub(crate) taggable_after: u64,
    pub(crate) tags_after: u64,
}

impl Place {
    pub(crate) fn options(&self) -> WorldOptions {
        WorldOptions {
            boot_seconds: self.boot_seconds,
            stop_seconds: self.stop_seconds,
            visible_after: Duration::from_secs(self.visible_after),
            taggable_after: Duration::from_secs(self.taggable_after),
            tags_after: Duration::from_secs(self.tags_after),
            throttling: Some(Throttling::default()),
            policy: Some(self.kind.parts().policy.clone()),
            ..WorldOptions::default()
        }
    }
}

/// What is made once, because making it takes longer than a history does.
pub(crate) struct Parts {
    /// By `script`, then by `launch`; see [`super::moves::Move`].
    pub(crate) setups: [[Setup; 2]; 2],
    pub(crate) policy: Policy,
    pub(crate) pushes: Vec<Input>,
    pub(crate) forged: Input,
    pub(crate) wake: Input,
}

impl Kind {
    pub(crate) fn types(self) -> &'static [&'static str] {
        match self {
            Kind::Live | Kind::Reboot | Kind::Sleepy | Kind::Spot => &["t4g.small", "t3.small"],
            Kind::Xen => &["t2.small", "t2.micro"],
        }
    }

    /// Whether the box hears while it runs.
    pub(crate) fn hears(self) -> bool {
        matches!(self, Kind::Live | Kind::Sleepy | Kind::Spot)
    }

    pub(crate) fn parts(self) -> &'static Parts {
        static PARTS: [OnceLock<Parts>; 5] = [const { OnceLock::new() }; 5];
        PARTS[self as usize].get_or_init(|| Parts::of(self))
    }
}

impl Parts {
    fn of(kind: Kind) -> Parts {
        let deploy = if kind == Kind::Reboot { "reboot" } else { "live" };
        let setup = |script: &str, disk: u32| {
            let config = serde_json::json!({
                "app": "my_app", "repo": { "url": "https://github.com/usil/foo.git" }, "deploy": deploy,
                "run": { "env": [{ "name": "GREETING", "value": script }] },
                "box": {
                    "types": kind.types(), "disk_gb": disk,
                    "spot": if kind == Kind::Spot { "fallback" } else { "off" },
                },
                "sleep": { "after_idle_minutes": (kind == Kind::Sleepy).then_some(30) },
            });
            let config = checked::load(config.to_string().as_bytes()).expect("a config");
            Setup { config, secrets: Secrets::new(SECRET, Some("admin")), ..Setup::default() }
        };
        let setups = [[setup("hello", 12), setup("hello", 20)], [setup("welcome", 12), setup("welcome", 20)]];
        let policy =
            Policy::parse(&policy(&setups[0][0], ACCOUNT)).expect("the exported policy is understood");
        let pushes = ('1'..='8').map(|digit| push(SECRET, digit)).collect();
        let wake = Request { method: "POST".into(), path: "/wake".into(), ..Request::default() };
        Parts { setups, policy, pushes, forged: push("guessed", '9'), wake: Input::Http(wake) }
    }
}

fn push(secret: &str, digit: char) -> Input {
    let body = push_of("refs/heads/main", digit).into_bytes();
    let headers = sign(Provider::GitHub, secret, &body, &SignOptions::default()).expect("signed");
    Input::Http(Request { method: "POST".into(), path: "/hook".into(), query: String::new(), headers, body })
}
