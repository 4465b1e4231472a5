//! The function against moto, which somebody else wrote: the SDK and pushbox agree with it on the wire.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::function::{Function, bootstrap, hook, skip};
use tests::pushbox::{CONFIG, Place, SECRET, push_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn first_push_second_push_and_pushes_that_do_nothing() {
    let (Some(program), Some(moto)) = (bootstrap(), Moto::start()) else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &moto.address).await;
    let sign = |body: &str| place.sign(SECRET, body, &[]);

    // None of these may reach EC2: there is nothing afterwards.
    let body = push_of("refs/heads/main", 'a');
    let forged = function.request(hook(&place.sign("another secret", &body, &[]), &body)).await;
    assert_eq!(forged.status, 401);
    let other = push_of("refs/heads/other", 'a');
    assert_eq!(function.request(hook(&sign(&other), &other)).await.status, 200);
    let ping = r#"{"zen": "Keep it simple.", "hook_id": 1}"#;
    assert_eq!(function.request(hook(&sign(ping), ping)).await.status, 200);
    assert!(moto.instances().is_empty());

    // moto reads its data at the first call, which takes longer than a push may.
    let answer = function.request(hook(&sign(&body), &body)).await;
    assert_eq!(answer.status, 202, "{}\n{}", answer.body, function.log());
    let [first] = &moto.instances()[..] else { panic!("one instance") };
    assert_eq!(
        first["user_data"],
        place.output(&["render", "user-data"]),
        "the script that the person was shown"
    );
    assert_eq!(first["tags"]["pushbox:commit"], "a".repeat(40));
    assert_eq!(first["type"], "t4g.small");
    assert_eq!(
        first["image"],
        "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"
    );
    assert_eq!(first["metadata"]["HttpTokens"], "required");
    assert_eq!(first["metadata"]["InstanceMetadataTags"], "enabled");
    let [disk] = &first["disks"].as_array().expect("a list")[..] else {
        panic!("one disk: {}", first["disks"])
    };
    assert_eq!(
        (&disk["device"], &disk["size"], &disk["encrypted"]),
        (&"/dev/sda1".into(), &12.into(), &true.into())
    );
    assert_eq!(disk["tags"]["pushbox:app"], "my_app");

    let body = push_of("refs/heads/main", 'b');
    assert_eq!(function.request(hook(&sign(&body), &body)).await.status, 202);
    let [second] = &moto.instances()[..] else { panic!("still one instance") };
    assert_eq!(second["id"], first["id"]);
    assert_eq!(second["tags"]["pushbox:commit"], "b".repeat(40));
    assert_ne!(second["tags"]["pushbox:poke"], first["tags"]["pushbox:poke"], "the bell rings");

    moto.tell("stop");
    assert_eq!(moto.instances()[0]["state"], "stopped");
    let answer = function.request(hook(&sign(&body), &body)).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(moto.instances()[0]["state"], "running");
}

/// A running moto, which ends with this value.
struct Moto {
    address: String,
    python: String,
    server: Child,
}

impl Moto {
    fn start() -> Option<Moto> {
        let python = python_with_moto()?;
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let mut command = Command::new(&python);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
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

    /// All that moto has, in the words of `moto.py`.
    #[track_caller]
    fn instances(&self) -> Vec<Value> {
        serde_json::from_str(&self.tell("instances")).expect("a list of instances")
    }

    #[track_caller]
    fn tell(&self, what: &str) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/function/moto.py");
        let output = Command::new(&self.python)
            .arg(script)
            .args([&self.address, what])
            .output()
            .expect("the interpreter just ran");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("JSON is UTF-8")
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
    let Ok(python) = std::env::var("PUSHBOX_PYTHON") else {
        skip("PUSHBOX_PYTHON is not set; `cargo xtask test function` installs one with moto");
        return None;
    };
    let import = Command::new(&python).args(["-c", "import moto.server, boto3"]).output();
    match import {
        Ok(output) if output.status.success() => Some(python),
        _ => {
            skip(&format!("PUSHBOX_PYTHON={python} has no moto; `cargo xtask test function` installs it"));
            None
        }
    }
}
