use hcl::eval::{Context, Evaluate as _};
use proptest::prelude::*;
use saphyr::{LoadableYamlNode as _, Yaml};

use super::*;
use crate::checked::load;
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

proptest! {
    /// The one text of a config in these templates that may hold nearly anything.
    #[test]
    fn whatever_a_key_pair_is_called_its_policy_names_it(
        name in r#"([!-~]|[$%{}"\\!]){1,20}"#,
    ) {
        let config = config(&format!(r#", "box": {{"key_name": {}}}"#, Value::from(name.as_str())));
        let arn = format!("arn:aws:ec2:us-east-1:123456789012:key-pair/{name}");
        let cloudformation = allowed_by_cloudformation(&cloudformation::template(&config));
        prop_assert!(cloudformation.contains(&arn), "{arn} is not in {cloudformation:#?}");
        let terraform = allowed_by_terraform(&terraform::main(&config));
        prop_assert!(terraform.contains(&arn), "{arn} is not in {terraform:#?}");
    }
}

/// Every text of the function's policy, as CloudFormation would make it of the template.
fn allowed_by_cloudformation(template: &str) -> Vec<String> {
    let documents = Yaml::load_from_str(template).expect("it is YAML");
    let mut texts = Vec::new();
    collect(&documents[0]["Resources"], &mut texts);
    texts
}

fn collect(node: &Yaml<'_>, texts: &mut Vec<String>) {
    if let Some(items) = node.as_sequence() {
        items.iter().for_each(|item| collect(item, texts));
    } else if let Some(members) = node.as_mapping() {
        for (key, value) in members {
            match (key.as_str(), value.as_str()) {
                (Some("Fn::Sub"), Some(text)) => texts.push(substituted(text)),
                _ => collect(value, texts),
            }
        }
    } else if let Some(text) = node.as_str() {
        texts.push(text.into());
    }
}

/// `Fn::Sub`: `${!x}` is the text `${x}`, any other `${x}` is a value.
fn substituted(text: &str) -> String {
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        whole += &match name.strip_prefix('!') {
            Some(literal) if part.contains('}') => format!("${{{literal}}}"),
            Some(literal) => format!("${{{literal}"),
            None if name == "AWS::AccountId" => "123456789012".into(),
            None => format!("the value of {name}"),
        };
        whole += rest;
    }
    whole
}

/// The same of the Terraform configuration.
fn allowed_by_terraform(main: &str) -> Vec<String> {
    let body = hcl::parse(main).expect("it is HCL");
    let is_function_policy = |block: &&hcl::Block| {
        block.labels.iter().map(hcl::BlockLabel::as_str).eq(["aws_iam_role_policy", "function"])
    };
    let block = body.blocks().find(is_function_policy).expect("the function has a policy");
    let policy =
        block.body.attributes().find(|attribute| attribute.key() == "policy").expect("it says which");
    let mut context = Context::new();
    context.declare_var(
        "data",
        hcl::value!({ aws_caller_identity = { here = { account_id = "123456789012" } } }),
    );
    context.declare_var("aws_security_group", hcl::value!({ visitors = { id = "sg-0" } }));
    let document = policy.expr().evaluate(&context).expect("every name is known");
    let document: Value = serde_json::from_str(document.as_str().expect("a text")).expect("it is JSON");
    let mut texts = Vec::new();
    gather(&document, &mut texts);
    texts
}

fn gather(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(members) => members.values().for_each(|member| gather(member, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
