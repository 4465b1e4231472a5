//! The commands that read, think and print.

use std::io::IsTerminal;
use std::str::FromStr;

use anyhow::{Context, Result, anyhow, bail};
use clap::CommandFactory;
use pushbox_shared::assume::{Assumed, try_delivery};
use pushbox_shared::config::describe;
use pushbox_shared::ec2::State;
use pushbox_shared::export::{self, Order, archive, box_policy, policy};
use pushbox_shared::http::Request;
use pushbox_shared::secrets::Secrets;
use pushbox_shared::setup::{Installed, Setup};
use pushbox_shared::user_data::{self, Packed};
use pushbox_shared::webhook::{self, Provider, SignOptions};
use serde_json::{Map, Value};

use crate::args::{BoxState, Check, Cli, Help, Output, Render, Sign, Topic, Webhook};
use crate::output::{print, print_json};
use crate::{function_zip, input};

pub(crate) fn render(args: &Render) -> Result<()> {
    let bytes = match args.what {
        Output::Schema => describe::schema().into_bytes(),
        Output::Export(output) if output.id == export::USER_DATA.id => render_user_data(args)?,
        Output::Export(output) => render_export(args, output)?.into_bytes(),
        Output::FunctionZip => function_zip::render(args)?,
        Output::Archive => render_archive(args)?,
    };
    match &args.out {
        Some(path) => {
            std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
        }
        None => print(&bytes),
    }
}

/// The bytes that EC2 is given.
fn render_user_data(args: &Render) -> Result<Vec<u8>> {
    let url = args.function_url.as_deref().map(|url| url.trim_end_matches('/'));
    let script = user_data::script(&input::config(&args.config)?, url);
    // The config has room for the URL that Lambda gives.
    user_data::check(&script)
        .map_err(|sizes| anyhow!("--function-url: makes a script of {sizes}; use a shorter URL"))?;
    let packed = user_data::packed(&script);
    if let Packed::Gzip(_) = packed
        && args.out.is_none()
        && std::io::stdout().is_terminal()
    {
        bail!(
            "the script has {} bytes, and EC2 takes {}, so the user data is gzip, which no terminal can show; write it to a \
             file with --out, or read it with | gunzip",
            script.len(),
            user_data::LIMIT
        );
    }
    Ok(packed.into_bytes())
}

/// With `function.zip` in it where its program is given.
fn render_archive(args: &Render) -> Result<Vec<u8>> {
    if args.out.is_none() && std::io::stdout().is_terminal() {
        bail!("{} is nothing that a terminal can show; write it to a file with --out", archive::FILE);
    }
    let function_zip = args.base.as_ref().map(|_| function_zip::render(args)).transpose()?;
    let setup = setup(args)?;
    let order = Order { setup: &setup, account: account(args)? };
    archive::archive(&order, function_zip.as_deref()).context("it would be larger than a zip can be")
}

fn setup(args: &Render) -> Result<Setup> {
    let installed = Installed {
        function_url: args.function_url.clone(),
        security_groups: args.security_group.clone(),
        subnet: args.subnet.clone(),
        instance_profile: args.instance_profile.clone(),
    };
    Ok(Setup { config: input::config(&args.config)?, installed, ..Setup::default() })
}

fn account(args: &Render) -> Result<Option<&str>> {
    let account = args.account.as_deref();
    if let Some(account) = account.filter(|text| !is_account(text)) {
        bail!("--account: expected the 12 digits of an AWS account number, found {account:?}");
    }
    Ok(account)
}

fn render_export(args: &Render, output: &export::Output) -> Result<String> {
    let setup = setup(args)?;
    let account = account(args)?;
    let text = (output.render)(&Order { setup: &setup, account });
    if account.is_none() && [policy::OUTPUT.id, box_policy::OUTPUT.id].contains(&output.id) {
        eprintln!(
            "{} stands where the number of your AWS account belongs; --account puts it there",
            policy::UNKNOWN_ACCOUNT
        );
    }
    Ok(text)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

pub(crate) fn webhook(args: &Webhook) -> Result<()> {
    let setup = Setup {
        config: input::config(&args.config)?,
        secrets: Secrets::new(&args.secret.join("\n"), None),
        ..Setup::default()
    };
    let request = Request {
        method: args.method.to_ascii_uppercase(),
        path: "/hook".into(),
        query: args.query.clone(),
        headers: input::headers(&args.headers)?,
        body: input::bytes(&args.body)?,
    };
    let state = match args.box_state {
        BoxState::None => None,
        BoxState::Pending => Some(State::Pending),
        BoxState::Running => Some(State::Running),
        BoxState::Stopping => Some(State::Stopping),
        BoxState::Stopped => Some(State::Stopped),
    };
    let assumed = Assumed { state, delivery: args.box_delivery.clone() };
    let tried = try_delivery(&setup, &request, input::time(args.now), &assumed);
    print_json(&tried.to_json())
}

pub(crate) fn sign(args: &Sign) -> Result<()> {
    let provider = Provider::from_str(&args.provider).map_err(|message| anyhow!(message))?;
    let options = SignOptions {
        event: args.event.as_deref(),
        delivery: args.delivery.as_deref(),
        now: input::time(args.now),
        form: args.form,
    };
    let headers = webhook::sign(provider, &args.secret, &input::bytes(&args.body)?, &options)
        .map_err(|message| anyhow!(message))?;
    let members: Map<String, Value> =
        headers.iter().map(|(name, value)| (name.to_string(), Value::from(value))).collect();
    print_json(&Value::Object(members))
}

pub(crate) fn check(args: &Check) -> Result<()> {
    input::config(&args.config).map(|_| ())
}

pub(crate) fn help(args: &Help) -> Result<()> {
    match args.topic {
        Some(Topic::Config) => print(describe::help().as_bytes()),
        None => print(Cli::command().render_long_help().to_string().as_bytes()),
    }
}
