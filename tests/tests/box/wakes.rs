//! The whole way of a visitor: the box sleeps, the function starts it, and its page sends him there when the app answers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ec2_sim::{ACCOUNT, Policy, World, WorldOptions};
use pushbox_shared::checked;
use pushbox_shared::ec2::{Call, Error, Reply, State};
use pushbox_shared::export::policy::policy;
use pushbox_shared::handler::run::{self, run};
use pushbox_shared::handler::{Handler, Input};
use pushbox_shared::http::{Headers, Request, Response};
use pushbox_shared::protocol::launch;
use pushbox_shared::secrets::Secrets;
use pushbox_shared::setup::Setup;
use pushbox_shared::unix_time::UnixTime;
use serde_json::json;

use crate::machine::{DEPLOY, URL, installed_by, rendered};
use crate::sleeps::{IDLE, TO_END, ask, hasty};

struct Cloud {
    setup: Setup,
    world: World,
    id: String,
}

impl Cloud {
    /// With a box that runs.
    fn new(config: &str) -> Cloud {
        let config = checked::load(config.as_bytes()).unwrap();
        let setup = Setup { config, secrets: Secrets::new("s3cret", None), ..Setup::default() };
        let mut world = World::new(WorldOptions {
            boot_seconds: 0,
            stop_seconds: 0,
            policy: Some(Policy::parse(&policy(&setup, ACCOUNT)).unwrap()),
            ..WorldOptions::default()
        });
        let offer = launch::offers(&setup.config)[0];
        let id = world.launch(now(), launch::run_instances(&setup, offer, 0)).unwrap();
        Cloud { setup, world, id }
    }

    /// What the function answers to a browser.
    fn function(&mut self, method: &str) -> Response {
        let headers: Headers = [("accept", "text/html")].into_iter().collect();
        let request = Request { method: method.into(), path: "/wake".into(), headers, ..Request::default() };
        let setup = self.setup.clone();
        run(&mut Handler::new(&setup, &Input::Http(request), now()), self)
    }

    fn state(&self) -> State {
        self.world.instances(now())[0].instance.state
    }

    fn address(&self) -> Option<String> {
        self.world.instances(now())[0].instance.public_ip.clone()
    }
}

impl run::World for Cloud {
    fn now(&self) -> UnixTime {
        now()
    }

    fn call(&mut self, call: Call, _: Duration) -> Result<Reply, Error> {
        self.world.call(now(), &call)
    }

    fn reconcile(&mut self, _: Duration) -> Result<(), Error> {
        panic!("a box that has stopped needs no reconcile")
    }

    fn wait(&mut self, time: Duration) {
        panic!("a visitor does not wait {time:?}")
    }
}

fn now() -> UnixTime {
    UnixTime::after_epoch(SystemTime::now().duration_since(UNIX_EPOCH).unwrap())
}

#[test]
fn a_visitor_wakes_the_box_and_is_sent_to_the_app() {
    let config = json!({"app": "my_app", "repo": {"url": URL}, "run": {"drain_s": 1},
                        "sleep": {"after_idle_minutes": 5}});
    let Some(mut sandbox) = installed_by(&hasty(&rendered(config.to_string(), &[]))) else { return };
    let mut cloud = Cloud::new(&config.to_string());
    let first_address = cloud.address();
    sandbox.await_power_off(IDLE + TO_END);
    cloud.world.power_off(now(), &cloud.id.clone(), Duration::ZERO);

    let page = cloud.function("GET");
    assert!(page.body.contains("my_app is asleep.") && page.body.contains("<button>"), "{}", page.body);
    assert_eq!(cloud.state(), State::Stopped, "a look starts nothing");
    let page = cloud.function("POST");
    assert_eq!(page.status, 202, "{}", page.body);
    assert_eq!(cloud.state(), State::Running);
    // It ran before, and said so; that is no answer of now.
    cloud.world.say(now(), &cloud.id.clone(), &sandbox.console());
    let page = cloud.function("GET");
    assert!(page.body.contains("my_app is starting"), "{}", page.body);

    let seen = sandbox.reports().len();
    sandbox.boot();
    sandbox.await_report(seen, "serve", "done", DEPLOY);
    cloud.world.say(now(), &cloud.id.clone(), &sandbox.console());
    let page = cloud.function("GET");
    let address = cloud.address().unwrap();
    assert_ne!(Some(&address), first_address.as_ref(), "EC2 gave it another one");
    let there = format!("content=\"0; url=http://{address}/.pushbox/wake\"");
    assert!(page.body.contains(&there), "{}", page.body);

    // There he gets the cookie by which he counts, and the app.
    let answer = ask(&sandbox, "/.pushbox/wake", &[&format!("Host: {address}")]);
    assert!(answer.contains("set-cookie: pushbox=1;") && answer.contains("location: /\r\n"), "{answer}");
    sandbox.await_answer("one", DEPLOY);
}
