//! An address that stays: the box gets the app's Elastic IP once it runs, through AWS's own SDK.

use ec2_sim::{Action, AllocateAddress};
use pushbox_shared::checked;
use pushbox_shared::ec2::{Tag, TagSpecification};
use pushbox_shared::setup::Setup;
use serde_json::json;
use tests::function::{Function, bootstrap, event, hook};
use tests::pushbox::{Place, SECRET, push_of};

use crate::simulated::{Simulated, govern, lock};

const ELASTIC: &str =
    r#"{"app": "my_app", "repo": {"url": "https://github.com/usil/foo.git"}, "box": {"address": "elastic"}}"#;

/// As an installer does.
fn allocate(ec2: &Simulated) {
    let tags = vec![Tag::new("pushbox:app", "my_app")];
    let of_address = TagSpecification { resource_type: "elastic-ip".into(), tags };
    let action = Action::AllocateAddress(AllocateAddress { tag_specifications: vec![of_address] });
    lock(&ec2.world).act_as_owner(ec2.now(), &action).expect("an address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_box_gets_the_apps_address_once_it_runs() {
    let Some(program) = bootstrap() else { return };
    let (place, ec2) = (Place::new(), Simulated::start().await);
    place.write("pushbox.json", ELASTIC);
    let config = checked::load(ELASTIC.as_bytes()).expect("a config");
    govern(&mut lock(&ec2.world), &Setup { config, ..Setup::default() });
    let variables = [("PUSHBOX_ADMIN_KEY", "key of the owner")];
    let function = Function::start_with(&program, &place, &ec2.address, &variables, 1).await;
    let push = || async {
        let body = push_of("refs/heads/main", 'a');
        function.request(hook(&place.sign(SECRET, &body, &[]), &body)).await
    };

    let answer = push().await;
    assert_eq!(answer.status, 202);
    assert!(answer.body.contains("no Elastic IP carries the tag pushbox:app=my_app"), "{}", answer.body);

    allocate(&ec2);
    let answer = push().await;
    assert!(answer.body.contains("its Elastic IP follows once it runs"), "{}", answer.body);
    let [invocation] = &function.lambda.invocations()[..] else { panic!("one reconcile") };
    ec2.pass(60);
    let done = function.lambda.invoke(invocation.payload.clone()).await;
    assert!(done.is_ok(), "{done:?}\n{}", function.log());
    assert_eq!(ec2.the_box().instance.public_ip.as_deref(), Some("198.51.100.1"));

    assert_eq!(push().await.status, 202);
    let given = ec2.all_calls().iter().filter(|name| *name == "AssociateAddress").count();
    assert_eq!(given, 1, "it has it");
    let key = [("authorization".to_string(), "Bearer key of the owner".to_string())];
    let status = function.request(event("GET", "/status", &key, "")).await;
    assert_eq!(status.json("box")["address"], "198.51.100.1");
    assert_eq!(status.json("notes"), json!([]));
}
