use proptest::prelude::*;
use pushbox_shared::checked::load;
use pushbox_shared::config::{Config, FIELDS};
use pushbox_shared::export::{Output, box_policy, cloudformation, install, policy, terraform};
use pushbox_shared::user_data;

use super::super::alter::others;
use super::super::{Origin, label, lines_of, of_exported, places, reason};
use super::*;
use crate::model::draft::Row;
use crate::model::exports;

/// With that much more in it than it must have.
fn json(more: &str) -> String {
    format!(r#"{{"app": "foo", "repo": {{"url": "https://github.com/usil/foo"}}{more}}}"#)
}

/// Something of every part of every file.
const MUCH: &str = r#", "run": {"port": 8080, "env": [{"name": "A", "value": "1"}, {"name": "KEY", "secret": true}],
    "extra_ports": ["5000:80"], "domain": "a.example.org"}, "build": {"args": {"X": "1"}},
    "box": {"region": "eu-west-1", "address": "elastic", "spot": "only", "subnet": "subnet-01234567", "key_name": "me"},
    "function": {"memory_mb": 256, "reserved_concurrency": 3, "budget_usd": 5.5}"#;

/// The lines of a file, and what is said of each.
fn explained(output: &Output, config: &str) -> (Vec<String>, Vec<Origin>) {
    let text = exports::render(output.id, config).unwrap();
    let origins = of_exported(&explain(output.id, config).unwrap());
    (text.lines().map(String::from).collect(), origins)
}

/// The lines that the element with that id brings out in a file of [`MUCH`].
fn brought_out(output: &Output, id: &str) -> Vec<String> {
    let rows = [Row::new(0, "", ""), Row::new(1, "A", "1"), Row::new(2, "KEY", "")];
    let (lines, origins) = explained(output, &json(MUCH));
    lines_of(id, &origins, &rows).into_iter().map(|at| lines[at].trim().into()).collect()
}

#[track_caller]
fn check(output: &Output, id: &str, expected: &[&str]) {
    assert_eq!(brought_out(output, id), expected, "{} in {}", id, output.id);
}

