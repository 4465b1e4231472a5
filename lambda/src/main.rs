//! The function. It is not built yet: the local run (`cargo xtask run`) is the function for now.

fn main() -> std::process::ExitCode {
    eprintln!(
        "bootstrap: the AWS shell of the function is not built yet; `cargo xtask run` runs the same handler here"
    );
    std::process::ExitCode::FAILURE
}
