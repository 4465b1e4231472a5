//! What an installed function knows: the config, its secrets, and what only the installer could tell it.

use crate::checked;
use crate::config::{self, Config};
use crate::secrets::Secrets;
use crate::user_data;
use crate::webhook::Wanted;

#[cfg(test)]
mod tests;

/// Everything the handler needs besides the request.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub config: Config,
    pub secrets: Secrets,
    pub installed: Installed,
}

/// What only the installer knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed {
    /// `PUSHBOX_FUNCTION_URL`, written into the user data so that the agent can ask for a newer script.
    pub function_url: Option<String>,
    /// `PUSHBOX_SECURITY_GROUPS`
    pub security_groups: Vec<String>,
    /// `PUSHBOX_SUBNET`
    pub subnet: Option<String>,
    /// `PUSHBOX_INSTANCE_PROFILE`
    pub instance_profile: Option<String>,
}

impl Setup {
    /// From the variables of the function's environment and the bytes of its config (or why there are none). Otherwise
    /// everything that is wrong, a line each: without a secret, for one, nobody could tell a push from a forgery.
    pub fn from_parts(
        variable: impl Fn(&str) -> Option<String>,
        config: Result<&[u8], String>,
    ) -> Result<Setup, Vec<String>> {
        let mut problems = Vec::new();
        let config = config.map_err(|problem| vec![problem]).and_then(|text| {
            checked::load(text).map_err(|found| found.iter().map(ToString::to_string).collect())
        });
        let config = noted(config, &mut problems);
        let variable = |name: &str| {
            variable(name).map(|value| value.trim().to_string()).filter(|value| !value.is_empty())
        };
        let secrets = noted(secrets(variable), &mut problems);
        let installed = Installed {
            function_url: noted(function_url(variable), &mut problems),
            security_groups: noted(
                of_field(variable, "PUSHBOX_SECURITY_GROUPS", "box.security_groups"),
                &mut problems,
            ),
            subnet: noted(one_of_field(variable, "PUSHBOX_SUBNET", "box.subnet"), &mut problems),
            instance_profile: noted(
                one_of_field(variable, "PUSHBOX_INSTANCE_PROFILE", "box.instance_profile"),
                &mut problems,
            ),
        };
        if problems.is_empty() {
            problems.extend(too_long(&config, &installed));
        }
        if problems.is_empty() { Ok(Setup { config, secrets, installed }) } else { Err(problems) }
    }

    /// What a delivery is judged by.
    pub fn wanted(&self) -> Wanted<'_> {
        let Setup { config, secrets, .. } = self;
        Wanted {
            repository: &config.repo.url,
            refs: &config.repo.refs,
            paths: &config.repo.paths,
            skip_markers: config.webhook.skip_markers,
            allow_sha1: config.webhook.allow_sha1,
            secrets: secrets.webhook(),
        }
    }
}

/// Goes on with the default, so that all problems are found at once.
fn noted<T: Default>(found: Result<T, Vec<String>>, problems: &mut Vec<String>) -> T {
    found.unwrap_or_else(|more| {
        problems.extend(more);
        T::default()
    })
}

fn secrets(variable: impl Fn(&str) -> Option<String>) -> Result<Secrets, Vec<String>> {
    let webhook = variable("PUSHBOX_WEBHOOK_SECRETS").ok_or_else(|| {
        vec![
            "PUSHBOX_WEBHOOK_SECRETS: is missing; set it to the secret that the webhook has at the git host, one a line \
             where there are several"
                .to_string(),
        ]
    })?;
    Ok(Secrets::new(&webhook, variable("PUSHBOX_ADMIN_KEY").as_deref()))
}

/// As AWS gives it, or without the slash at its end.
fn function_url(variable: impl Fn(&str) -> Option<String>) -> Result<Option<String>, Vec<String>> {
    let Some(url) = variable("PUSHBOX_FUNCTION_URL") else { return Ok(None) };
    let host = url.strip_prefix("https://").map(|host| host.trim_end_matches('/'));
    match host {
        Some(host)
            if !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b)) =>
        {
            Ok(Some(format!("https://{host}")))
        }
        _ => Err(vec![format!(
            "PUSHBOX_FUNCTION_URL: expected the function's URL such as https://….lambda-url.us-east-1.on.aws/, found {url:?}"
        )]),
    }
}

/// The config has room for the URL that Lambda gives, not for any.
fn too_long(config: &Config, installed: &Installed) -> Option<String> {
    let url = installed.function_url.as_deref()?;
    let sizes = user_data::check(&user_data::script(config, Some(url))).err()?;
    Some(format!("PUSHBOX_FUNCTION_URL: makes a script of {sizes}; use a shorter URL"))
}

/// What the installer says in the place of a field of the config looks like what the config would say.
fn of_field(
    variable: impl Fn(&str) -> Option<String>,
    name: &str,
    field: &str,
) -> Result<Vec<String>, Vec<String>> {
    let text = variable(name).unwrap_or_default();
    let values = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|value| !value.is_empty());
    let check = |value: &str| config::field(field).map_or(Ok(()), |field| (field.check)(value));
    let wrong = |value| check(value).err().map(|message| format!("{name}: {message}"));
    let problems: Vec<String> = values.clone().filter_map(wrong).collect();
    if problems.is_empty() { Ok(values.map(String::from).collect()) } else { Err(problems) }
}

fn one_of_field(
    variable: impl Fn(&str) -> Option<String>,
    name: &str,
    field: &str,
) -> Result<Option<String>, Vec<String>> {
    let mut values = of_field(variable, name, field)?;
    match values.len() {
        0 | 1 => Ok(values.pop()),
        several => Err(vec![format!("{name}: expected one, found {several}; only one can be used")]),
    }
}
