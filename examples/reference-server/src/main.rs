//! `dharmagraph`: the server, and a command line for people at a terminal.

mod cli;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run(std::env::args_os()).await
}
