//! An AWS Lambda for one process at a time, which notes when it was asked for an event and when that was answered.
//!
//! Source: "Using the Lambda runtime API", version 2018-06-01. Every answer closes its connection, so that requests come one
//! after the other and nothing but the process under test is awaited.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A process gets this long for its next request; Node.js with little CPU is slow.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is seen whether the process still lives. What is measured does not wait for this.
const LOOK_AFTER: Duration = Duration::from_millis(200);

pub(super) struct RuntimeApi {
    /// As `AWS_LAMBDA_RUNTIME_API` wants it: host and port.
    pub(super) address: String,
    event: Arc<Mutex<Option<String>>>,
    requests: Receiver<(Instant, Request)>,
}

/// What a process asked for.
#[derive(Debug, PartialEq)]
enum Request {
    Next,
    Response(Value),
    /// It says that it, or the invocation, failed.
    Error(String),
}

impl RuntimeApi {
    pub(super) fn start() -> Result<RuntimeApi> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen on this machine")?;
        let address = listener.local_addr()?.to_string();
        let (event, (sender, requests)) = (Arc::default(), channel());
        let of_server = Arc::clone(&event);
        thread::spawn(move || serve(&listener, &of_server, &sender));
        Ok(RuntimeApi { address, event, requests })
    }

    /// The process that asks next gets this event.
    pub(super) fn put(&self, event: &Value) {
        *self.event.lock().expect("no thread panics with it") = Some(event.to_string());
    }

    /// When the process asked for an event. After its answer it asks for another one: only then is it done, and nothing of it
    /// comes between the requests of the next process.
    pub(super) fn asked(&self, process: &mut Child) -> Result<Instant> {
        match self.request(process)? {
            (at, Request::Next) => Ok(at),
            (_, other) => bail!("it did not ask for an event: {other:?}"),
        }
    }

    /// When it answered the event, and what.
    pub(super) fn answered(&self, process: &mut Child) -> Result<(Instant, Value)> {
        match self.request(process)? {
            (at, Request::Response(answer)) => Ok((at, answer)),
            (_, other) => bail!("it did not answer: {other:?}"),
        }
    }

    fn request(&self, process: &mut Child) -> Result<(Instant, Request)> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.requests.recv_timeout(LOOK_AFTER) {
                Ok(request) => return Ok(request),
                Err(RecvTimeoutError::Timeout) => {}
                Err(gone @ RecvTimeoutError::Disconnected) => return Err(gone.into()),
            }
            if let Some(status) = process.try_wait()? {
                bail!("it ended ({status})");
            }
        }
        bail!("it asked for nothing within {} s", PATIENCE.as_secs());
    }
}

fn serve(listener: &TcpListener, event: &Mutex<Option<String>>, seen: &Sender<(Instant, Request)>) {
    // Who asks when there is no event waits here until it is ended.
    let mut waiting = Vec::new();
    for connection in listener.incoming() {
        let Ok(mut connection) = connection else { continue };
        // A process that was ended may leave half a request behind.
        let Ok(request) = read(&connection) else { continue };
        let at = Instant::now();
        // Nobody listens once the measurement is over.
        let answer = match &request {
            Request::Next => match event.lock().expect("no thread panics with it").take() {
                Some(event) => {
                    waiting.clear();
                    with_event(&event)
                }
                None => {
                    let _ = seen.send((at, request));
                    waiting.push(connection);
                    continue;
                }
            },
            Request::Response(_) | Request::Error(_) => {
                "HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_owned()
            }
        };
        // It notices itself when this fails.
        let _ = connection.write_all(answer.as_bytes());
        let _ = seen.send((at, request));
    }
}

fn with_event(event: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Lambda-Runtime-Aws-Request-Id: 00000000-0000-4000-8000-000000000000\r\n\
         Lambda-Runtime-Deadline-Ms: 4102444800000\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\n\
         Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000\r\n\r\n{event}",
        event.len()
    )
}

fn read(connection: &TcpStream) -> Result<Request> {
    connection.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).with_context(|| format!("not a request: {line:?}"))?.to_owned();
    let mut length = 0;
    loop {
        line.clear();
        ensure!(reader.read_line(&mut line)? > 0, "the request ends in its head");
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse()?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let text = || String::from_utf8_lossy(&body).into_owned();
    Ok(match path.rsplit('/').next() {
        Some("next") => Request::Next,
        Some("response") => Request::Response(serde_json::from_slice(&body).with_context(text)?),
        _ => Request::Error(format!("{path}: {}", text())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ask(api: &RuntimeApi, request: &str) -> String {
        let mut connection = TcpStream::connect(&api.address).expect("it listens");
        connection.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("it answers and closes");
        answer
    }

    #[test]
    fn an_event_is_given_once_and_its_answer_is_seen() {
        let api = RuntimeApi::start().expect("a free port");
        api.put(&json!({ "a": 1 }));
        let before = Instant::now();
        let event = ask(&api, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n");
        assert!(event.starts_with("HTTP/1.1 200 OK\r\n") && event.ends_with("\r\n\r\n{\"a\":1}"), "{event}");
        let (asked, request) = api.requests.recv().expect("seen");
        assert_eq!(request, Request::Next);
        let body = r#"{"statusCode": 202}"#;
        let path = "/2018-06-01/runtime/invocation/1/response";
        ask(&api, &format!("POST {path} HTTP/1.1\r\nCONTENT-LENGTH: {}\r\n\r\n{body}", body.len()));
        let (answered, request) = api.requests.recv().expect("seen");
        assert_eq!(request, Request::Response(json!({ "statusCode": 202 })));
        assert!(before < asked && asked < answered);
    }

    #[test]
    fn who_asks_when_there_is_no_event_is_seen_and_waits() {
        let api = RuntimeApi::start().expect("a free port");
        let mut connection = TcpStream::connect(&api.address).expect("it listens");
        connection.write_all(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n").expect("it reads");
        let (_, request) = api.requests.recv().expect("seen");
        assert_eq!(request, Request::Next);
        api.put(&json!({}));
        assert!(ask(&api, "GET /next HTTP/1.1\r\n\r\n").ends_with("{}"), "the event is for who asks now");
        assert_eq!(connection.read(&mut [0; 1]).expect("closed"), 0);
    }

    #[test]
    fn a_failure_is_no_answer() {
        let api = RuntimeApi::start().expect("a free port");
        ask(&api, "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: 2\r\n\r\nno");
        let (_, request) = api.requests.recv().expect("seen");
        assert_eq!(request, Request::Error("/2018-06-01/runtime/init/error: no".into()));
    }
}
