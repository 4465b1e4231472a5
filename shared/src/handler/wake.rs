//! `/wake`, with sleep on: a GET shows where the box is on its way, a POST starts it. A GET starts nothing, because crawlers
//! and previews of links send them.
//!
//! The function cannot reach the box, and its page, which came by https, could not ask it either. That the app answers is what
//! the agent says on the console, as `serve done`.

use std::time::Duration;

use super::answer::{self, Answer};
use super::look::{Cache, Look, console_of, describe};
use super::next::{HandOver, Next, Record};
use super::page::{self, Next as Follow};
use super::seen::{Seen, Trouble};
use super::step::Event;
use crate::ec2::{Call, CreateTags, Error, Instance, Instances, State};
use crate::http::Request;
use crate::protocol::report::Report;
use crate::protocol::wakes::Wakes;
use crate::setup::Setup;
use crate::unix_time::UnixTime;

/// A box that runs for so long answers, or will not: its report may have left the console.
const SERVES_WITHIN: Duration = Duration::from_mins(5);

/// Where the box gives a visitor the cookie by which he counts.
const COOKIE_PATH: &str = "/.pushbox/wake";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Look,
    Start,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Person,
    Program,
}

pub(super) struct WakeRun {
    wish: Wish,
    reader: Reader,
    /// What the next reply answers.
    asked: Option<Call>,
    /// EC2 was asked after the wish, so what is known is of now.
    is_fresh: bool,
    is_counted: bool,
}

