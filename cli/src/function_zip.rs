//! `render function-zip`: the function's program and the config, as Lambda takes them.

use std::io::IsTerminal;

use anyhow::{Context, Result, anyhow, bail};
use pushbox_shared::export::zip;

use crate::args::Render;
use crate::input;

pub(crate) fn render(args: &Render) -> Result<Vec<u8>> {
    let Some(base) = &args.base else {
        bail!(
            "--base: is missing; give it the zip with the function's program, function-arm64.zip or function-x86_64.zip of a \
             release or of `cargo xtask dist`"
        );
    };
    if args.out.is_none() && std::io::stdout().is_terminal() {
        bail!("function.zip is nothing that a terminal can show; write it to a file with --out");
    }
    let config = input::config(&args.config)?;
    zip::function(&input::bytes(base).context("--base")?, &config).map_err(|error| {
        anyhow!("{} {error}; take the zip of a release, or of `cargo xtask dist`", base.display())
    })
}
