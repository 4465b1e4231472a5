//! What programs are released for: Linux on both kinds of processors, without a library of any Linux.

use crate::need::{apt, on_path, rust_target};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// What Cargo builds for, and what does the parts that are not Rust.
pub(crate) struct Platform {
    /// Rust's name of it.
    pub(crate) target: String,
    /// For another kind of processor than this machine's: the C compiler that knows it.
    cross_compiler: Option<String>,
}

/// Of such a processor, in Rust's word. What is missing is installed.
pub(crate) fn musl(processor: &str) -> Result<Platform> {
    let target = format!("{processor}-unknown-linux-musl");
    rust_target(&target, "to compile what is released")?;
    if processor == std::env::consts::ARCH {
        if on_path("musl-gcc").is_none() {
            apt(&["musl-tools"], "to compile what is released (the function's TLS is C in part)")?;
        }
        return Ok(Platform { target, cross_compiler: None });
    }
    let compiler = format!("{processor}-linux-gnu-gcc");
    // Its TLS calls no C library, but reads the headers of one.
    let headers = format!("/usr/{processor}-linux-gnu/include/stdint.h");
    if on_path(&compiler).is_none() || !Path::new(&headers).exists() {
        let (gcc, libc) = match processor {
            "aarch64" => ("gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"),
            _ => ("gcc-x86-64-linux-gnu", "libc6-dev-amd64-cross"),
        };
        apt(&[gcc, libc], &format!("to compile the function for {processor} (its TLS is C in part)"))?;
    }
    Ok(Platform { target, cross_compiler: Some(compiler) })
}

impl Platform {
    /// A target as it is, with the tools that this machine has for it.
    pub(crate) fn plain(target: String) -> Platform {
        Platform { target, cross_compiler: None }
    }

    /// Has a build of Cargo build for it.
    pub(crate) fn choose(&self, command: &mut Command) {
        command.args(["--target", &self.target]);
        if let Some(compiler) = &self.cross_compiler {
            command.env(format!("CC_{}", self.target.replace('-', "_")), compiler);
            // The one that came with Rust, as musl did: the C compiler's own would look for glibc.
            command.args(["--config", &format!("target.{}.linker=\"rust-lld\"", self.target)]);
        }
    }
}
