use super::*;
use crate::config::load;
use crate::export::template::used;
use crate::export::{cloudformation, terraform};

fn config(more: &str) -> Config {
    let text = format!(r#"{{"app": "my_app", "repo": {{"url": "https://github.com/usil/foo.git"}}{more}}}"#);
    load(text.as_bytes()).unwrap()
}

/// With everything that a template knows.
fn full() -> Config {
    config(
        r#", "run": {"env": [{"name": "KEY", "secret": true}]},
            "box": {"address": "elastic", "spot": "only", "subnet": "subnet-01234567"},
            "function": {"reserved_concurrency": 3, "budget_usd": 5.5}"#,
    )
}

#[test]
fn templates_use_what_there_is() {
    let features: Vec<&str> = features(&full()).iter().map(|(name, _)| *name).collect();
    for (template, values) in [
        (cloudformation::TEMPLATE, cloudformation::values(&full())),
        (terraform::TEMPLATE, terraform::values(&full())),
    ] {
        let (names, asked) = used(template);
        for name in names {
            assert!(values.iter().any(|(known, value)| *known == name && !value.is_empty()), "{name}");
        }
        for feature in asked {
            assert!(features.contains(&feature), "{feature}");
        }
        let opened = template.lines().filter(|line| line.starts_with("#if ")).count();
        assert_eq!(opened, template.lines().filter(|line| *line == "#end").count());
    }
}

#[test]
fn nothing_of_the_template_stays() {
    for config in [config(""), full()] {
        for text in [cloudformation::template(&config), terraform::main(&config)] {
            for left in ["{{", "}}}}", "#if", "#end", "«"] {
                assert!(!text.contains(left), "{left} in {text}");
            }
        }
    }
}

#[test]
fn what_is_not_configured_is_not_made() {
    let (plain, full) = (config(""), full());
    for word in ["Budget", "EIP", "InstanceProfile", "ReservedConcurrent", "VpcId", "/pushbox/my_app/env/KEY"]
    {
        assert!(!cloudformation::template(&plain).contains(word), "{word}");
        assert!(cloudformation::template(&full).contains(word), "{word}");
    }
    let own =
        config(r#", "box": {"security_groups": ["sg-0123456789abcdef0"], "subnet": "subnet-01234567"}"#);
    assert!(!cloudformation::template(&own).contains("AWS::EC2::SecurityGroup"));
    assert!(!terraform::main(&own).contains("aws_security_group"));
}

/// A key pair's name may hold what means something to a template.
#[test]
fn a_name_stays_a_name() {
    let hostile = config(r#", "box": {"key_name": "${AWS::Region} %{if} {{app}} \"\\"}"#);
    let arn = r#"key-pair/${!AWS::Region} %{if} {{app}} \"\\""#;
    assert!(cloudformation::template(&hostile).contains(arn), "{}", cloudformation::template(&hostile));
    let arn = r#"key-pair/$${AWS::Region} %%{if} {{app}} \"\\""#;
    assert!(terraform::main(&hostile).contains(arn), "{}", terraform::main(&hostile));
}
