//! The IAM policy of the box: it reads this app's secrets from Parameter Store, and nothing else.
//!
//! What is encrypted with the account's own key for Parameter Store, `aws/ssm`, may be decrypted by whoever may read it.

use serde_json::{Value, json};

use super::output::{Language, Output};
use super::policy;
use super::statement::{self, Arn, Statement, allow};
use crate::config::Config;

pub const OUTPUT: Output = Output {
    id: "box-policy",
    label: "Box policy",
    file: "box-policy.json",
    language: Language::Json,
    about: "The IAM policy of the box, which it needs where the config has secrets.",
    render: |order| statement::text(&document(&order.setup.config, policy::account_of(order))),
};

pub(super) fn document(config: &Config, account: &str) -> Value {
    statement::of(&[allowed(config, account)])
}

pub(super) fn allowed(config: &Config, account: &str) -> Statement {
    let secrets = Arn::of(config, account).own("ssm", &format!("parameter/pushbox/{}/*", config.app));
    let why = "The box reads this app's secrets at each deploy, and those of no other app.";
    allow("ReadSecrets", why, "ssm:GetParameters", json!(secrets), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BoxSpec;

    #[test]
    fn it_reads_secrets_of_its_own_app_alone() {
        let config = Config {
            app: "my_app".into(),
            box_: BoxSpec { region: "eu-west-1".into(), ..Config::default().box_ },
            ..Config::default()
        };
        let found = document(&config, "123456789012");
        let [only] = found["Statement"].as_array().unwrap().as_slice() else { panic!("{found}") };
        assert_eq!(only["Action"], "ssm:GetParameters");
        assert_eq!(only["Resource"], "arn:aws:ssm:eu-west-1:123456789012:parameter/pushbox/my_app/*");
    }
}
