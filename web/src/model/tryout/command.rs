//! How to try the same delivery on the command line.

use pushbox_shared::ec2;
use pushbox_shared::user_data::quote;

use super::delivery::Delivery;
use crate::model::header_text;

impl Delivery {
    /// How to do the same on the command line, with headers and body in files and the secret in `$SECRET`.
    pub fn command(&self, now: u64) -> String {
        let mut command = String::from("pushbox webhook --config pushbox.json --headers h.json --body b.bin");
        if !self.secret.is_empty() {
            command += " --secret \"$SECRET\"";
        }
        if !self.query.is_empty() {
            command += &format!(" --method GET --query {}", quote(&self.query));
        }
        command += &format!(" --now {now} --box {}", self.box_state.map_or("none", ec2::State::name));
        if !self.box_delivery.is_empty() {
            command += &format!(" --box-delivery {}", quote(&self.box_delivery));
        }
        command
    }
}

/// A file of headers for the command line.
pub fn headers_file(headers: &str) -> Option<String> {
    header_text::read(headers).ok().map(|headers| header_text::write(&headers) + "\n")
}
