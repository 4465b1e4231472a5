//! What the function would make of a delivery. Nothing is judged here: [`try_delivery`] runs the function's own code.

use pushbox_shared::assume::{Assumed, Tried, try_delivery};
use pushbox_shared::config::Config;
use pushbox_shared::secrets::Secrets;
use pushbox_shared::setup::{Installed, Setup};
use pushbox_shared::unix_time::UnixTime;

use super::delivery::Delivery;
use crate::model::header_text;

/// What came of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Seconds since 1970, as the delivery saw them.
    pub now: u64,
    pub outcome: Result<Box<Tried>, String>,
}

impl Delivery {
    pub fn try_out(&self, config: &Config, now: u64) -> Trial {
        let outcome = header_text::read(&self.headers).map(|headers| {
            let setup = Setup {
                config: config.clone(),
                secrets: Secrets::new(&self.secret, None),
                // As the command line has it, which knows nothing of an installation either.
                installed: Installed::default(),
            };
            let request = self.request(headers);
            let delivery = (!self.box_delivery.is_empty()).then(|| self.box_delivery.to_string());
            let assumed = Assumed { state: self.box_state, delivery };
            Box::new(try_delivery(&setup, &request, UnixTime::from_secs(now), &assumed))
        });
        Trial { now, outcome }
    }
}

impl Trial {
    /// What `pushbox webhook` prints.
    pub fn json(&self) -> String {
        let json = |tried: &Tried| serde_json::to_string_pretty(&tried.to_json()).unwrap_or_default() + "\n";
        self.outcome.as_deref().map(json).unwrap_or_default()
    }
}
