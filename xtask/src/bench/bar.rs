//! A number that must not be missed.

pub(super) struct Bar {
    pub(super) what: String,
    pub(super) found: f64,
    pub(super) wanted: Wanted,
}

pub(super) enum Wanted {
    AtMost(f64),
    AtLeast(f64),
}

impl Bar {
    pub(super) fn is_missed(&self) -> bool {
        // Not the other way round: what is no number is missed.
        !match self.wanted {
            Wanted::AtMost(most) => self.found <= most,
            Wanted::AtLeast(least) => self.found >= least,
        }
    }

    pub(super) fn shown(&self) -> String {
        let (word, bar) = match self.wanted {
            Wanted::AtMost(most) => ("at most", most),
            Wanted::AtLeast(least) => ("at least", least),
        };
        let verdict = if self.is_missed() { "MISSED" } else { "ok" };
        format!("{verdict:<7} {}: {:.2}, {word} {bar}", self.what, self.found)
    }
}
