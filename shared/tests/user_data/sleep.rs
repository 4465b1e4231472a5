//! When the agent switches the box off: with real bash, before any traffic, in a time that the test makes pass.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;

use crate::config;
use crate::sandbox::Sandbox;
use expect_test::expect;
use proptest::prelude::*;

/// The least that a config may say.
const IDLE_MINUTES: u32 = 5;
const IDLE: u32 = IDLE_MINUTES * 60;

/// When the agent starts, in seconds since the machine was switched on.
const START: u32 = 100;

/// What happens before the proxy, from one second up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Event {
    what: What,
    from: u32,
    to: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A request by the app's own name, or with the cookie.
    Counts,
    /// A scanner's.
    Other,
    /// The proxy starts anew: it cuts off and forgets what was.
    Restart,
    /// The proxy does not say anything.
    Blind,
}

impl What {
    fn word(self) -> &'static str {
        match self {
            What::Counts => "counts",
            What::Other => "other",
            What::Restart => "restart",
            What::Blind => "blind",
        }
    }
}

fn at(what: What, from: u32, to: u32) -> Event {
    Event { what, from: START + from, to: START + to }
}

fn sleepy() -> Sandbox {
    let mut config = config();
    config.sleep.after_idle_minutes = Some(IDLE_MINUTES);
    let sandbox = Sandbox::new(config);
    sandbox.write("traffic", include_str!("stubs/traffic"));
    sandbox
}

/// When the box switched itself off, where every pause of the agent takes so many seconds.
fn stops_at(sandbox: &Sandbox, events: &[Event], pause: u32) -> u32 {
    let mut lines = String::new();
    for Event { what, from, to } in events {
        writeln!(lines, "{} {from} {to}", what.word()).unwrap();
    }
    sandbox.write("visitors", &lines);
    sandbox.write("proc/uptime", &format!("{START}.00 0.00\n"));
    let pass = format!(
        "read -r now _ <\"${{BOX}}/proc/uptime\"\nprintf '%s.00 0.00\\n' \"$((${{now%.*}} + {pause}))\" >\"${{BOX}}/proc/uptime\"\n"
    );
    sandbox.write("meanwhile", &pass);
    sandbox.calls();
    let ran = sandbox.run("agent");
    assert_eq!(ran.code, 0, "{}", ran.output);
    assert!(sandbox.calls().ends_with("systemctl poweroff\n"));
    let uptime = sandbox.read("proc/uptime");
    uptime.split('.').next().unwrap().parse().unwrap()
}

