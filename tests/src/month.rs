//! A month in the life of a box, with the real function against the simulated EC2: hours in which AWS bills the machine, and
//! what the function did. The box is played: it keeps the promise that the script is tested for, and no more than that.

mod traffic;

use std::time::Duration;

use ec2_sim::{World, WorldOptions};
use pushbox_shared::checked;
use pushbox_shared::cost::{HOURS, Month};
use pushbox_shared::ec2::{Call, Error, Reply, State};
use pushbox_shared::handler::run::{self, run};
use pushbox_shared::handler::{Handler, Input};
use pushbox_shared::http::{Headers, Request, Response};
use pushbox_shared::secrets::Secrets;
use pushbox_shared::setup::Setup;
use pushbox_shared::unix_time::UnixTime;
use pushbox_shared::webhook::{Provider, SignOptions, sign};

use crate::pushbox::{SECRET, push_of_commit};

use traffic::Happening;
pub use traffic::{SHAPES, Shape};

/// Every default, but that it sleeps.
pub const CONFIG: &str = r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}, "sleep": {"after_idle_minutes": 15}}"#;

/// Monday, 2026-06-01, 00:00 UTC.
const START: UnixTime = UnixTime::from_secs(1_780_272_000);
/// The script's test allows so much after the idle minutes.
const LATE: Duration = Duration::from_mins(2);
/// From `poweroff` to EC2's end of the bill.
const SHUTDOWN: Duration = Duration::from_secs(60);
/// From a start to the app's first answer, of which EC2 takes a part.
const BOOT: Duration = Duration::from_secs(60);
const EC2_BOOT: u64 = 20;
/// Fetching, building and switching, in which the box does not sleep.
const DEPLOY: Duration = Duration::from_mins(5);
/// The wake page asks again after so long.
const POLL: Duration = Duration::from_secs(4);
/// What a step of the function takes.
const STEP: Duration = Duration::from_millis(100);

/// What came of a month.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    pub hours: f64,
    pub starts: u32,
    pub invocations: u32,
    pub invocation_seconds: f64,
}

impl Outcome {
    /// With as much traffic as any month is taken to have.
    pub fn month(&self) -> Month {
        Month {
            hours: self.hours.min(HOURS),
            invocations: f64::from(self.invocations),
            invocation_seconds: self.invocation_seconds / f64::from(self.invocations.max(1)),
            ..Month::ALWAYS_ON
        }
    }
}

/// A month of a box that sleeps, and is there from its beginning.
pub fn live_through(shape: &Shape) -> Outcome {
    let mut account = Account::new();
    account.deliver(1);
    account.used(DEPLOY);
    for (number, (at, what)) in (2..).zip(shape.happenings()) {
        account.pass(START + at);
        match what {
            Happening::Push => {
                account.deliver(number);
                account.used(DEPLOY);
            }
            Happening::Visit => {
                account.visit();
                account.used(Duration::ZERO);
            }
        }
    }
    account.pass(START + Duration::from_secs_f64(HOURS * 3600.0));
    account.finish()
}

struct Account {
    setup: Setup,
    world: World,
    now: UnixTime,
    /// Since when AWS bills the machine, if it does.
    on_since: Option<UnixTime>,
    /// Until when it is in use.
    used_until: UnixTime,
    /// The invocation under way asked for a reconcile.
    reconciles: bool,
    outcome: Outcome,
}

impl Account {
    fn new() -> Account {
        let setup = Setup {
            config: checked::load(CONFIG.as_bytes()).expect("a config"),
            secrets: Secrets::new(SECRET, None),
            ..Setup::default()
        };
        let world =
            World::new(WorldOptions { boot_seconds: EC2_BOOT, stop_seconds: 0, ..WorldOptions::default() });
        let outcome = Outcome::default();
        Account { setup, world, now: START, on_since: None, used_until: START, reconciles: false, outcome }
    }

    /// Nothing happens until then, except that the box may fall asleep.
    fn pass(&mut self, until: UnixTime) {
        let idle = Duration::from_mins(self.setup.config.sleep.idle_minutes().into());
        let sleeps = self.used_until + idle + LATE;
        if let Some(since) = self.on_since.filter(|_| sleeps + SHUTDOWN <= until) {
            let id = self.box_in(State::Running).expect("a box that is on runs");
            self.world.power_off(sleeps, &id, SHUTDOWN);
            self.outcome.hours += hours(sleeps + SHUTDOWN - since);
            self.on_since = None;
        }
        self.now = self.now.max(until);
    }

