//! The app that a box runs. It needs nothing but the kernel, so that its image can be made from nothing.
//!
//! As a step of a build it is called with one word. What else it does depends on its version.

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt as _;
use std::process::exit;
use std::thread;
use std::time::Duration;

/// The volume of an app that has one, and what each start of the app adds a line to.
const STARTS: &str = "/data/starts";

fn main() {
    let version = fs::read_to_string("/version").unwrap_or_default();
    match env::args().nth(1).as_deref() {
        Some("check") if version == "broken" => {
            eprintln!("error: this version is \"broken\"");
            exit(1);
        }
        // Not to fail is not enough: what a build has read stays in its image.
        Some("metadata") => fs::write("/metadata", metadata()).expect("the image's disk"),
        // What the build was told becomes a part of the image.
        Some("args") => fs::write("/args", environment()).expect("the image's disk"),
        Some(_) => {}
        None => serve(version),
    }
}

fn serve(version: String) {
    if version == "wordy" {
        for line in 1..=30 {
            println!("line {line}");
        }
        exit(4);
    }
    if version == "crashing" {
        println!("cannot find the database");
        exit(3);
    }
    if version == "deaf" {
        println!("waiting for the database");
        loop {
            thread::park();
        }
    }
    if fs::exists("/data").unwrap_or_default() {
        let starts = fs::read_to_string(STARTS).unwrap_or_default();
        fs::write(STARTS, format!("{starts}{version}\n")).expect("the volume can be written");
    }
    let version: &'static str = version.leak();
    let listener = TcpListener::bind("0.0.0.0:3000").expect("the port is free");
    for stream in listener.incoming().flatten() {
        thread::spawn(move || answer_all(stream, version));
    }
}

/// Until the visitor, or the proxy for it, has had enough.
fn answer_all(stream: TcpStream, version: &str) -> io::Result<()> {
    let mut requests = BufReader::new(stream.try_clone()?).lines();
    while let Some(line) = requests.next() {
        let line = line?;
        let path = line.split(' ').nth(1).unwrap_or_default();
        while requests.next().transpose()?.is_some_and(|header| !header.is_empty()) {}
        answer(&stream, path, version)?;
    }
    Ok(())
}

fn answer(stream: &TcpStream, path: &str, version: &str) -> io::Result<()> {
    match path {
        "/env" => say(stream, &environment()),
        "/args" | "/metadata-of-build" => {
            say(stream, &fs::read(path.trim_end_matches("-of-build")).unwrap_or_default())
        }
        "/metadata" => say(stream, metadata().as_bytes()),
        "/starts" => say(stream, &fs::read(STARTS).unwrap_or_default()),
        "/slow" => {
            thread::sleep(Duration::from_millis(1500));
            say(stream, version.as_bytes())
        }
        "/stream" => tell(stream, version),
        _ => say(stream, version.as_bytes()),
    }
}

fn say(mut stream: &TcpStream, body: &[u8]) -> io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body].concat())
}

/// The version, twenty times in two seconds.
fn tell(mut stream: &TcpStream, version: &str) -> io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    for _ in 0..20 {
        write!(stream, "{:x}\r\n{version}\n\r\n", version.len() + 1)?;
        thread::sleep(Duration::from_millis(100));
    }
    stream.write_all(b"0\r\n\r\n")
}

/// With a NUL after each variable.
fn environment() -> Vec<u8> {
    let variables = env::vars_os();
    variables.flat_map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes(), b"\0"].concat()).collect()
}

/// What a thief would do first: ask the instance's metadata for a token.
fn metadata() -> String {
    ask_for_token().unwrap_or_else(|error| format!("no metadata: {}", error.kind()))
}

fn ask_for_token() -> io::Result<String> {
    let address = SocketAddr::from(([169, 254, 169, 254], 80));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(3))?;
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    stream.write_all(
        b"PUT /latest/api/token HTTP/1.1\r\nHost: metadata\r\nContent-Length: 0\r\n\
          X-aws-ec2-metadata-token-ttl-seconds: 60\r\nConnection: close\r\n\r\n",
    )?;
    let mut lines = BufReader::new(stream).lines();
    lines.next().unwrap_or_else(|| Ok(String::new()))
}
