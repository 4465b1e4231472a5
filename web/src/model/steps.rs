//! What is still to do until the first push is deployed.

use pushbox_shared::config::Config;
use pushbox_shared::export::webhook_form::{self, Value, WebhookForm};

use super::function_url;
use super::repository;

pub struct Steps {
    /// How many problems keep the files from being made.
    pub problems: usize,
    pub cloud_shell: String,
    /// The form of the git host.
    pub form: WebhookForm,
    /// Where that form is, if that is known.
    pub form_page: Option<String>,
    /// Names of its fields, what belongs there, and whether that is known here, so that it can be copied.
    pub fields: Vec<(&'static str, String, bool)>,
    /// Where the function says how the app is.
    pub status: Option<String>,
}

const URL: &str = "the URL that the installer prints";
const SECRET: &str = "the secret that the installer prints";

impl Steps {
    pub fn new(config: &Config, problems: usize, function_url: &str) -> Steps {
        let status = function_url::read(function_url).ok().flatten();
        let hook = status.as_ref().map_or(URL.to_string(), |url| format!("{url}/hook"));
        let form = webhook_form::of(&config.repo.url);
        let is_known = |value| match value {
            Value::Url => status.is_some(),
            Value::Secret | Value::SecretHeader => false,
            Value::Text(_) => true,
        };
        let field = |(name, value): &(_, Value)| (*name, value.text(&hook, SECRET), is_known(*value));
        Steps {
            problems,
            cloud_shell: format!(
                "https://console.aws.amazon.com/cloudshell/home?region={}",
                config.box_.region
            ),
            fields: form.fields().iter().map(field).collect(),
            form,
            form_page: repository::webhook_page(&config.repo.url),
            status: status.map(|url| format!("{url}/")),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::draft::Draft;
    use crate::model::sheet::Sheet;

    #[track_caller]
    fn check(repo: &str, function_url: &str, expected: &Expect) {
        let mut draft = Draft::default();
        draft.set_text("app", "foo");
        draft.set_text("repo.url", repo);
        let steps = Steps::new(&Sheet::new(&draft, None).config, 0, function_url);
        let field = |(name, value, known): &(&str, String, bool)| {
            format!("{name}: {value}{}\n", if *known { "" } else { " (later)" })
        };
        let fields: String = steps.fields.iter().map(field).collect();
        let Steps { form, status, .. } = &steps;
        expected.assert_eq(&format!("{} | {}\n{fields}{status:?}\n", form.host, form.place));
    }

    #[test]
    fn before_the_installer_has_run() {
        check(
            "https://github.com/usil/foo",
            "",
            &expect![[r#"
                GitHub | Settings, Webhooks, Add webhook
                Payload URL: the URL that the installer prints (later)
                Content type: application/json
                Secret: the secret that the installer prints (later)
                Which events would you like to trigger this webhook?: Just the push event.
                None
            "#]],
        );
    }

    #[test]
    fn what_is_known_follows_from_the_field() {
        check(
            "https://dev.azure.com/usil/p/_git/foo",
            "https://abc.lambda-url.us-east-1.on.aws/",
            &expect![[r#"
                Azure DevOps | Project settings, Service hooks, Create subscription: Web Hooks, Code pushed
                URL: https://abc.lambda-url.us-east-1.on.aws/hook
                HTTP headers: X-Pushbox-Token:the secret that the installer prints (later)
                Resource details to send: All
                Some("https://abc.lambda-url.us-east-1.on.aws/")
            "#]],
        );
    }

    #[test]
    fn once_it_has() {
        check(
            "https://gitlab.com/usil/foo",
            "https://abc.lambda-url.us-east-1.on.aws/",
            &expect![[r#"
                GitLab | Settings, Webhooks, Add new webhook
                URL: https://abc.lambda-url.us-east-1.on.aws/hook
                Secret token: the secret that the installer prints (later)
                Trigger: Push events, Tag push events
                Some("https://abc.lambda-url.us-east-1.on.aws/")
            "#]],
        );
    }
}
