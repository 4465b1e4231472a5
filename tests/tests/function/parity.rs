//! What `pushbox webhook` foretells is what the function does: for every sample, whatever the box is doing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ec2_sim::{World, WorldOptions};
use pushbox_shared::checked;
use pushbox_shared::ec2::{Call, State};
use pushbox_shared::protocol::launch::{self, Offer};
use pushbox_shared::setup::Setup;
use pushbox_shared::unix_time::UnixTime;
use serde_json::{Value, json};
use tests::function::{Function, bootstrap, hook, in_base64};
use tests::pushbox::{Place, SECRET};

use crate::simulated::{Simulated, govern, lock};

const STATES: [Option<State>; 5] =
    [None, Some(State::Pending), Some(State::Running), Some(State::Stopping), Some(State::Stopped)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn github() {
    check_parity("github", "https://github.com/usil/foo.git").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gitlab() {
    check_parity("gitlab", "https://gitlab.com/usil/foo.git").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bitbucket() {
    check_parity("bitbucket", "https://bitbucket.org/usil/foo.git").await;
}

/// With all samples of a provider.
async fn check_parity(provider: &str, url: &str) {
    let Some(program) = bootstrap() else { return };
    let mut foretold = 0;
    for deploy in ["live", "reboot"] {
        let (place, ec2) = (Place::new(), Simulated::start().await);
        let config = json!({ "app": "my_app", "repo": { "url": url }, "deploy": deploy }).to_string();
        place.write("pushbox.json", &config);
        let function = Function::start(&program, &place, &ec2.address).await;
        for name in names().iter().filter(|name| name.starts_with(provider)) {
            let (headers, event) = delivery(&place, name);
            place.write(
                "headers",
                json!(headers.iter().cloned().collect::<serde_json::Map<_, _>>()).to_string(),
            );
            for state in STATES {
                *lock(&ec2.world) = world_with(&config, state, ec2.now());
                let answer = function.request(event.clone()).await;
                let found = json!({ "status": answer.status, "body": without_chance(&answer.body) });
                let said = foretell(&place, state);
                let wanted = json!({
                    "status": said["response"]["status"],
                    "body": without_chance(said["response"]["body"].as_str().expect("a text")),
                });
                assert_eq!(found, wanted, "{name}, {deploy}, {state:?}");
                assert_eq!(made(&ec2), plan(&said), "{name}, {deploy}, {state:?}: the calls that EC2 saw");
                foretold += 1;
            }
        }
    }
    assert!(foretold >= 10 * 4, "{provider} has samples");
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")
}

fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(samples().join(format!("{name}.json"))).expect("a sample");
    serde_json::from_str(&text).expect("JSON")
}

fn names() -> Vec<String> {
    serde_json::from_value(read("index")).expect("a list of names")
}

/// A sample's signed headers, and the event that AWS makes of it. Its body stays in the place, as `body`.
fn delivery(place: &Place, name: &str) -> (Vec<(String, Value)>, Value) {
    let sample = read(name);
    let text = |key: &str| sample[key].as_str().unwrap_or_default();
    let (body, is_form) = (text("body"), sample["form"] == true);
    place.write("body", body);
    let mut args = vec!["sign", "--provider", text("provider"), "--secret", SECRET, "--body", "body"];
    args.extend(["--event", text("event")]);
    args.extend(is_form.then_some("--form"));
    let headers: Value = serde_json::from_str(&place.output(&args)).expect("sign prints JSON");
    let headers: Vec<(String, Value)> = headers.as_object().expect("an object").clone().into_iter().collect();
    let texts: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_string()))
        .collect();
    let event = hook(&texts, body);
    // Forms are no text to a Function URL.
    (headers, if is_form { in_base64(event, &base64(body)) } else { event })
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// One box of the app in that state, or none.
fn world_with(config: &str, state: Option<State>, now: UnixTime) -> World {
    let mut world = World::new(WorldOptions::default());
    let setup = Setup { config: checked::load(config.as_bytes()).expect("a config"), ..Setup::default() };
    govern(&mut world, &setup);
    let Some(state) = state else { return world };
    let launch = launch::run_instances(&setup, Offer::on_demand(&setup.config.box_.types[0]), 0);
    // A simulated box boots and stops in 20 s each.
    let ago = |seconds| now - Duration::from_secs(seconds);
    let launched = if state == State::Pending { now } else { ago(100) };
    world.call(launched, &Call::RunInstances(Box::new(launch))).expect("a launch");
    let id = world.instances(launched)[0].instance.id.clone();
    match state {
        State::Stopping => world.stop(now, &id).expect("it runs"),
        State::Stopped => world.stop(ago(50), &id).expect("it runs"),
        _ => {}
    }
    assert_eq!(world.instances(now)[0].instance.state, state);
    world
}

/// What the command line says of the delivery in the place.
fn foretell(place: &Place, state: Option<State>) -> Value {
    let state = state.map_or("none", State::name);
    let args = [
        "webhook",
        "--headers",
        "headers",
        "--body",
        "body",
        "--secret",
        SECRET,
        "--box",
        state,
        "--now",
        "1800000000",
    ];
    serde_json::from_str(&place.output(&args)).expect("JSON")
}

/// The plan without what the function asks of itself: EC2 sees nothing of that.
fn plan(said: &Value) -> Value {
    let calls = said["plan"].as_array().expect("a list").iter().filter(|call| call["call"] != "Reconcile");
    calls.cloned().map(equal).collect()
}

/// The calls that changed the simulated EC2, without those that made it what it was.
fn made(ec2: &Simulated) -> Value {
    let world = lock(&ec2.world);
    let described = world.calls().iter().position(|logged| logged.call["call"] == "DescribeInstances");
    let since = world.calls().iter().skip(described.unwrap_or(world.calls().len()));
    let calls = since.map(|logged| logged.call.clone()).filter(|call| call["call"] != "DescribeInstances");
    calls.map(equal).collect()
}

fn without_chance(body: &str) -> Value {
    let mut body: Value = serde_json::from_str(body).expect("JSON");
    if let Some(plan) = body["plan"].as_array_mut() {
        *plan = plan.drain(..).map(equal).collect();
    }
    body
}

/// The same call at another time, of another box: id and time are what the two cannot have in common.
fn equal(mut call: Value) -> Value {
    for list in ["Resources", "InstanceIds"] {
        for id in call[list].as_array_mut().into_iter().flatten() {
            assert!(id.as_str().is_some_and(|id| id.starts_with("i-")), "{id}");
            *id = "i-box".into();
        }
    }
    for tag in call["Tags"].as_array_mut().into_iter().flatten() {
        if tag["Key"] == "pushbox:poke" {
            tag["Value"] = "now".into();
        }
    }
    // Looking for a member adds it.
    call.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    call
}
