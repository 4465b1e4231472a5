//! The policy in `docs/aws.md` is the one that pushbox renders: nobody installs another than the tests evaluate.

use pushbox_shared::config::Config;
use pushbox_shared::export::policy::policy;
use pushbox_shared::setup::{Installed, Setup};

const DOC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/aws.md");
const START: &str = "    cat > policy.json <<END\n";
const END: &str = "    END\n";

/// `UPDATE_EXPECT=1` renews the document, as it does the snapshots.
#[test]
fn the_documented_policy_is_the_rendered_one() {
    let text = std::fs::read_to_string(DOC).expect("committed");
    let (before, rest) = text.split_once(START).expect("the document writes policy.json");
    let (documented, after) = rest.split_once(END).expect("a here-document ends");
    let rendered: String = of_variables().lines().map(|line| format!("    {line}\n")).collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let renewed = format!("{before}{START}{rendered}{END}{after}");
        std::fs::write(DOC, renewed).expect("the tree can be written");
    } else {
        assert_eq!(documented, rendered, "UPDATE_EXPECT=1 renews docs/aws.md");
    }
}

/// With the document's shell variables in the place of values.
fn of_variables() -> String {
    let mut config = Config { app: "$APP".into(), ..Config::default() };
    config.box_.region = "$REGION".into();
    config.box_.types = vec!["$TYPE".into()];
    let installed = Installed { security_groups: vec!["$GROUP".into()], ..Installed::default() };
    policy(&Setup { config, installed, ..Setup::default() }, "$ACCOUNT")
}
