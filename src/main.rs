//! The program: parse, run, exit code.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    leerkring::cli::run(std::env::args_os(), std::env::vars()).await
}
