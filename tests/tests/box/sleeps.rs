//! A box that nobody asks for anything switches itself off, and serves again once it is switched on.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tests::sandbox::Sandbox;

use crate::machine::{DEPLOY, URL, installed_by, push, release, rendered, ring, story};

/// The only name that the box has of EC2.
const OWN_NAME: &str = "ec2-10-0-0-10.compute-1.amazonaws.com";

/// Seconds here, where a config says minutes.
pub(crate) const IDLE: Duration = Duration::from_secs(5);

/// How long it may take from there to the decision, and until all services have ended.
pub(crate) const TO_END: Duration = Duration::from_secs(30);

fn config_with(more: &Value) -> String {
    let mut config = json!({"app": "my_app", "repo": {"url": URL}, "run": {"drain_s": 1}});
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    config.to_string()
}

/// A script whose minutes are seconds, and which looks as often as it can.
pub(crate) fn hasty(user_data: &str) -> String {
    let mut script = user_data.to_string();
    for (slow, quick) in [("IDLE_MINUTES * 60", "IDLE_MINUTES"), ("NOW + 30", "NOW + 1")] {
        assert!(script.contains(slow), "the script says {slow} in other words now");
        script = script.replace(slow, quick);
    }
    script
}

/// A box with the app's first version, which falls asleep after five seconds.
fn sleepy() -> Option<Sandbox> {
    let config = config_with(&json!({"sleep": {"after_idle_minutes": 5}}));
    installed_by(&hasty(&rendered(config, &[])))
}

