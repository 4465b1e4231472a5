//! The tryout's judgement is the command line's, for every sample, box state and breakage.
//!
//! What runs is the very command that the tryout shows, in bash.

use std::path::{Path, PathBuf};
use std::process::Command;

use pushbox_shared::checked::read;
use pushbox_shared::config::Config;
use pushbox_shared::ec2::State;
use pushbox_shared::webhook::{Breakage, Provider};
use pushbox_web::model::samples::Sample;
use pushbox_web::model::tryout::{Delivery, headers_file};
use serde_json::{Value, json};
use tests::pushbox::{Place, program};

const NOW: u64 = 1_700_000_000;

const STATES: [Option<State>; 5] =
    [None, Some(State::Pending), Some(State::Running), Some(State::Stopping), Some(State::Stopped)];

fn samples(provider: Provider) -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let read = |name: &str| -> Value {
        let text = std::fs::read(folder.join(format!("{name}.json"))).expect("a sample");
        serde_json::from_slice(&text).expect("JSON")
    };
    let index = read("index");
    let names = index.as_array().expect("a list").iter().filter_map(Value::as_str);
    let all: serde_json::Map<String, Value> = names.map(|name| (name.to_string(), read(name))).collect();
    let bytes = serde_json::to_vec(&all).expect("JSON");
    let all = pushbox_web::model::samples::read(&bytes).expect("samples");
    all.into_iter().filter(|sample| sample.provider == provider).collect()
}

/// Every way in which that git host proves who it is.
fn secrets(provider: Provider) -> &'static [&'static str] {
    match provider {
        Provider::GitLab => &["a plain token", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
        Provider::AzureDevOps => &["a plain token", "user:password"],
        _ => &["It's a Secret to Everybody"],
    }
}

/// It wants what the git host's first sample is about.
fn config_file(samples: &[Sample], secret: &str) -> String {
    let mut delivery = taken(&samples[0], secret);
    delivery.box_state = None;
    let tried = delivery.try_out(&Config::default(), NOW).outcome.expect("its headers are right");
    json!({ "app": "my_app", "repo": { "url": tried.judgement.repo.clone_https } }).to_string()
}

fn taken(sample: &Sample, secret: &str) -> Delivery {
    let mut delivery = Delivery { secret: secret.into(), ..Delivery::default() };
    delivery.take(sample, NOW).expect("a sample can be signed");
    delivery
}

/// What the page shows and what the command prints must be the same text, whatever the box is. Gives what both say.
fn compare(place: &Place, config: &Config, delivery: &Delivery) -> Vec<Value> {
    place.write("h.json", headers_file(&delivery.headers).expect("they are right"));
    place.write("b.bin", delivery.body.bytes());
    let deliveries = STATES.map(|box_state| Delivery { box_state, ..delivery.clone() });
    let commands = (0..).zip(&deliveries).map(|(at, delivery)| format!("{} > {at}", delivery.command(NOW)));
    run(place, &commands.collect::<Vec<_>>().join("\n"), &delivery.secret);
    let compared = (0..).zip(&deliveries).map(|(at, delivery)| {
        let printed = std::fs::read_to_string(place.path(&format!("{at}"))).expect("it was written");
        let shown = delivery.try_out(config, NOW).json();
        assert_eq!(shown, printed, "{} with the box {:?}", delivery.title(), delivery.box_state);
        serde_json::from_str(&shown).expect("JSON")
    });
    compared.collect()
}

fn run(place: &Place, commands: &str, secret: &str) {
    let bin: PathBuf = program("pushbox").parent().expect("it is in a folder").into();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut bash = Command::new("bash");
    bash.args(["-e", "-c", commands]).current_dir(place.path("")).env("SECRET", secret).env("PATH", path);
    let output = bash.output().expect("bash runs");
    assert!(output.status.success(), "{commands}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// How many deliveries deployed, and how many were broken.
fn all_of(provider: Provider) -> (usize, usize) {
    let samples = samples(provider);
    let (mut deploying, mut broken) = (0, 0);
    for secret in secrets(provider) {
        let place = Place::new();
        let file = config_file(&samples, secret);
        place.write("pushbox.json", &file);
        let config = read(&serde_json::from_str(&file).expect("JSON")).0;
        for sample in &samples {
            let whole = taken(sample, secret);
            let breakages = whole.breakages().into_iter().map(Some);
            for breakage in std::iter::once(None).chain(breakages) {
                let Some(delivery) = in_that_way(&whole, breakage) else { continue };
                for judged in compare(&place, &config, &delivery) {
                    let plan = judged["plan"].as_array().expect("a list");
                    deploying += usize::from(!plan.is_empty());
                    if breakage.is_some() {
                        broken += 1;
                        assert_eq!(judged["auth"]["ok"], false, "{}", delivery.title());
                        assert!(plan.is_empty(), "{}", delivery.title());
                    }
                }
            }
        }
    }
    (deploying, broken)
}

/// Some bodies cannot be broken so: what is no JSON cannot be written anew.
fn in_that_way(whole: &Delivery, breakage: Option<Breakage>) -> Option<Delivery> {
    match breakage {
        None => Some(whole.clone()),
        Some(breakage) => whole.broken(breakage, NOW).ok(),
    }
}

#[test]
fn every_sample_with_every_box_and_breakage_gives_what_the_command_line_prints() {
    let found: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            Provider::ALL.iter().map(|provider| (provider, scope.spawn(|| all_of(*provider)))).collect();
        threads.into_iter().map(|(provider, thread)| (provider, thread.join().expect("no panic"))).collect()
    });
    for (provider, (deploying, broken)) in found {
        println!("{provider}: {deploying} deploy, {broken} are broken");
        assert!(deploying >= STATES.len() && broken >= 100, "{provider}");
    }
}
