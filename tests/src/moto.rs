//! moto, an EC2 that somebody else wrote, on a port of this machine.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running moto, which ends with this value.
pub struct Moto {
    pub address: String,
    /// The interpreter that has moto and boto3.
    pub python: String,
    server: Child,
}

impl Moto {
    /// Nothing where there is no moto; in CI there must be one.
    pub fn start() -> Option<Moto> {
        let python = python_with_moto()?;
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let mut command = Command::new(&python);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
        // Without these it launches any image and any type.
        command.env("MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let server = command.spawn().expect("the interpreter just ran");
        let moto = Moto { address: format!("http://127.0.0.1:{port}"), python, server };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(60), "moto did not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(moto)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The interpreter named by `PUSHBOX_PYTHON`, if it has moto.
fn python_with_moto() -> Option<String> {
    let reason = match std::env::var("PUSHBOX_PYTHON") {
        Err(_) => "PUSHBOX_PYTHON is not set".to_string(),
        Ok(python) => match Command::new(&python).args(["-c", "import moto.server, boto3"]).output() {
            Ok(output) if output.status.success() => return Some(python),
            _ => format!("PUSHBOX_PYTHON={python} has no moto"),
        },
    };
    let advice = "`cargo xtask test cross` installs one with moto";
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{reason}; in CI this test must run: {advice}");
    // Not `println`: the test harness would keep it to itself.
    let _ = writeln!(std::io::stderr(), "skipped: {reason} ({advice})");
    None
}
