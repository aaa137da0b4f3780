//! The program: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    leerkring::cli::run_as_child(std::env::args_os()).unwrap_or_else(run)
}

#[tokio::main]
async fn run() -> ExitCode {
    leerkring::cli::run(std::env::args_os(), std::env::vars()).await
}