/// Where the app is for a visitor.
enum Stage<'a> {
    NoBox,
    Asleep(&'a Instance),
    FallsAsleep(&'a Instance),
    /// It will come up by itself.
    OnItsWay,
    Starts(Option<String>),
    Serves(String),
}

impl WakeRun {
    pub(super) fn look(request: &Request) -> WakeRun {
        WakeRun::new(Wish::Look, request)
    }

    pub(super) fn start(request: &Request) -> WakeRun {
        WakeRun::new(Wish::Start, request)
    }

    fn new(wish: Wish, request: &Request) -> WakeRun {
        let wants_page = request.headers.get("accept").is_some_and(|kinds| kinds.contains("text/html"));
        let reader = if wish == Wish::Look || wants_page { Reader::Person } else { Reader::Program };
        WakeRun { wish, reader, asked: None, is_fresh: false, is_counted: false }
    }

    pub(super) fn step(&mut self, setup: &Setup, record: &mut Record, now: UnixTime, event: Event) -> Next {
        let app = &setup.config.app;
        if let (Event::Reply(reply), Some(call)) = (event, self.asked.take()) {
            if reply.is_ok() {
                record.note(&call);
            }
            let cache = &mut record.cache;
            if call.only_reads() {
                self.is_fresh |= matches!(call, Call::DescribeInstances(_));
                cache.look(app, now).absorb(&call, reply);
            } else {
                return self.did(setup, cache, now, &call, reply.map(drop));
            }
        }
        let cache = &mut record.cache;
        let call = match self.decide(setup, cache.look(app, now), now) {
            Next::Call(call) => call,
            other => return other,
        };
        if let Call::DescribeInstances(_) = call {
            cache.forget();
        }
        self.asked = Some(call.clone());
        Next::Call(call)
    }

    fn decide(&self, setup: &Setup, look: &mut Look, now: UnixTime) -> Next {
        let boxes = match &look.boxes {
            None => return Next::Call(describe(&setup.config.app)),
            Some(Ok(boxes)) => boxes,
            Some(Err(_)) if self.wish == Wish::Start && !self.is_fresh => {
                return Next::Call(describe(&setup.config.app));
            }
            Some(Err(error)) => return Next::Answer(self.refused(setup, error)),
        };
        let seen = Seen::of(boxes);
        if let (Some(one), None) = (seen.the_box(), &look.console)
            && is_new(one, now)
        {
            return Next::Call(console_of(one));
        }
        let stage = stage(setup, look, &seen, now);
        look.is_on_its_way = match stage {
            Stage::FallsAsleep(_) | Stage::Starts(_) | Stage::OnItsWay => true,
            Stage::Asleep(one) => Wakes::of(one, now).is_on_its_way(now),
            Stage::NoBox | Stage::Serves(_) => false,
        };
        match (self.wish, stage) {
            (Wish::Start, Stage::Asleep(one) | Stage::FallsAsleep(one))
                if !self.is_fresh && !is_limited(setup, one, now) =>
            {
                Next::Call(describe(&setup.config.app))
            }
            (Wish::Start, Stage::Asleep(one) | Stage::FallsAsleep(one)) => self.start_box(setup, one, now),
            (_, stage) => Next::Answer(self.say(setup, &stage, now)),
        }
    }

    /// Counts first: a count that is lost would be a start too many.
    fn start_box(&self, setup: &Setup, one: &Instance, now: UnixTime) -> Next {
        let wakes = Wakes::of(one, now);
        if is_limited(setup, one, now) && !self.is_counted {
            return Next::Answer(self.limited(setup, &wakes));
        }
        if !wakes.is_on_its_way(now) && !self.is_counted {
            let tags = vec![wakes.one_more(now)];
            return Next::Call(Call::CreateTags(CreateTags { resources: vec![one.id.clone()], tags }));
        }
        match one.state {
            State::Stopped => {
                Next::Call(Call::StartInstances(Instances { instance_ids: vec![one.id.clone()] }))
            }
            // Whoever counted has asked for it.
            _ if !self.is_counted => Next::Answer(self.say(setup, &Stage::OnItsWay, now)),
            _ => self.hand_over(setup, now),
        }
    }

    fn did(
        &mut self,
        setup: &Setup,
        cache: &mut Cache,
        now: UnixTime,
        call: &Call,
        reply: Result<(), Error>,
    ) -> Next {
        let look = cache.look(&setup.config.app, now);
        let boxes = look.boxes.clone().and_then(Result::ok).unwrap_or_default();
        let next = match (call, reply) {
            (Call::CreateTags(_), Ok(())) => {
                self.is_counted = true;
                match Seen::of(&boxes).the_box() {
                    Some(one) => self.start_box(setup, one, now),
                    None => Next::Answer(self.say(setup, &Stage::NoBox, now)),
                }
            }
            (_, Ok(())) => Next::Answer(self.say(setup, &Stage::OnItsWay, now)),
            (call @ Call::StartInstances(_), Err(error)) => {
                let mut seen = Seen::of(&boxes);
                seen.absorb(call, Err(error), now);
                match seen.trouble {
                    Some(Trouble::Final(error)) => Next::Answer(self.refused(setup, &error)),
                    // There is no room, or somebody else did something to it: that takes longer than a visitor waits.
                    _ => self.hand_over(setup, now),
                }
            }
            (_, Err(error)) => Next::Answer(self.refused(setup, &error)),
        };
        match &next {
            Next::Call(call) => self.asked = Some(call.clone()),
            Next::Wait(_) | Next::HandOver(_) | Next::Answer(_) => cache.forget(),
        }
        next
    }

    fn hand_over(&self, setup: &Setup, now: UnixTime) -> Next {
        let if_not = match self.reader {
            Reader::Person => Some(Answer::Whole(page::of_nothing(&setup.config.app))),
            Reader::Program => None,
        };
        Next::HandOver(HandOver { once_queued: self.say(setup, &Stage::OnItsWay, now), if_not })
    }

    fn say(&self, setup: &Setup, stage: &Stage<'_>, now: UnixTime) -> Answer {
        let app = &setup.config.app;
        if self.reader == Reader::Program {
            return match stage {
                Stage::NoBox => answer::refused_wake(409, "there is no box yet; the next push launches one"),
                Stage::Serves(_) => answer::woken("the box runs"),
                Stage::OnItsWay | Stage::Starts(_) | Stage::Asleep(_) | Stage::FallsAsleep(_) => {
                    answer::woken("the box is started")
                }
            };
        }
        match stage {
            Stage::NoBox => of_wake(app, 200, "has no box yet; the next push launches one", &Follow::Nothing),
            Stage::Asleep(one) | Stage::FallsAsleep(one) if is_limited(setup, one, now) => {
                self.limited(setup, &Wakes::of(one, now))
            }
            // Somebody pressed a moment ago, and a reconcile waits for its end.
            Stage::Asleep(one) | Stage::FallsAsleep(one) if Wakes::of(one, now).is_on_its_way(now) => {
                self.say(setup, &Stage::OnItsWay, now)
            }
            Stage::Asleep(_) => of_wake(app, 200, "is asleep", &Follow::Button),
            Stage::FallsAsleep(_) => of_wake(app, 200, "is falling asleep", &Follow::Button),
            Stage::OnItsWay => of_wake(app, 202, "is being woken", &Follow::Wait(None)),
            Stage::Starts(url) => of_wake(
                app,
                200,
                "is starting; you are sent there once it answers",
                &Follow::Wait(url.clone()),
            ),
            Stage::Serves(url) => of_wake(app, 200, "is up", &Follow::Go(url.clone())),
        }
    }

    fn limited(&self, setup: &Setup, wakes: &Wakes) -> Answer {
        let (app, max) = (&setup.config.app, setup.config.sleep.max_wakes_per_day);
        let words = format!(
            "has been woken {} times today, and sleep.max_wakes_per_day allows {max}; a push still wakes it, and so does the button tomorrow (UTC)",
            wakes.count()
        );
        match self.reader {
            Reader::Person => of_wake(app, 429, &words, &Follow::Nothing),
            Reader::Program => answer::refused_wake(429, &format!("{app} {words}")),
        }
    }

    fn refused(&self, setup: &Setup, error: &Error) -> Answer {
        match self.reader {
            Reader::Person => Answer::Whole(page::of_nothing(&setup.config.app)),
            Reader::Program => answer::refused(error),
        }
    }
}

fn of_wake(app: &str, status: u16, words: &str, follow: &Follow) -> Answer {
    Answer::Whole(page::of_wake(app, status, words, follow))
}

/// Whoever woke it a moment ago was within the limit.
fn is_limited(setup: &Setup, one: &Instance, now: UnixTime) -> bool {
    let wakes = Wakes::of(one, now);
    wakes.count() >= setup.config.sleep.max_wakes_per_day && !wakes.is_on_its_way(now)
}

fn stage<'a>(setup: &Setup, look: &Look, seen: &'a Seen, now: UnixTime) -> Stage<'a> {
    let Some(one) = seen.the_box() else { return Stage::NoBox };
    match one.state {
        State::Stopped => Stage::Asleep(one),
        State::Stopping => Stage::FallsAsleep(one),
        State::Running => match url(setup, one) {
            Some(url) if serves(look, one, now) => Stage::Serves(url),
            url => Stage::Starts(url),
        },
        State::Pending | State::ShuttingDown | State::Terminated => Stage::Starts(None),
    }
}

/// Of a box whose address may be another one than at its last start.
fn url(setup: &Setup, one: &Instance) -> Option<String> {
    match &setup.config.run.domain {
        Some(domain) => Some(format!("https://{domain}{COOKIE_PATH}")),
        None => one.public_ip.as_ref().map(|address| format!("http://{address}{COOKIE_PATH}")),
    }
}

fn is_new(one: &Instance, now: UnixTime) -> bool {
    one.state == State::Running && now - one.launched < SERVES_WITHIN
}

/// Whether the agent has seen the app answer since this start. The console may still show what it said before.
fn serves(look: &Look, one: &Instance, now: UnixTime) -> bool {
    let reports = Report::all_in(look.console.as_deref().unwrap_or_default());
    let since = |report: &Report| {
        let is_it = report.step == "serve" && report.state == "done";
        report.detail.strip_prefix("since ").filter(|_| is_it)?.parse().ok().map(UnixTime::from_secs)
    };
    !is_new(one, now) || reports.iter().filter_map(since).any(|since| since >= one.launched)
}