#[test]
fn a_field_brings_out_its_lines() {
    let (installer, template, terraform) = (&install::OUTPUT, &cloudformation::OUTPUT, &terraform::OUTPUT);
    check(installer, "function.memory_mb", &["MEMORY=256", r#""memory_mb": 256,"#]);
    check(template, "function.memory_mb", &["MemorySize: 256"]);
    check(terraform, "function.memory_mb", &["memory_size      = 256"]);
    check(installer, "run.port", &[r#""port": 8080,"#]);
    check(installer, "build.args", &[r#""build": {"#, r#""args": {"#, r#""X": "1""#, "}", "},"]);
    check(
        template,
        "box.key_name",
        &["{", r#""Fn::Sub": "arn:aws:ec2:eu-west-1:${AWS::AccountId}:key-pair/me""#, "},"],
    );
    check(terraform, "function.reserved_concurrency", &["reserved_concurrent_executions = 3", ""]);
    check(
        &box_policy::OUTPUT,
        "app",
        &[r#""Resource": "arn:aws:ssm:eu-west-1:ACCOUNT:parameter/pushbox/foo/*""#],
    );
}

#[test]
fn every_line_that_names_the_region_is_the_regions() {
    for output in
        [install::OUTPUT, policy::OUTPUT, box_policy::OUTPUT, cloudformation::OUTPUT, terraform::OUTPUT]
    {
        let found = brought_out(&output, "box.region");
        assert!(!found.is_empty(), "{}", output.id);
        let (lines, _) = explained(&output, &json(MUCH));
        let named: Vec<&str> =
            lines.iter().map(|line| line.trim()).filter(|line| line.contains("eu-west-1")).collect();
        assert_eq!(found, named, "{}", output.id);
    }
}

#[test]
fn a_row_brings_out_its_own_lines() {
    check(&install::OUTPUT, "run.env[2].name", &["SECRETS=(env/KEY)", r#""name": "KEY","#]);
    check(&install::OUTPUT, "run.env[1].value", &[r#""name": "A","#, r#""value": "1""#]);
    check(&terraform::OUTPUT, "run.env[2].name", &["#    /pushbox/foo/env/KEY"]);
}

#[test]
fn a_field_that_no_line_follows_from_says_so() {
    let without = [policy::OUTPUT, box_policy::OUTPUT, cloudformation::OUTPUT, terraform::OUTPUT];
    for (output, id) in without.iter().flat_map(|output| [(output, "run.port"), (output, "function-url")]) {
        check(output, id, &[]);
    }
    assert_eq!(label("function-url"), Some("Function URL"));
    assert_eq!(label("run.env-add"), None);
    assert_eq!(places(&[]), "no line");
}

#[test]
fn a_line_says_its_field_and_its_reason() {
    let said = |output: &Output, start: &str| {
        let (lines, origins) = explained(output, &json(MUCH));
        let at = lines.iter().position(|line| line.trim().starts_with(start)).unwrap();
        let found = reason(&origins[at], &[]);
        format!("{}: {}", found.field.map_or("-", |(label, _)| label), found.why)
    };
    for (output, start, expected) in [
        (
            &install::OUTPUT,
            "MEMORY=",
            "Memory (MB): Of the Lambda function. More memory is more processor, too.",
        ),
        (
            &install::OUTPUT,
            "make_box_role() {",
            "-: Only a box with secrets has a role: it reads them with it.",
        ),
        (&policy::OUTPUT, r#""Sid": "Log""#, "-: Writes the function's log."),
        (
            &policy::OUTPUT,
            r#""Sid": "GiveAddress""#,
            "Public address: Gives the app's Elastic IP to the app's box, and to no other.",
        ),
        (
            &cloudformation::OUTPUT,
            "BoxRole:",
            "Instance profile: A box with secrets reads them with this role.",
        ),
        (
            &terraform::OUTPUT,
            r#""Sid": "ReadSecrets""#,
            "Instance profile: The box reads this app's secrets at each deploy, and those of no other app.",
        ),
        (
            &terraform::OUTPUT,
            "subscriber_email",
            "Budget alarm (USD a month): Mail before a bill is a surprise.",
        ),
    ] {
        assert_eq!(said(output, start), expected);
    }
}

#[test]
fn of_a_config_with_a_problem_there_is_nothing_to_say() {
    assert_eq!(explain("policy", "{}"), None);
    assert_eq!(explain("nonsense", &json("")), None);
}

/// What the script's parts say of themselves by hand, an experiment finds out, too.
#[test]
fn the_settings_of_the_script_follow_from_the_fields_that_they_name() {
    let config = load(json(MUCH).as_bytes()).unwrap();
    let causes = causes(&config, |config| user_data::script(&config, None));
    for (line, causes) in user_data::lines(&config, None).iter().zip(causes) {
        let name = line.text.split_once('=').map_or("-", |(name, _)| name);
        let is_setting = name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        if is_setting && !line.field.is_empty() && !line.text.ends_with("=(") {
            assert!(causes.iter().any(|cause| cause.path.starts_with(line.field)), "{line:?}: {causes:?}");
        }
    }
}

/// Configs of all kinds without a problem.
fn configs() -> impl Strategy<Value = String> {
    let env = prop::option::of(prop::sample::select(vec![
        r##""env": [{"name": "A", "value": "# x\n\n\"Sid\": \"Log\","}]"##,
        r#""env": [{"name": "KEY", "secret": true}, {"name": "B", "secret": true}]"#,
    ]));
    let ports = prop::option::of(Just(r#""extra_ports": ["5000:80", "53:53/udp"]"#));
    let network = prop::option::of(prop::sample::select(vec![
        r#""subnet": "subnet-01234567""#,
        r#""security_groups": ["sg-01234567", "sg-89abcdef"]"#,
        r#""instance_profile": "mine""#,
    ]));
    let address = prop::option::of(Just(r#""address": "elastic""#));
    let spot = prop::option::of(Just(r#""spot": "fallback""#));
    let budget = prop::option::of(Just(r#""budget_usd": 5"#));
    let part = |name: &str, members: Vec<Option<&str>>| {
        let members: Vec<&str> = members.into_iter().flatten().collect();
        format!(r#", "{name}": {{{}}}"#, members.join(", "))
    };
    (env, ports, network, address, spot, budget).prop_map(
        move |(env, ports, network, address, spot, budget)| {
            json(
                &[
                    part("run", vec![env, ports]),
                    part("box", vec![network, address, spot]),
                    part("function", vec![budget]),
                ]
                .concat(),
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn every_line_has_a_reason(config in configs()) {
        for output in OUTPUTS.iter().filter(|output| output.id != "user-data") {
            let (lines, origins) = explained(output, &config);
            prop_assert_eq!(lines.len(), origins.len());
            for (line, origin) in lines.iter().zip(&origins) {
                let why = reason(origin, &[]).why;
                prop_assert!(!why.is_empty() && why != "It is the same for every app.", "{}: {line}", output.id);
            }
        }
    }

    /// So whoever looks for what a field does misses nothing.
    #[test]
    fn lines_that_follow_from_no_field_stay_whatever_it_says(config in configs()) {
        let of = |config: &Config, output: &Output| {
            (output.render)(&Order { setup: &Setup { config: config.clone(), ..Setup::default() }, account: None })
        };
        let loaded = load(config.as_bytes()).unwrap();
        for output in OUTPUTS.iter().filter(|output| output.id != "user-data") {
            let (lines, origins) = explained(output, &config);
            for field in FIELDS {
                let its_own = lines_of(field.path, &origins, &[]);
                for other in others(field, &loaded) {
                    let text = of(&other, output);
                    let mut there = text.lines().map(|line| line.trim_end_matches(','));
                    for (at, line) in lines.iter().enumerate().filter(|(at, _)| !its_own.contains(at)) {
                        prop_assert!(
                            there.any(|there| there == line.trim_end_matches(',')),
                            "{}: line {} is gone with another {}: {line}", output.id, at + 1, field.path
                        );
                    }
                }
            }
        }
    }
}
