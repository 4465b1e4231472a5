//! The function against moto, which somebody else wrote: the SDK and pushbox agree with it on the wire.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::function::{Function, bootstrap, hook};
use tests::pushbox::{CONFIG, Place, SECRET, push_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn first_push_second_push_and_pushes_that_do_nothing() {
    let (Some(program), Some(moto)) = (bootstrap(), tests::moto::Moto::start().map(Moto)) else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let function = Function::start(&program, &place, &moto.0.address).await;
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

/// moto, asked in the words of `moto.py`.
struct Moto(tests::moto::Moto);

impl Moto {
    /// All that it has.
    #[track_caller]
    fn instances(&self) -> Vec<Value> {
        serde_json::from_str(&self.tell("instances")).expect("a list of instances")
    }

    #[track_caller]
    fn tell(&self, what: &str) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/function/moto.py");
        let output = Command::new(&self.0.python)
            .arg(script)
            .args([&self.0.address, what])
            .output()
            .expect("the interpreter just ran");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("JSON is UTF-8")
    }
}
