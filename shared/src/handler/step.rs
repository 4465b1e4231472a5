//! All that goes over the handler's border: what starts it, what it asks for, and what it is told.

use std::time::Duration;

use crate::ec2::{Call, Error, Reply};
use crate::http::{Request, Response};

/// What starts the handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Http(Request),
    /// The function's asynchronous invocation of itself, `{"reconcile":1}`.
    Reconcile,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Do {
    Call(Call),
    Wait(Duration),
    /// Invoke the function once more, asynchronously, with `{"reconcile":1}`.
    Reconcile,
    /// The last: nothing is left to do.
    Answer(Response),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Before all others.
    Start,
    /// To a call, and to a reconcile ([`Reply::Done`] once it is queued).
    Reply(Result<Reply, Error>),
    Waited,
}
