//! The script, executed: on a box in a sandbox, by real bash, git and dockerd, and once by real cloud-init.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic as tests do")]

mod bare;
mod boots;
mod cloud_init;
mod cloudy;
mod faults;
mod faults_cut;
mod faults_disk;
mod faults_machine;
mod faults_push;
mod interruptions;
mod load;
mod machine;
mod private;
mod pushes;
mod secrets;
mod sleeps;
mod tells;
mod values;
mod visitors;
mod wakes;
mod watch;