/// What a visitor gets who sends these headers.
pub(crate) fn ask(sandbox: &Sandbox, path: &str, headers: &[&str]) -> String {
    let url = format!("http://10.0.0.10{path}");
    let headers: Vec<String> = headers.iter().flat_map(|header| ["-H".into(), (*header).into()]).collect();
    let command = || Command::new("curl").args(["-si", "-m", "10"]).args(&headers).arg(&url).output();
    let output = sandbox.network.visit(command).expect("curl");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// It stays up for as long as somebody does this again and again, and switches itself off when that ends.
#[track_caller]
fn stays_up_while(sandbox: &mut Sandbox, visit: impl Fn(&Sandbox)) {
    let end = Instant::now() + 3 * IDLE;
    while Instant::now() < end {
        visit(sandbox);
        assert!(!sandbox.exists("/run/jobs"), "it went to sleep; {}", sandbox.story());
        thread::sleep(Duration::from_secs(1));
    }
    sandbox.await_power_off(IDLE + TO_END);
}

#[test]
fn nobody_comes_and_it_sleeps_until_it_is_started() {
    let Some(mut sandbox) = sleepy() else { return };
    let seen = sandbox.reports().len();
    sandbox.await_power_off(IDLE + TO_END);
    assert_eq!(told(&sandbox, seen), ["sleep done nobody came for 5 minutes"]);

    // Meanwhile somebody pushed, and a visitor or that push has it started.
    let commit = release(&sandbox, "two");
    ring(&sandbox, "2", "refs/heads/main", &commit);
    let seen = sandbox.reports().len();
    sandbox.boot();
    // The wake page sends visitors on after that, and what worked last answers while the push is built.
    sandbox.await_report(seen, "serve", "done", DEPLOY);
    assert!(["one", "two"].contains(&sandbox.first_answer(DEPLOY).as_str()));
    sandbox.await_answer("two", DEPLOY);
}

/// The reports after the first `seen` ones, without the one that the app answers, which comes at any time.
fn told(sandbox: &Sandbox, seen: usize) -> Vec<String> {
    let story = story(sandbox, seen);
    story.lines().filter(|line| !line.starts_with("serve done since ")).map(String::from).collect()
}

#[test]
fn requests_by_its_own_name_keep_it_up() {
    let Some(mut sandbox) = sleepy() else { return };
    let host = format!("Host: {OWN_NAME}");
    stays_up_while(&mut sandbox, |sandbox| {
        assert!(ask(sandbox, "/", &[&host]).ends_with("one"));
    });
}

#[test]
fn whoever_comes_from_the_wake_page_keeps_it_up() {
    let Some(mut sandbox) = sleepy() else { return };
    let answer = ask(&sandbox, "/.pushbox/wake", &[]);
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(answer.contains("location: /\r\n"), "{answer}");
    let cookie = format!("Cookie: other=2; {}", cookie.split(';').next().unwrap());
    stays_up_while(&mut sandbox, |sandbox| {
        assert!(ask(sandbox, "/", &[&cookie]).ends_with("one"));
    });
}

#[test]
fn scanners_get_their_answer_and_keep_nothing_up() {
    let Some(mut sandbox) = sleepy() else { return };
    let end = Instant::now() + IDLE + TO_END;
    while !sandbox.is_off() {
        assert!(Instant::now() < end, "still up; {}", sandbox.story());
        for host in ["Host: 10.0.0.10", "Host: www.example.org", "Host:"] {
            ask(&sandbox, "/", &[host]);
        }
        thread::sleep(Duration::from_millis(300));
    }
    sandbox.cut_power();
}

#[test]
fn an_open_connection_and_a_running_deploy_keep_it_up() {
    let Some(mut sandbox) = sleepy() else { return };
    // A download that goes on and on: whoever began it did not give a name.
    let mut open =
        sandbox.network.visit(|| TcpStream::connect(SocketAddr::from(([10, 0, 0, 10], 80)))).unwrap();
    stay(&sandbox, || open.write_all(b"GET / HTTP/1.1\r\nHost: 10.0.0.10\r\nX-Slowly: ").unwrap());
    drop(open);

    sandbox.hold("docker build *");
    push(&sandbox, "two");
    sandbox.await_held(DEPLOY);
    stay(&sandbox, || {});
    sandbox.let_go();
    sandbox.await_answer("two", DEPLOY);
    // The service waits for its own deploys; this is one by hand.
    sandbox.hold("git fetch *");
    let deploy = ["bash", "-c", "setsid --fork bash /etc/pushbox/user-data.sh deploy </dev/null &>/dev/null"];
    sandbox.output(&deploy);
    sandbox.await_held(DEPLOY);
    stay(&sandbox, || {});
    sandbox.let_go();
    sandbox.await_power_off(IDLE + TO_END);
}

/// For longer than it would without what happens at first.
#[track_caller]
fn stay(sandbox: &Sandbox, first: impl FnOnce()) {
    first();
    let end = Instant::now() + 2 * IDLE + Duration::from_secs(3);
    while Instant::now() < end {
        assert!(!sandbox.exists("/run/jobs"), "it went to sleep; {}", sandbox.story());
        thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn a_proxy_that_starts_anew_or_says_nothing_puts_no_box_to_sleep() {
    let Some(mut sandbox) = sleepy() else { return };
    stays_up_while(&mut sandbox, |sandbox| {
        // It forgets what it has counted.
        sandbox.output(&["pkill", "-KILL", "haproxy"]);
        sandbox.wait_until(DEPLOY, "proxy", || sandbox.get("/").is_some());
    });

    let Some(mut sandbox) = sleepy() else { return };
    let seen = sandbox.reports().len();
    // As if it hung.
    sandbox.output(&["mv", "/usr/bin/socat", "/usr/bin/socat-away"]);
    sandbox.await_report(seen, "sleep", "failed", IDLE + TO_END);
    stay(&sandbox, || {});
    assert_eq!(told(&sandbox, seen).len(), 1, "it says so once");
    sandbox.output(&["mv", "/usr/bin/socat-away", "/usr/bin/socat"]);
    sandbox.await_power_off(IDLE + TO_END);
}

/// After its last look the service cannot hear; the last one to end does, and the box boots instead.
#[test]
fn a_push_while_it_falls_asleep_has_it_boot_again() {
    let Some(mut sandbox) = sleepy() else { return };
    let seen = sandbox.reports().len();
    sandbox.await_report(seen, "sleep", "done", IDLE + TO_END);
    let commit = release(&sandbox, "two");
    ring(&sandbox, "2", "refs/heads/main", &commit);
    sandbox.await_report(seen, "shutdown", "done", TO_END);
    sandbox.wait_until(TO_END, "reboot", || sandbox.exists("/run/reboots"));
    assert!(!sandbox.is_off());
    sandbox.cut_power();
    sandbox.boot();
    sandbox.await_answer("two", DEPLOY);
}

/// The names of today and tomorrow, or of the days after those, in UTC.
fn days(from_now: usize) -> String {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let days = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
    // The first of January 1970 was a Thursday.
    let today = usize::try_from(days).unwrap() + 3 + from_now;
    format!("{},{}", DAYS[today % 7], DAYS[(today + 1) % 7])
}

/// By the box's own clock and date; the zone is the only one that needs no file, but for the agent's question whether there is one.
#[test]
fn within_its_schedule_it_stays_up_and_outside_it_sleeps() {
    for (from_now, stays) in [(0, true), (2, false)] {
        let schedule = format!("{} 00:00-24:00 UTC", days(from_now));
        let config = config_with(&json!({"sleep": {"schedule": schedule, "after_idle_minutes": 5}}));
        let Some(mut sandbox) = installed_by(&hasty(&rendered(config, &[]))) else { return };
        sandbox.write("/usr/share/zoneinfo/UTC", 0o644, "TZif");
        if stays {
            stay(&sandbox, || {});
        } else {
            sandbox.await_power_off(IDLE + TO_END);
        }
    }
}
