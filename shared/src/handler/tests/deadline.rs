//! The answer is out in time, however long everything takes.

use proptest::prelude::*;

use super::*;
use crate::ec2::Address;

/// How a call goes: after that share of the time it may take, in percent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Luck {
    Good(u32),
    /// It takes effect, and nobody hears of it in time.
    Lost,
    Refused(u32, &'static str),
}

pub(super) fn luck() -> impl Strategy<Value = Luck> {
    const CODES: &[&str] = &[
        "RequestLimitExceeded",
        "InsufficientInstanceCapacity",
        "IncorrectInstanceState",
        "InvalidInstanceID.NotFound",
        "IdempotentParameterMismatch",
        "UnauthorizedOperation",
    ];
    prop_oneof![
        4 => (0..=100u32).prop_map(Luck::Good),
        3 => Just(Luck::Lost),
        2 => (0..=100u32, prop::sample::select(CODES)).prop_map(|(share, code)| Luck::Refused(share, code)),
    ]
}

pub(super) fn setups() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        r#", "deploy": "reboot""#,
        r#", "box": {"types": ["t4g.small", "t3.small", "t3a.small"]}"#,
        r#", "box": {"types": ["t4g.small", "t3.small"], "spot": "fallback", "address": "elastic"}"#,
        r#", "repo": {"url": "https://github.com/usil/foo.git", "refs": ["refs/heads/*"]}"#,
    ])
}

/// A world in which calls go as the lucks say, again and again from the first.
struct Lucky<'a> {
    state: Option<State>,
    lucks: std::iter::Cycle<std::slice::Iter<'a, Luck>>,
    clock: UnixTime,
    /// The least time that a call was left with.
    least_patience: Duration,
    steps: u32,
}

impl Lucky<'_> {
    fn next(&mut self, patience: Duration) -> Result<(), Error> {
        self.least_patience = self.least_patience.min(patience);
        let (share, reply) = match self.lucks.next().copied().unwrap_or(Luck::Lost) {
            Luck::Good(share) => (share, Ok(())),
            Luck::Lost => (100, Err(Error::new(Error::UNREACHABLE, "late"))),
            Luck::Refused(share, code) => (share, Err(Error::new(code, "said EC2"))),
        };
        self.pass(patience * share / 100);
        reply
    }

    fn pass(&mut self, time: Duration) {
        self.clock += time + Duration::from_millis(2);
        self.steps += 1;
        assert!(self.steps < 1_000, "it does not end");
    }
}

impl World for Lucky<'_> {
    fn now(&self) -> UnixTime {
        self.clock
    }

    fn call(&mut self, call: Call, patience: Duration) -> Result<Reply, Error> {
        let found = |state| instance("i-1", state, "t4g.small", &[]);
        self.next(patience).map(|()| match call {
            Call::DescribeInstances(_) => Reply::Instances(self.state.map(found).into_iter().collect()),
            Call::DescribeAddresses(_) => Reply::Addresses(vec![free_address()]),
            call => success(&call),
        })
    }

    fn reconcile(&mut self, patience: Duration) -> Result<(), Error> {
        self.next(patience)
    }

    fn wait(&mut self, time: Duration) {
        self.pass(time);
    }
}

/// When the answer is out, after the start.
fn time_of_answer(handler: &mut Handler<'_>, state: Option<State>, lucks: &[Luck]) -> Duration {
    let least_patience = Duration::MAX;
    let mut world = Lucky { state, lucks: lucks.iter().cycle(), clock: NOW, least_patience, steps: 0 };
    run(handler, &mut world);
    assert!(world.least_patience >= time::CALL_AT_LEAST, "{:?}", world.least_patience);
    world.clock - NOW
}

fn free_address() -> Address {
    Address { allocation_id: "eipalloc-1".into(), public_ip: "203.0.113.9".into(), instance_id: None }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_is_out_in_time_whatever_takes_how_long(
        more in setups(),
        state in prop::option::of(prop::sample::select(&State::ALL)),
        lucks in prop::collection::vec(luck(), 1..12),
    ) {
        let setup = setup_with_refs(more);
        let mut handler = Handler { work: Work::converge(push()), ..Handler::new(&setup, &Input::Http(Request::default()), NOW) };
        let time = time_of_answer(&mut handler, state, &lucks);
        prop_assert!(time < ANSWER_WITHIN, "{time:?}");
    }
}

/// Nothing ever answers: the time is used for a while, and then the answer is out.
#[test]
fn silence_is_answered_too() {
    let setup = setup_with("");
    let input = Input::Http(Request::default());
    let mut handler = Handler { work: Work::converge(push()), ..Handler::new(&setup, &input, NOW) };
    let time = time_of_answer(&mut handler, None, &[Luck::Lost]);
    assert!(time > Duration::from_secs(2) && time < ANSWER_WITHIN, "{time:?}");
}

/// Like [`setup_with`], for a config that brings its own `repo`.
pub(super) fn setup_with_refs(more: &str) -> Setup {
    if !more.contains("\"repo\"") {
        return setup_with(more);
    }
    let text = format!(r#"{{"app": "my_app"{more}}}"#);
    Setup { config: checked::load(text.as_bytes()).unwrap(), ..setup_with("") }
}
