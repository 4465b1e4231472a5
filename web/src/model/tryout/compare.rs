//! Two runs beside each other: what differs in what was sent, and in what came of it.

use serde_json::Value;

use super::delivery::Delivery;
use super::runs::Run;
use crate::model::diff::changes;
use crate::model::header_text;

/// One thing of both.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub title: &'static str,
    /// Empty where there is no difference.
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub side: Side,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Both,
    First,
    Second,
    /// So many lines that are the same are left out.
    LeftOut,
}

/// Lines around a difference that are shown too.
const AROUND: usize = 2;

pub fn compare(first: &Run, second: &Run) -> Vec<Part> {
    let part = |title, text: fn(&Run) -> String| Part { title, lines: lines(&text(first), &text(second)) };
    vec![
        part("Outcome", outcome),
        part("Assumed", |run| assumed(&run.delivery)),
        part("Headers", |run| headers(&run.delivery)),
        part("Body", |run| body(&run.delivery)),
        part("Plan", plan),
        part("Answer", answer),
    ]
}

fn outcome(run: &Run) -> String {
    let auth = run.trial.outcome.as_ref().map(|tried| &tried.judgement.auth.reason);
    let reason =
        auth.map(|reason| if reason.is_empty() { "" } else { "\n" }.to_string() + reason).unwrap_or_default();
    run.outcome().words + &reason
}

fn assumed(delivery: &Delivery) -> String {
    let state = delivery.box_state.map_or("not there", |state| state.name());
    format!("the box is {state}\nit saw last: {}", delivery.box_delivery)
}

/// In the order of their names, which says nothing otherwise.
fn headers(delivery: &Delivery) -> String {
    let Ok(headers) = header_text::read(&delivery.headers) else { return delivery.headers.to_string() };
    let mut lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.sort();
    lines.join("\n")
}

/// JSON a member a line, however it was sent; how many bytes that were stands before it, because a signature covers them.
fn body(delivery: &Delivery) -> String {
    let sent = if delivery.query.is_empty() { delivery.body.bytes() } else { delivery.query.as_bytes() };
    let text = String::from_utf8_lossy(sent);
    let json =
        serde_json::from_str(&text).ok().and_then(|json: Value| serde_json::to_string_pretty(&json).ok());
    format!("{} bytes\n{}", sent.len(), json.as_deref().unwrap_or(&text))
}

fn plan(run: &Run) -> String {
    let plan = run.trial.outcome.as_ref().map(|tried| tried.plan.as_slice()).unwrap_or_default();
    plan.iter().map(|call| serde_json::to_string_pretty(call).unwrap_or_default() + "\n").collect()
}

fn answer(run: &Run) -> String {
    let response =
        run.trial.outcome.as_ref().map(|tried| format!("{}\n{}", tried.response.status, tried.response.body));
    response.unwrap_or_default()
}

/// Nothing where both are the same.
fn lines(first: &str, second: &str) -> Vec<Line> {
    let (first, second): (Vec<&str>, Vec<&str>) = (first.lines().collect(), second.lines().collect());
    let changes = changes(&first, &second);
    let mut shown = Vec::new();
    if changes.is_empty() {
        return shown;
    }
    let mut add = |side, lines: &[&str]| {
        shown.extend(lines.iter().map(|text| Line { side, text: (*text).to_string() }));
    };
    let mut at = 0;
    for change in &changes {
        let same = first.get(at..change.old.start).unwrap_or_default();
        between(same, if at == 0 { 0 } else { AROUND }, AROUND, &mut add);
        add(Side::First, first.get(change.old.clone()).unwrap_or_default());
        add(Side::Second, second.get(change.new.clone()).unwrap_or_default());
        at = change.old.end;
    }
    between(first.get(at..).unwrap_or_default(), AROUND, 0, &mut add);
    shown
}

/// Lines that are the same, of which so many at the beginning and at the end are shown.
fn between(same: &[&str], begin: usize, end: usize, add: &mut impl FnMut(Side, &[&str])) {
    if same.len() <= begin + end + 1 {
        return add(Side::Both, same);
    }
    let (left, behind) = same.split_at(same.len() - end);
    let (before, left) = left.split_at(begin);
    add(Side::Both, before);
    add(Side::LeftOut, &[format!("{} lines that are the same", left.len()).as_str()]);
    add(Side::Both, behind);
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use expect_test::{Expect, expect};
    use pushbox_shared::config::Config;

    use super::super::Body;
    use super::*;

    fn run(headers: &str, body: &str) -> Run {
        let delivery =
            Delivery { headers: headers.into(), body: Body::Text(body.into()), ..Delivery::default() };
        let trial = Rc::new(delivery.try_out(&Config::default(), 1));
        Run { number: 1, delivery: Rc::new(delivery), trial }
    }

    #[track_caller]
    fn check(first: &Run, second: &Run, expect: &Expect) {
        let mut shown = String::new();
        for part in compare(first, second) {
            shown += &format!("{}{}\n", part.title, if part.lines.is_empty() { ": the same" } else { "" });
            for line in part.lines {
                let mark = match line.side {
                    Side::Both => "  ",
                    Side::First => "- ",
                    Side::Second => "+ ",
                    Side::LeftOut => "… ",
                };
                shown += &format!("{mark}{}\n", line.text);
            }
        }
        expect.assert_eq(&shown);
    }

    #[test]
    fn what_differs_is_shown_with_what_is_around_it() {
        let long: Vec<String> = (0..12).map(|at| format!("\"{at}\":{at}")).collect();
        let long = format!("{{{}}}", long.join(","));
        check(
            &run("X-GitHub-Event: push\nA-B: c", &long),
            &run("A-B: c\nX-GitHub-Event: ping", &long.replace("\"8\":8", "\"8\":80")),
            &expect![[r#"
                Outcome: the same
                Assumed: the same
                Headers
                  a-b: c
                - x-github-event: push
                + x-github-event: ping
                Body
                - 77 bytes
                + 78 bytes
                  {
                    "0": 0,
                … 5 lines that are the same
                    "6": 6,
                    "7": 7,
                -   "8": 8,
                +   "8": 80,
                    "9": 9,
                    "10": 10,
                … 2 lines that are the same
                Plan: the same
                Answer: the same
            "#]],
        );
    }

    #[test]
    fn the_same_json_in_other_bytes_differs_in_their_number_only() {
        check(
            &run("X-Who: me", "{\"a\":1}"),
            &run("X-Who: me", "{ \"a\": 1 }"),
            &expect![[r#"
            Outcome: the same
            Assumed: the same
            Headers: the same
            Body
            - 7 bytes
            + 10 bytes
              {
                "a": 1
              }
            Plan: the same
            Answer: the same
        "#]],
        );
    }
}
