//! Visitors of a box: they come from outside, through port 80, as long as a fault or a deploy lasts.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tests::sandbox::Sandbox;

/// Longer than any answer takes here.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection to the box.
pub(crate) struct Connection(BufReader<TcpStream>);

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// Whether the box says that there will be no other on this connection.
    pub(crate) is_last: bool,
}

impl Connection {
    pub(crate) fn open() -> io::Result<Connection> {
        let stream = TcpStream::connect_timeout(&SocketAddr::from(([10, 0, 0, 10], 80)), PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Connection(BufReader::new(stream)))
    }

    /// An answer that is not whole is an error.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: box\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?;
        let status =
            status.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(|| bad(&status))?;
        let (mut length, mut is_chunked, mut is_last) = (0, false, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(": ") {
                None if line.is_empty() => break,
                Some(("content-length", value)) => length = value.parse().map_err(|_| bad(value))?,
                Some(("transfer-encoding", _)) => is_chunked = true,
                Some(("connection", "close")) => is_last = true,
                _ => {}
            }
        }
        let body = if is_chunked { self.chunks()? } else { self.bytes(length)? };
        let body = String::from_utf8(body).map_err(|_| bad("UTF-8"))?;
        Ok(Answer { status, body, is_last })
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let length = usize::from_str_radix(&line, 16).map_err(|_| bad(&line))?;
            body.extend(self.bytes(length)?);
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        line.strip_suffix("\r\n").map(String::from).ok_or_else(|| bad(&line))
    }
}

fn bad(found: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("cut off or wrong: {found:?}"))
}

/// What one visitor got.
#[derive(Default, Debug)]
pub(crate) struct Seen {
    pub(crate) requests: usize,
    /// Each different from the one before it.
    pub(crate) answers: Vec<String>,
    pub(crate) failures: Vec<String>,
}

/// A visitor that asks again and again, each time when it has its answer.
pub(crate) struct Visitor {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<Seen>,
}

/// How a visitor goes about it.
#[derive(Clone, Copy)]
pub(crate) enum Habit {
    /// A connection for each request.
    Anew,
    /// One connection for as many as the box allows.
    Stay,
}

impl Visitor {
    /// Of the front page, many times a second.
    pub(crate) fn of(sandbox: &Sandbox) -> Visitor {
        Visitor::with(sandbox, "/", Habit::Anew)
    }

    pub(crate) fn with(sandbox: &Sandbox, path: &'static str, habit: Habit) -> Visitor {
        let is_over = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&is_over);
        let thread = sandbox.network.spawn(move || visit(path, habit, &until));
        Visitor { is_over, thread }
    }

    pub(crate) fn end(self) -> Seen {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }

    /// The visitor never went without, and saw these versions one after the other.
    #[track_caller]
    pub(crate) fn saw(self, versions: &[&str]) {
        let seen = self.end();
        assert!(seen.requests > 0 && seen.failures.is_empty(), "{seen:?}");
        assert_eq!(seen.answers, versions);
    }
}

fn visit(path: &str, habit: Habit, is_over: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    let mut open = None;
    loop {
        // The last request begins after the end was called, so that a visitor has seen what the caller has seen.
        let is_last_request = is_over.load(Ordering::Relaxed);
        seen.requests += 1;
        match ask(open.take(), path) {
            Ok((answer, connection)) => {
                if answer.status != 200 {
                    seen.failures.push(format!("{} {}", answer.status, answer.body));
                } else if seen.answers.last() != Some(&answer.body) {
                    seen.answers.push(answer.body);
                }
                open = Some(connection).filter(|_| matches!(habit, Habit::Stay) && !answer.is_last);
            }
            Err(error) => seen.failures.push(error.to_string()),
        }
        if is_last_request {
            return seen;
        }
        // The others on this machine want to work too.
        thread::sleep(Duration::from_millis(10));
    }
}

fn ask(open: Option<Connection>, path: &str) -> io::Result<(Answer, Connection)> {
    let mut connection = open.map_or_else(Connection::open, Ok)?;
    Ok((connection.get(path)?, connection))
}
