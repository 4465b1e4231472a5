//! The network that a box is in, as one beside the box sees it.

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// A thread that goes there never comes back, so every visit is a thread of its own.
#[derive(Clone)]
pub struct Network(Arc<File>);

impl Network {
    /// That of a process which is in it.
    pub(crate) fn of(process: u32) -> Network {
        Network(Arc::new(File::open(format!("/proc/{process}/ns/net")).expect("the process runs")))
    }

    /// Does something there, and waits for it.
    pub fn visit<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let result = thread::scope(|scope| {
            let enter = || self.enter().map(|()| work());
            scope.spawn(enter).join()
        });
        result.expect("the work does not panic").expect("root may enter it")
    }

    /// Does something there meanwhile.
    pub fn spawn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        let network = self.clone();
        thread::spawn(move || {
            network.enter().expect("root may enter it");
            work()
        })
    }

    fn enter(&self) -> io::Result<()> {
        Ok(move_into_link_name_space(self.0.as_fd(), Some(LinkNameSpaceType::Network))?)
    }
}
