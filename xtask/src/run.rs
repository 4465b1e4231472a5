//! `run`: the page, the local function and a simulated EC2, rebuilt and reloaded on every change.

use crate::page::{self, Kind};
use crate::tree::Tree;
use crate::watch::{Changed, Watch};
use crate::{cargo, need};
use anyhow::{Context, Result, bail, ensure};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// The first port that is tried when none is given.
const PORT: u16 = 8080;
/// How long the server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The port to serve on, instead of the first free one from 8080
    #[arg(long)]
    port: Option<u16>,
    /// The config of the local function; it is read again when it changes
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The webhook secret of the local function, instead of its own
    #[arg(long, value_name = "SECRET")]
    secret: Option<String>,
}

pub(crate) fn run(tree: &Tree, options: &Options) -> Result<()> {
    // A port that cannot be had is said before the builds, not after.
    port(options)?;
    need::wasm_target()?;
    // Before the first build, so that what is written meanwhile is not missed.
    let watch = Watch::start(&tree.root)?;
    println!("building the page …");
    let page = page::write(tree, Kind::Dev)?;
    println!("building the local function and the simulated EC2 …");
    let program = build_server(tree)?;

    let port = port(options)?;
    let server = Server::new(command(&program, &page, port, options), port);
    let ended = server.clone();
    ctrlc::set_handler(move || {
        ended.stop();
        std::process::exit(130);
    })?;
    server.start()?;
    println!("pushbox is at http://127.0.0.1:{port}/ (a change rebuilds and reloads it; Ctrl-C ends it)");
    loop {
        let changed = watch.next()?;
        // What does not build is said, and what was built last goes on.
        if let Err(error) = rebuild(tree, changed, &server) {
            eprintln!("{error:#}; the last good build stays");
        }
    }
}

fn rebuild(tree: &Tree, changed: Changed, server: &Server) -> Result<()> {
    let start = Instant::now();
    // The server first: a page that reloads must find the server that belongs to it.
    if changed.server {
        build_server(tree)?;
        server.stop();
        server.start()?;
    }
    if changed.page {
        page::write(tree, Kind::Dev)?;
        server.tell_of_the_build()?;
    }
    println!("rebuilt in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn build_server(tree: &Tree) -> Result<PathBuf> {
    let programs = cargo::build(tree.cargo().args(["build", "--package=pushbox"]))?;
    let program = programs.into_iter().find(|program| program.name == "pushbox");
    Ok(program.context("cargo built no program `pushbox`")?.file)
}

fn command(program: &Path, page: &Path, port: u16, options: &Options) -> Command {
    let mut command = Command::new(program);
    command.arg("local").arg("--page").arg(page).args(["--port", &port.to_string()]);
    if let Some(config) = &options.config {
        command.arg("--config").arg(config);
    }
    if let Some(secret) = &options.secret {
        command.args(["--secret", secret]);
    }
    command
}

/// The port to serve on, which nobody else uses now.
fn port(options: &Options) -> Result<u16> {
    let listen = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = options.port {
        listen(port).with_context(|| format!("port {port} cannot be used: name another with --port"))?;
        return Ok(port);
    }
    let free = (PORT..PORT + 100).find(|port| listen(*port).is_ok());
    free.with_context(|| format!("no port from {PORT} to {} is free: name one with --port", PORT + 99))
}

/// `pushbox local`, as a child that ends with this program.
#[derive(Clone)]
struct Server {
    command: Arc<Mutex<Command>>,
    child: Arc<Mutex<Option<Child>>>,
    port: u16,
}

impl Server {
    fn new(command: Command, port: u16) -> Server {
        Server { command: Arc::new(Mutex::new(command)), child: Arc::default(), port }
    }

    /// Starts it and waits until it can be reached.
    fn start(&self) -> Result<()> {
        let mut command = self.command.lock().expect("no thread panics with it");
        let child = command.spawn().with_context(|| format!("cannot start {}", cargo::shown(&command)))?;
        *self.child() = Some(child);
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.child().as_mut().map(Child::try_wait).transpose()?.flatten() {
                bail!("{} ended ({status})", cargo::shown(&command));
            }
            if start.elapsed() > PATIENCE {
                self.stop();
                bail!(
                    "{} does not listen on port {} after {} s",
                    cargo::shown(&command),
                    self.port,
                    PATIENCE.as_secs()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Pages that are open load themselves anew.
    fn tell_of_the_build(&self) -> Result<()> {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        let request = "POST /local/rebuilt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        connection.write_all(request.as_bytes())?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        ensure!(answer.starts_with("HTTP/1.1 200"), "the local run did not take the new page: {answer}");
        Ok(())
    }

    fn stop(&self) {
        if let Some(mut child) = self.child().take() {
            // Either fails only when it has ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().expect("no thread panics with it")
    }
}
