//! One box whatever happens: deliveries that run into each other, faults, and a person at the console, in a simulated
//! EC2 that shows a launch only after a while.

use std::time::Duration;

use ec2_sim::{World, WorldOptions};
use proptest::prelude::*;
use pushbox_shared::config;
use pushbox_shared::ec2::{Error, Reply};
use pushbox_shared::handler::{Do, Event, Handler, Input};
use pushbox_shared::http::{Request, Response};
use pushbox_shared::setup::{Secrets, Setup};
use pushbox_shared::webhook::{Provider, SignOptions, sign};
use tests::pushbox::{CONFIG, SECRET, push_of};

const START: Duration = Duration::from_secs(1_700_000_000);

/// What happens next, to whom, and with which luck.
#[derive(Clone, Debug)]
enum Move {
    /// Another push arrives.
    Push,
    /// The invocation of that number does its next step.
    Step(usize, Luck),
    /// That one is cut off for good, as when Lambda ends it.
    Cut(usize),
    Pass(Duration),
    Stop,
    Terminate,
}

#[derive(Clone, Copy, Debug)]
enum Luck {
    Good,
    Throttled,
    /// EC2 acts, and its answer gets lost.
    AnswerLost,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let luck = prop_oneof![8 => Just(Luck::Good), 1 => Just(Luck::Throttled), 1 => Just(Luck::AnswerLost)];
    let one = prop_oneof![
        2 => Just(Move::Push),
        20 => (0..8usize, luck).prop_map(|(who, luck)| Move::Step(who, luck)),
        1 => (0..8usize).prop_map(Move::Cut),
        3 => (1..5_000u64).prop_map(|millis| Move::Pass(Duration::from_millis(millis))),
        1 => Just(Move::Stop),
        1 => Just(Move::Terminate),
    ];
    prop::collection::vec(one, 1..120)
}

struct Invocation<'a> {
    handler: Handler<'a>,
    event: Event,
    /// It sleeps until then.
    wakes: Duration,
    answer: Option<Response>,
    done: bool,
}

struct Account<'a> {
    setup: &'a Setup,
    world: World,
    now: Duration,
    invocations: Vec<Invocation<'a>>,
}

impl<'a> Account<'a> {
    fn invoke(&mut self, input: &Input) {
        let handler = Handler::new(self.setup, input, self.now);
        let fresh = Invocation { handler, event: Event::Start, wakes: self.now, answer: None, done: false };
        self.invocations.push(fresh);
    }

    fn step(&mut self, who: usize, luck: Luck) -> Result<(), TestCaseError> {
        let Some(one) = self.invocations.get_mut(who).filter(|one| !one.done) else { return Ok(()) };
        self.now = self.now.max(one.wakes);
        let event = std::mem::replace(&mut one.event, Event::Start);
        let mut reconcile = false;
        match one.handler.step(self.now, event) {
            Do::Call(call) => {
                let lost = Error::new(Error::UNREACHABLE, "no answer came");
                one.event = Event::Reply(match luck {
                    Luck::Good => self.world.call(self.now, &call),
                    Luck::Throttled => Err(Error::new("RequestLimitExceeded", "slow down")),
                    Luck::AnswerLost => self.world.call(self.now, &call).and(Err(lost)),
                });
            }
            Do::Wait(time) => {
                one.wakes = self.now + time;
                one.event = Event::Waited;
            }
            Do::Reconcile => {
                reconcile = true;
                one.event = Event::Reply(Ok(Reply::Done));
            }
            Do::Answer(response) => {
                prop_assert!(one.answer.is_none(), "it answers once");
                one.answer = Some(response);
            }
            Do::Done => {
                prop_assert!(one.answer.is_some(), "it answers before it is done");
                one.done = true;
            }
        }
        self.now += Duration::from_millis(30);
        if reconcile {
            self.invoke(&Input::Reconcile);
        }
        self.at_most_one_box()
    }

    fn at_most_one_box(&self) -> Result<(), TestCaseError> {
        let instances = self.world.instances(self.now);
        let live: Vec<&str> = instances
            .iter()
            .map(|seen| &seen.instance)
            .filter(|one| one.state.is_live())
            .map(|one| one.id.as_str())
            .collect();
        prop_assert!(live.len() <= 1, "live boxes: {live:?}");
        Ok(())
    }

    /// The id of the live box.
    fn live(&self) -> Option<String> {
        let instances = self.world.instances(self.now);
        instances.into_iter().map(|seen| seen.instance).find(|one| one.state.is_live()).map(|one| one.id)
    }

    /// Lets everything that is under way come to its end, without more bad luck.
    fn settle(&mut self) -> Result<(), TestCaseError> {
        for _ in 0..5_000 {
            let Some(who) = self.invocations.iter().position(|one| !one.done) else { return Ok(()) };
            self.step(who, Luck::Good)?;
        }
        Err(TestCaseError::fail("an invocation does not end"))
    }
}

fn setup() -> Setup {
    Setup {
        config: config::load(CONFIG.as_bytes()).expect("a config"),
        secrets: Secrets::new(SECRET, None),
        ..Setup::default()
    }
}

fn push(commit: char) -> Input {
    let body = push_of("refs/heads/main", commit).into_bytes();
    let headers = sign(Provider::GitHub, SECRET, &body, &SignOptions::default()).expect("signed");
    Input::Http(Request { method: "POST".into(), path: "/hook".into(), query: String::new(), headers, body })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn there_is_one_box_at_most_and_an_accepted_push_ends_in_one(moves in moves()) {
        let setup = setup();
        let options = WorldOptions { boot_seconds: 5, stop_seconds: 5, visible_after: Duration::from_secs(2), ..WorldOptions::default() };
        let mut account = Account { setup: &setup, world: World::new(options), now: START, invocations: Vec::new() };
        let mut pushes = 0;
        for one in moves {
            match one {
                Move::Push if pushes < 8 => {
                    account.invoke(&push(['a', 'b', 'c', 'd'][pushes % 4]));
                    pushes += 1;
                }
                Move::Push => {}
                Move::Step(who, luck) => account.step(who, luck)?,
                Move::Cut(who) => {
                    if who < account.invocations.len() {
                        account.invocations.remove(who);
                    }
                }
                Move::Pass(time) => account.now += time,
                Move::Stop | Move::Terminate => {
                    if let Some(id) = account.live() {
                        // EC2 may refuse, which is its right.
                        let stops = matches!(one, Move::Stop);
                        let now = account.now;
                        let _ = if stops { account.world.stop(now, &id) } else { account.world.terminate(now, &id) };
                    }
                }
            }
        }
        account.settle()?;
        // One more push, with nobody interfering: whatever happened before, it ends in a box that runs and knows of it.
        account.invoke(&push('e'));
        account.settle()?;
        account.now += Duration::from_secs(60);
        let answers: Vec<u16> = account.invocations.iter().rev().filter_map(|one| one.answer.as_ref()).map(|answer| answer.status).collect();
        prop_assert!(!answers.contains(&401) && !answers.contains(&500), "{answers:?}");
        let instances = account.world.instances(account.now);
        let live = instances.iter().map(|seen| &seen.instance).find(|one| one.state.is_live());
        prop_assert!(live.is_some_and(|one| one.state.name() == "running"), "{live:?} after {answers:?}");
        let wanted = "e".repeat(40);
        prop_assert_eq!(live.and_then(|one| one.tag("pushbox:commit")), Some(wanted.as_str()));
    }
}
