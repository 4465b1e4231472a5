//! The last deliveries that were tried, and what came of them. They live in memory alone, and the secret with them.

use std::rc::Rc;

use super::delivery::Delivery;
use super::outcome::Outcome;
use super::trial::Trial;

/// So many are kept.
pub const MOST: usize = 20;

#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// From 1; no two have the same.
    pub number: usize,
    pub delivery: Rc<Delivery>,
    pub trial: Rc<Trial>,
}

/// The newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    kept: Vec<Rc<Run>>,
    /// The two that are compared at most, in the order in which they were chosen.
    compared: Vec<usize>,
}

impl Runs {
    pub fn keep(&mut self, delivery: Rc<Delivery>, trial: Rc<Trial>) {
        let number = self.kept.first().map_or(0, |run| run.number) + 1;
        self.kept.insert(0, Rc::new(Run { number, delivery, trial }));
        self.kept.truncate(MOST);
        let kept = &self.kept;
        self.compared.retain(|number| kept.iter().any(|run| run.number == *number));
    }

    pub fn iter(&self) -> impl Iterator<Item = &Rc<Run>> {
        self.kept.iter()
    }

    pub fn get(&self, number: usize) -> Option<&Rc<Run>> {
        self.kept.iter().find(|run| run.number == number)
    }

    /// Chooses a run to compare, or chooses it no longer. Of three the one that was chosen first goes.
    pub fn toggle(&mut self, number: usize) {
        if self.is_compared(number) {
            return self.compared.retain(|other| *other != number);
        }
        self.compared.push(number);
        if self.compared.len() > 2 {
            self.compared.remove(0);
        }
    }

    pub fn is_compared(&self, number: usize) -> bool {
        self.compared.contains(&number)
    }

    /// The older one first, once two are chosen.
    pub fn pair(&self) -> Option<(&Rc<Run>, &Rc<Run>)> {
        let [one, two] = self.compared.as_slice() else { return None };
        Some((self.get(*one.min(two))?, self.get(*one.max(two))?))
    }
}

impl Run {
    /// `14:03:07 UTC`
    pub fn time(&self) -> String {
        let seconds = self.trial.now % 86_400;
        format!("{:02}:{:02}:{:02} UTC", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    pub fn outcome(&self) -> Outcome {
        Outcome::of(&self.trial)
    }
}

#[cfg(test)]
mod tests {
    use pushbox_shared::config::Config;

    use super::*;

    fn runs(count: u64) -> Runs {
        let mut runs = Runs::default();
        for now in 0..count {
            let delivery = Delivery::default();
            let trial = delivery.try_out(&Config::default(), now);
            runs.keep(Rc::new(delivery), Rc::new(trial));
        }
        runs
    }

    #[test]
    fn the_last_ones_are_kept_the_newest_first() {
        let runs = runs(25);
        let numbers: Vec<usize> = runs.iter().map(|run| run.number).collect();
        assert_eq!(numbers, (6..=25).rev().collect::<Vec<_>>());
        assert_eq!(runs.get(25).map(|run| run.trial.now), Some(24));
        assert_eq!(runs.get(5), None);
    }

    #[test]
    fn two_are_compared_the_older_one_first() {
        let mut runs = runs(3);
        runs.toggle(3);
        assert!(runs.pair().is_none());
        runs.toggle(1);
        let pair = |runs: &Runs| runs.pair().map(|(one, two)| (one.number, two.number));
        assert_eq!(pair(&runs), Some((1, 3)));
        runs.toggle(2);
        assert_eq!(pair(&runs), Some((1, 2)), "the one that was chosen first goes");
        runs.toggle(1);
        assert_eq!(pair(&runs), None);
    }

    #[test]
    fn who_is_forgotten_is_compared_no_longer() {
        let mut runs = runs(2);
        runs.toggle(1);
        runs.toggle(2);
        for now in 0..19 {
            let delivery = Delivery::default();
            let trial = delivery.try_out(&Config::default(), now);
            runs.keep(Rc::new(delivery), Rc::new(trial));
        }
        assert!(runs.pair().is_none() && !runs.is_compared(1) && runs.is_compared(2));
    }

    #[test]
    fn a_run_has_a_time_of_the_day() {
        let trial = Delivery::default().try_out(&Config::default(), 1_700_000_007);
        let run = Run { number: 1, delivery: Rc::default(), trial: Rc::new(trial) };
        assert_eq!(run.time(), "22:13:27 UTC");
    }
}
