//! The installer: a bash script for CloudShell that makes everything on AWS, brings it up to date, and removes it.
//!
//! Only the settings at its top differ from app to app, and every text in them goes through [`quote`]. The rest are the
//! `.sh` files in the folder of this module's name.

use super::iac::{self, ports, retention_days};
use super::names::{box_role, function_name, needs_box_role};
use super::output::{Language, Output};
use super::statement;
use super::webhook_form::{self, Value, WebhookForm};
use crate::config::{self, Choice, Config};
use crate::user_data::{quote, secret_names};

pub const OUTPUT: Output = Output {
    id: "install",
    label: "Installer",
    file: "install.sh",
    language: Language::Bash,
    about: "A script for AWS CloudShell that makes all of it, brings it up to date, and removes it.",
    render: |order| script(&order.setup.config),
};

const HEAD: &str = include_str!("install/head.sh");

/// In the order of the script.
const PARTS: [&str; 10] = [
    include_str!("install/words.sh"),
    include_str!("install/aws.sh"),
    include_str!("install/network.sh"),
    include_str!("install/secrets.sh"),
    include_str!("install/roles.sh"),
    include_str!("install/function.sh"),
    include_str!("install/budget.sh"),
    include_str!("install/install.sh"),
    include_str!("install/uninstall.sh"),
    include_str!("install/main.sh"),
];

pub fn script(config: &Config) -> String {
    let settings = settings(config);
    let parts = [HEAD, &settings].into_iter().chain(PARTS);
    parts.map(str::trim_end).collect::<Vec<_>>().join("\n\n") + "\n"
}

fn settings(config: &Config) -> String {
    let Config { app, box_, function, .. } = config;
    let app_box_role = box_role(app);
    let profile = if needs_box_role(config) { app_box_role.as_str() } else { "" };
    let form = webhook_form::of(&config.repo.url);
    let texts = [
        ("APP", app.as_str()),
        ("REGION", &box_.region),
        ("FUNCTION", &function_name(app)),
        ("ARCH", function.arch.name()),
        ("MEMORY", &function.memory_mb.to_string()),
        ("LOG_DAYS", &retention_days(function.log_days).to_string()),
        ("CONCURRENCY", &or_empty(function.reserved_concurrency.as_ref())),
        ("BUDGET", &or_empty(function.budget_usd.as_ref())),
        ("SUBNET", box_.subnet.as_deref().unwrap_or_default()),
        ("ADDRESS", box_.address.name()),
        ("DOMAIN", config.run.domain.as_deref().unwrap_or_default()),
        ("SPOT", box_.spot.name()),
        ("BOX_ROLE", &app_box_role),
        ("HOST", form.host),
    ];
    let explained = [
        ("The role that is made for the box, where it needs one.", "PROFILE", profile.to_string()),
        ("What is entered at the git host.", "ENTER", to_enter(&form)),
        ("pushbox.json, which goes into the function's zip.", "CONFIG", config::to_json(config)),
        ("What the function may do.", "POLICY", statement::text(&iac::function_policy(config))),
        ("What the box may do, if it has a role.", "BOX_POLICY", statement::text(&iac::box_policy(config))),
    ];
    let lists = [
        ("PORTS", ports(config)),
        ("SECURITY_GROUPS", box_.security_groups.clone()),
        ("SECRETS", secret_names(config)),
    ];
    let words = |list: &[String]| list.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ");
    let lists = lists.iter().map(|(name, list)| format!("{name}=({})\n", words(list)));
    let texts = texts.iter().map(|(name, text)| format!("{name}={}\n", quote(text)));
    let explained = explained.iter().map(|(what, name, text)| format!("# {what}\n{name}={}\n", quote(text)));
    lists.chain(texts).chain(explained).fold("# ---- Settings ----\n\n".to_string(), |all, line| all + &line)
}

fn or_empty(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn to_enter(form: &WebhookForm) -> String {
    let line = |(name, value): &(_, Value)| format!("\n  {name}: {}", value.text("«url»", "«secret»"));
    form.fields().iter().map(line).fold(format!("  {}", form.place), |all, line| all + &line)
}

#[cfg(test)]
mod tests;
