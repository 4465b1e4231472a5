//! What function and box tell each other: the launch with its tags, the mailbox, the count of wakes, and the box's reports.

pub mod launch;
pub mod mailbox;
pub mod report;
pub mod wakes;