    fn used(&mut self, length: Duration) {
        self.used_until = self.used_until.max(self.now + length);
    }

    fn deliver(&mut self, number: u32) {
        let body = push_of_commit("refs/heads/main", &format!("{number:040x}")).into_bytes();
        let headers = sign(Provider::GitHub, SECRET, &body, &SignOptions::default()).expect("signed");
        let answer = self.invoke(&http("POST", "/hook", headers, body));
        assert_eq!(answer.status, 202, "{}", answer.body);
        self.boot();
    }

    /// Somebody comes to the app; asleep, he presses the button of the wake page and waits there.
    fn visit(&mut self) {
        if self.on_since.is_some() {
            return;
        }
        let page = || Headers::from_iter([("accept".to_string(), "text/html".to_string())]);
        let asleep = self.invoke(&http("GET", "/wake", page(), Vec::new()));
        assert!(asleep.body.contains("is asleep"), "{}", asleep.body);
        let woken = self.invoke(&http("POST", "/wake", page(), Vec::new()));
        assert_eq!(woken.status, 202, "{}", woken.body);
        let serves = self.now + BOOT;
        while self.now < serves {
            let waits = self.invoke(&http("GET", "/wake", page(), Vec::new()));
            assert!(!waits.body.contains(" is up"), "{}", waits.body);
            self.now += POLL;
        }
        self.boot();
        let up = self.invoke(&http("GET", "/wake", page(), Vec::new()));
        assert!(up.body.contains(" is up"), "{}", up.body);
    }

    /// What was started comes up and says that it serves.
    fn boot(&mut self) {
        self.now = self.now.max(self.on_since.unwrap_or_default() + BOOT);
        let id = self.box_in(State::Running).expect("it was started");
        let serves = format!(
            r#"pushbox {{"commit":"","step":"serve","state":"done","seconds":1.0,"detail":"since {}"}}"#,
            self.now.as_secs()
        );
        self.world.say(self.now, &id, &format!("{serves}\n"));
    }

    fn box_in(&self, state: State) -> Option<String> {
        let boxes = self.world.instances(self.now);
        assert!(boxes.len() <= 1, "one box in a month");
        boxes.into_iter().find(|seen| seen.instance.state == state).map(|seen| seen.instance.id)
    }

    /// One invocation, and those that it asks for; the answer is the first one's.
    fn invoke(&mut self, input: &Input) -> Response {
        let setup = self.setup.clone();
        let began = self.now;
        let response = run(&mut Handler::new(&setup, input, began), self);
        self.now += STEP;
        self.outcome.invocations += 1;
        self.outcome.invocation_seconds += (self.now - began).as_secs_f64();
        if std::mem::take(&mut self.reconciles) {
            self.invoke(&Input::Reconcile);
        }
        response
    }

    fn finish(mut self) -> Outcome {
        if let Some(since) = self.on_since {
            self.outcome.hours += hours(self.now - since);
        }
        self.outcome
    }
}

impl run::World for Account {
    fn now(&self) -> UnixTime {
        self.now
    }

    fn call(&mut self, call: Call, _: Duration) -> Result<Reply, Error> {
        let reply = self.world.call(self.now, &call);
        if let (Call::StartInstances(_) | Call::RunInstances(_), Ok(_)) = (call, &reply) {
            self.outcome.starts += 1;
            self.on_since.get_or_insert(self.now);
        }
        self.now += STEP;
        reply
    }

    fn reconcile(&mut self, _: Duration) -> Result<(), Error> {
        self.reconciles = true;
        self.now += STEP;
        Ok(())
    }

    fn wait(&mut self, time: Duration) {
        self.now += time + STEP;
    }
}

fn http(method: &str, path: &str, headers: Headers, body: Vec<u8>) -> Input {
    Input::Http(Request { method: method.into(), path: path.into(), query: String::new(), headers, body })
}

fn hours(time: Duration) -> f64 {
    time.as_secs_f64() / 3600.0
}
