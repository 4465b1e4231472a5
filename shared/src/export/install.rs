//! The installer: a bash script for CloudShell that makes everything on AWS, brings it up to date, and removes it.
//!
//! Only the settings at its top differ from app to app, and every text in them goes through [`quote`]. The rest are the
//! `.sh` files in the folder of this module's name.

use super::webhook_form::{self, WebhookForm};
use super::{Language, Output, box_role, function_name, iac, needs_box_role, policy};
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
        ("What the function may do.", "POLICY", policy::text(&iac::function_policy(config))),
        ("What the box may do, if it has a role.", "BOX_POLICY", policy::text(&iac::box_policy(config))),
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
    let line = |(name, value): (&str, String)| format!("\n  {name}: {value}");
    form.fields("«url»", "«secret»").map(line).fold(format!("  {}", form.place), |all, line| all + &line)
}

/// What visitors may reach, as `tcp/80`. Never SSH: whoever wants it opens it for their own address alone.
pub(super) fn ports(config: &Config) -> Vec<String> {
    let web = ["tcp/80"].into_iter().chain(config.run.domain.iter().map(|_| "tcp/443"));
    let extra = config.run.extra_ports.iter().map(|mapping| {
        let (ports, protocol) = mapping.split_once('/').unwrap_or((mapping, "tcp"));
        format!("{protocol}/{}", ports.split(':').next().unwrap_or_default())
    });
    let mut ports: Vec<String> = web.map(String::from).chain(extra).collect();
    ports.sort();
    ports.dedup();
    ports
}

/// CloudWatch keeps logs for these numbers of days only. Source: `PutRetentionPolicy` in its API reference.
pub(super) fn retention_days(wanted: u32) -> u32 {
    const KNOWN: [u32; 22] = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
        3653,
    ];
    KNOWN.into_iter().find(|days| *days >= wanted).unwrap_or(3653)
}

#[cfg(test)]
mod tests;
