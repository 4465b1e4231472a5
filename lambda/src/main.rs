//! The function, as AWS Lambda runs it: HTTP in, EC2 out. It decides nothing and does what `shared`'s handler says.
//!
//! `lambda_runtime` without `lambda_http`: that one knows HTTP events alone, and a reconcile is none. Reading the event here
//! also lets a body whose base64 is broken, which anybody on the internet can send, be answered with 400.

mod aws;
mod ec2;
mod event;
mod init_error;
mod invoke;
mod log;
mod run;
mod trust;

use std::cell::RefCell;
use std::path::PathBuf;
use std::process::ExitCode;

use dlmalloc::GlobalDlmalloc;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use pushbox_shared::setup::Setup;

use crate::run::Function;

/// musl's own asks the kernel for nearly every page, which took a quarter of a start.
#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // All that is slow happens here: Lambda gives a start more CPU than an invocation.
    let variable = |name: &str| std::env::var(name).ok();
    let function = match start(variable) {
        Ok(function) => function,
        Err(problems) => {
            eprintln!("pushbox: the function does not start\n{}", problems.join("\n"));
            if let Some(api) = variable("AWS_LAMBDA_RUNTIME_API") {
                init_error::tell(&api, &problems).await;
            }
            return ExitCode::FAILURE;
        }
    };
    let answer = |event: LambdaEvent<_>| function.answer(event.payload, event.context.request_id);
    match Runtime::new(service_fn(answer)).run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pushbox: the connection to Lambda is lost: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A function that can do its work, or everything that it lacks, a line each.
fn start(variable: impl Fn(&str) -> Option<String>) -> Result<Function, Vec<String>> {
    let aws = aws::Aws::read(&variable).map_err(|missing| vec![missing])?;
    let path = variable("PUSHBOX_CONFIG").filter(|path| !path.is_empty()).map_or_else(beside, PathBuf::from);
    let config = std::fs::read(&path).map_err(|error| {
        format!(
            "{}: cannot be read: {error}; put pushbox.json beside bootstrap, or set PUSHBOX_CONFIG to its path",
            path.display()
        )
    });
    let setup = Setup::from_parts(&variable, config.as_deref().map_err(Clone::clone))?;
    let ec2 = ec2::Ec2::new(&aws, &setup.config.box_.region);
    Ok(Function { setup, ec2, itself: invoke::Itself::new(aws), cache: RefCell::default() })
}

/// The config in the folder of this program, as both lie in the zip.
fn beside() -> PathBuf {
    std::env::current_exe().unwrap_or_default().with_file_name("pushbox.json")
}
