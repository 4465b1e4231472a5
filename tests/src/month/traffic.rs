//! When people push and visit.

use std::time::Duration;

/// How an app is used, always in the same way.
pub struct Shape {
    pub name: &'static str,
    /// For people.
    pub words: &'static str,
    /// Of the week, from 0, which is Monday.
    days: &'static [u64],
    /// In minutes of the day.
    visits: std::ops::Range<u64>,
    /// From one visit to the next.
    every_minutes: usize,
    /// In minutes of the day.
    pushes: &'static [u64],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    Push,
    Visit,
}

pub const SHAPES: [Shape; 3] = [
    Shape {
        name: "demo",
        words: "a demo of two hours twice a week, and a push before each",
        days: &[1, 4],
        visits: 14 * 60..16 * 60,
        every_minutes: 3,
        pushes: &[13 * 60],
    },
    Shape {
        name: "office",
        words: "office hours, with four pushes a day",
        days: &[0, 1, 2, 3, 4],
        visits: 8 * 60..18 * 60,
        every_minutes: 4,
        pushes: &[9 * 60, 11 * 60, 14 * 60, 17 * 60],
    },
    Shape {
        name: "busy",
        words: "a visit every minute, day and night, and six pushes a day",
        days: &[0, 1, 2, 3, 4, 5, 6],
        visits: 0..24 * 60,
        every_minutes: 1,
        pushes: &[8 * 60, 10 * 60, 12 * 60, 14 * 60, 16 * 60, 20 * 60],
    },
];

impl Shape {
    /// Of a month, in order, each with the time since its beginning.
    pub fn happenings(&self) -> Vec<(Duration, Happening)> {
        const MINUTES_OF_MONTH: u64 = 730 * 60;
        let mut all = Vec::new();
        for day in (0..31).filter(|day| self.days.contains(&(day % 7))) {
            let visits =
                self.visits.clone().step_by(self.every_minutes).map(|minute| (minute, Happening::Visit));
            let pushes = self.pushes.iter().map(|minute| (*minute, Happening::Push));
            all.extend(visits.chain(pushes).map(|(minute, what)| (day * 24 * 60 + minute, what)));
        }
        all.retain(|(minute, _)| *minute < MINUTES_OF_MONTH);
        all.sort_unstable();
        all.into_iter().map(|(minute, what)| (Duration::from_mins(minute), what)).collect()
    }
}
