//! The app that a box runs. It needs nothing but the kernel, so that its image can be made from nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt as _;

fn main() {
    let version = std::fs::read_to_string("/version").unwrap_or_default();
    // `app check` is a step of the build.
    if std::env::args().nth(1).is_some() {
        if version == "broken" {
            eprintln!("error: this version is \"broken\"");
            std::process::exit(1);
        }
        return;
    }
    if version == "crashing" {
        println!("cannot find the database");
        std::process::exit(3);
    }
    let listener = TcpListener::bind("0.0.0.0:3000").expect("the port is free");
    for stream in listener.incoming().flatten() {
        let _ = answer(stream, &version);
    }
}

/// The version; at `/env` the environment, with a NUL after each variable.
fn answer(mut stream: std::net::TcpStream, version: &str) -> std::io::Result<()> {
    let mut request = [0; 4096];
    let count = stream.read(&mut request)?;
    let mut body = Vec::new();
    if request[..count].starts_with(b"GET /env ") {
        for (name, value) in std::env::vars_os() {
            body.extend([name.as_bytes(), b"=", value.as_bytes(), b"\0"].concat());
        }
    } else {
        body.extend(version.as_bytes());
    }
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}
