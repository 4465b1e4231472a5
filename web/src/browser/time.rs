//! The clock, and what runs later.

use pushbox_shared::unix_time::UnixTime;
use std::time::Duration;

pub use gloo::timers::callback::Timeout as Timer;

pub fn now() -> UnixTime {
    UnixTime::after_epoch(Duration::from_secs_f64(js_sys::Date::now().max(0.0) / 1000.0))
}

/// Runs later, on the page's own thread, whatever happens until then.
pub fn after(delay: Duration, then: impl FnOnce() + 'static) {
    timer(delay, then).forget();
}

/// Runs later, unless the timer is cancelled or dropped before.
pub fn timer(delay: Duration, then: impl FnOnce() + 'static) -> Timer {
    Timer::new(u32::try_from(delay.as_millis()).unwrap_or(u32::MAX), then)
}