#[test]
fn it_says_why_it_goes_and_what_it_has_heard() {
    let sandbox = sleepy();
    sandbox.install();
    sandbox.ring("7", "refs%2Fheads%2Fmain", &sandbox.head());
    sandbox.reports();
    let stopped = stops_at(&sandbox, &[at(What::Counts, 0, 0), at(What::Blind, 60, 90)], 10);
    assert!((START + 60 + IDLE..=START + 90 + IDLE + 120).contains(&stopped), "{stopped}");
    // With nothing new to hear, the last look does not have it boot again.
    assert_eq!(sandbox.read("var/lib/pushbox/handled"), "7");
    expect![[r#"
        fetch started
        fetch done
        deploy unchanged
        sleep failed the proxy does not say who comes, so this box stays up
        sleep done nobody came for 5 minutes
    "#]]
    .assert_eq(&reports(&sandbox));
}

/// All but the one that the app answers, which comes at any time.
fn reports(sandbox: &Sandbox) -> String {
    let (served, others): (Vec<String>, Vec<String>) = sandbox
        .reports()
        .lines()
        .map(|line| format!("{line}\n"))
        .partition(|line| line.starts_with("serve done since 1"));
    assert_eq!(served.len(), 1, "it says so once");
    others.concat()
}

/// Its seconds are not those of the clock on the wall, which somebody sets while it waits.
#[test]
fn a_clock_that_is_set_changes_nothing() {
    let sandbox = sleepy();
    sandbox.install();
    let plain = stops_at(&sandbox, &[], 10);
    let look = "LOOK_AT=$((NOW + 30))";
    let script = sandbox.read("etc/pushbox/user-data.sh");
    assert!(script.contains(look), "the script says it in other words now");
    let jumps = "SECONDS=$((SECONDS > 0 ? -99999 : 99999))";
    sandbox.write("etc/pushbox/user-data.sh", &script.replace(look, &format!("{look}\n  {jumps}")));
    assert_eq!(stops_at(&sandbox, &[], 10), plain);
}

#[test]
fn a_push_that_rings_in_the_last_moment_is_deployed_first() {
    let sandbox = sleepy();
    sandbox.install();
    sandbox.reports();
    let tags = sandbox.root.join("tags/poke");
    // The proxy is asked right before the decision; before the eleventh answer, which decides, somebody rings.
    let ring = format!(
        "printf x >>{0}.asked\n[[ \"$(wc -c <{0}.asked)\" != 11 ]] || printf 9 >{0}\n",
        tags.display()
    );
    sandbox.write("traffic", &format!("{ring}{}", include_str!("stubs/traffic")));
    stops_at(&sandbox, &[], 30);
    let reports = reports(&sandbox);
    assert_eq!(reports.matches("deploy unchanged").count(), 2, "{reports}");
    assert!(reports.ends_with("sleep done nobody came for 5 minutes\n"), "{reports}");
}

#[test]
fn without_metadata_it_stays_up_because_nobody_could_ring() {
    let sandbox = sleepy();
    sandbox.install();
    let tags = sandbox.root.join("tags");
    std::fs::rename(&tags, sandbox.root.join("tags-away")).unwrap();
    sandbox.write("visitors", "");
    sandbox.write("proc/uptime", "5000.00 0\n");
    // Half an hour, then they are back.
    sandbox.write(
        "meanwhile",
        "read -r now _ <\"${BOX}/proc/uptime\"\nnow=$((${now%.*} + 60))\nprintf '%s.00 0\\n' \"${now}\" >\"${BOX}/proc/uptime\"\n\
         if ((now > 6800)) && [[ ! -d \"${BOX}/tags\" ]]; then mv \"${BOX}/tags-away\" \"${BOX}/tags\"; fi\n",
    );
    let ran = sandbox.run("agent");
    assert_eq!(ran.code, 0, "{}", ran.output);
    let stopped: u32 = sandbox.read("proc/uptime").split('.').next().unwrap().parse().unwrap();
    assert!((6_800..7_000).contains(&stopped), "{stopped}");
}

/// A box that is awake from eight to six on working days, in Berlin, at that time there.
fn scheduled(time: &str) -> Sandbox {
    let mut config = config();
    config.sleep.schedule = Some("mon-fri 08:00-18:00 Europe/Berlin".into());
    let sandbox = Sandbox::new(config);
    sandbox.write("traffic", include_str!("stubs/traffic"));
    sandbox.write(
        "bin/date",
        &format!("#!/bin/bash\n[[ \"${{TZ}} $*\" == 'Europe/Berlin +%u %-H %-M' ]] || exit 1\n{time}\n"),
    );
    std::fs::set_permissions(sandbox.root.join("bin/date"), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::create_dir_all(sandbox.root.join("usr/share/zoneinfo/Europe")).unwrap();
    sandbox.write("usr/share/zoneinfo/Europe/Berlin", "TZif");
    sandbox.install();
    sandbox
}

#[test]
fn outside_its_schedule_it_sleeps_after_a_quarter_of_an_hour() {
    for time in ["1 7 59", "5 18 0", "6 12 0", "7 12 0", "3 0 0"] {
        let stopped = stops_at(&scheduled(&format!("echo '{time}'")), &[at(What::Counts, 30, 30)], 30);
        assert!((START + 930..=START + 930 + 120).contains(&stopped), "{time}: {stopped}");
    }
}

#[test]
fn within_its_schedule_it_stays_up_until_the_end() {
    // Friday at half past five; the clock of the box goes on, and this one with it.
    let clock = "read -r now _ <\"${BOX}/proc/uptime\"\nminutes=$((17 * 60 + 30 + (${now%.*} - 100) / 60))\n\
                 echo \"5 $((minutes / 60)) $((minutes % 60))\"";
    let stopped = stops_at(&scheduled(clock), &[], 60);
    // Nobody came in the last quarter of an hour, so at six it sleeps.
    assert!((START + 1_800..=START + 1_920).contains(&stopped), "{stopped}");
}

#[test]
fn without_its_time_zone_it_stays_up_and_says_so() {
    let sandbox = scheduled("echo '7 12 0'");
    std::fs::remove_file(sandbox.root.join("usr/share/zoneinfo/Europe/Berlin")).unwrap();
    sandbox.write("visitors", "");
    sandbox.write("proc/uptime", "5000.00 0\n");
    sandbox.reports();
    sandbox.write(
        "meanwhile",
        "read -r now _ <\"${BOX}/proc/uptime\"\nnow=$((${now%.*} + 60))\nprintf '%s.00 0\\n' \"${now}\" >\"${BOX}/proc/uptime\"\n\
         if ((now > 8000)); then kill -TERM \"${PPID}\"; fi\n",
    );
    assert_eq!(sandbox.run("agent").code, 0);
    assert!(!sandbox.calls().contains("poweroff"));
    let said = reports(&sandbox);
    assert_eq!(
        said.matches("sleep failed there is no time zone Europe/Berlin here, so this box stays up").count(),
        1,
        "{said}"
    );
}

fn any_traffic() -> impl Strategy<Value = Vec<Event>> {
    let what = prop_oneof![
        6 => Just(What::Counts),
        6 => Just(What::Other),
        1 => Just(What::Restart),
        1 => Just(What::Blind),
    ];
    let length = prop_oneof![6 => 0..3u32, 1 => 0..200u32];
    prop::collection::vec((what, 0..900u32, length), 0..12).prop_map(|events| {
        let mut events: Vec<Event> =
            events.into_iter().map(|(what, from, length)| at(what, from, from + length)).collect();
        events.sort_by_key(|one| one.from);
        // A restart ends what was open, and takes no time itself.
        for restart in events.clone().into_iter().filter(|one| one.what == What::Restart) {
            for one in events.iter_mut().filter(|one| one.what != What::Blind && one.from <= restart.from) {
                one.to = one.to.min(restart.from);
            }
        }
        events
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// Never with a request in the last minutes that the config names, and always within two minutes after those.
    #[test]
    fn any_traffic_keeps_it_up_for_as_long_as_promised(events in any_traffic(), pause in 15..30u32) {
        let sandbox = sleepy();
        sandbox.install();
        let stopped = stops_at(&sandbox, &events, pause);
        let before = || events.iter().filter(|one| one.from <= stopped);
        for one in before() {
            if one.what == What::Counts {
                prop_assert!(one.to + IDLE <= stopped, "stopped at {stopped}, but {one:?}");
            }
            prop_assert!(one.what == What::Restart || one.to <= stopped, "stopped at {stopped} during {one:?}");
        }
        let used = before().filter(|one| one.what != What::Other).map(|one| one.to).max();
        let due = used.unwrap_or(START).max(START) + IDLE;
        // A scanner's connection puts it off, and no more than that.
        let due = before().filter(|one| one.what == What::Other).map(|one| one.to).fold(due, u32::max);
        prop_assert!(stopped <= due + 120, "stopped at {stopped}, not by {due} and two minutes");
    }
}
