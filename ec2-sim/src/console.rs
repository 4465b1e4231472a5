//! The serial console of an instance: the last 64 KiB, live on Nitro, and otherwise as EC2 posted it.
//!
//! Source: GetConsoleOutput in the EC2 API reference: "posted shortly after an instance transition state (start, stop,
//! reboot, or terminate)", and `Latest` "at any time … on instance types that use the Nitro hypervisor".

use pushbox_shared::unix_time::UnixTime;
use std::time::Duration;

const LIMIT: usize = 64 * 1024;

#[derive(Clone, Debug)]
pub(crate) struct Serial {
    text: String,
    /// When EC2 posted, and what.
    posted: (UnixTime, String),
    /// When EC2 posts next, after a transition.
    next: Option<UnixTime>,
    /// How long after a transition EC2 posts.
    delay: Duration,
}

impl Serial {
    pub(crate) fn new(now: UnixTime, delay: Duration) -> Serial {
        Serial { text: String::new(), posted: (now, String::new()), next: Some(now + delay), delay }
    }

    pub(crate) fn say(&mut self, now: UnixTime, text: &str) {
        self.settle(now);
        self.text.push_str(text);
        if self.text.len() > LIMIT {
            let start = self.text.ceil_char_boundary(self.text.len() - LIMIT);
            self.text.drain(..start);
        }
    }

    /// The instance was started, stopped, rebooted or terminated.
    pub(crate) fn transition(&mut self, now: UnixTime) {
        self.settle(now);
        self.next = Some(now + self.delay);
    }

    pub(crate) fn latest(&self) -> &str {
        &self.text
    }

    /// What EC2 last posted, and when.
    pub(crate) fn posted(&mut self, now: UnixTime) -> (UnixTime, &str) {
        self.settle(now);
        (self.posted.0, &self.posted.1)
    }

    fn settle(&mut self, now: UnixTime) {
        if let Some(at) = self.next.filter(|at| *at <= now) {
            self.posted = (at, self.text.clone());
            self.next = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::from_secs(seconds)
    }

    #[test]
    fn a_post_follows_each_transition() {
        let mut serial = Serial::new(at(0), Duration::from_secs(60));
        serial.say(at(10), "boot\n");
        assert_eq!(serial.posted(at(59)).1, "");
        serial.say(at(70), "deploy\n");
        assert_eq!(serial.posted(at(80)), (at(60), "boot\n"));
        assert_eq!(serial.latest(), "boot\ndeploy\n");
        serial.transition(at(100));
        assert_eq!(serial.posted(at(159)).1, "boot\n");
        assert_eq!(serial.posted(at(160)), (at(160), "boot\ndeploy\n"));
    }

    #[test]
    fn the_last_64_kib_stay() {
        let mut serial = Serial::new(at(0), Duration::ZERO);
        serial.say(at(1), &"ä".repeat(LIMIT));
        serial.say(at(1), "x");
        assert_eq!(serial.latest().len(), LIMIT - 1);
        assert!(serial.latest().ends_with("äx"));
    }
}
