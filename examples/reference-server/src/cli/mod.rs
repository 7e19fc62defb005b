//! The command line: what a person types, and what the terminal answers.
//!
//! [`arguments`] says what may be typed, an [`inventory::Inventory`] answers (the data directory opened in this process,
//! or a running server), and one module for each command shows the answer.

mod accounts;
mod arguments;
mod changes;
mod completions;
mod copy;
mod cypher;
mod discover;
mod evaluate;
mod events;
mod export;
mod failure;
#[cfg(test)]
mod fake_server;
mod graph;
mod impact;
mod in_process;
mod inventory;
mod local;
mod output;
mod predict;
mod problem;
mod progress;
mod remote;
mod resource;
mod resources;
mod screen;
mod signals;
mod state;
mod statistics;
mod summary;
mod table;
mod tasks;
mod train;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command, Question};
use failure::{Exit, Failure};
use inventory::Inventory;
use output::{Output, Style};

/// Runs the command that `words` ask for and gives the exit status.
///
/// Answers go to standard output, everything else to standard error. A reader that goes away early (`| head`) is no
/// failure.
pub(crate) async fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too. There is nobody left to tell where the terminal is gone.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    let style = Style::of(arguments.global.color, arguments.global.json, io::stdout().is_terminal());
    let color_errors = Style::of(arguments.global.color, false, io::stderr().is_terminal()).color;
    let mut writer = BufWriter::new(io::stdout().lock());
    let mut output = Output::new(&mut writer, style);
    let outcome = answer(arguments, &mut output).await;
    let outcome = outcome.and_then(|exit| writer.flush().map(|()| exit).map_err(Failure::from));
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let _ = failure.write(&mut io::stderr().lock(), color_errors);
            failure.exit().into()
        }
    }
}

async fn answer(arguments: Arguments, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let Arguments { global, command } = arguments;
    match command {
        Command::Serve(serve) => local::serve(&global, serve).await,
        Command::Discover { source } => {
            // A request that cannot be used makes no data directory.
            let request = source.into_request().await?;
            let interrupts = signals::interrupts()?;
            let inventory = local::reach(&global, true).await?;
            let outcome = discover::run(inventory.as_ref(), request, interrupts, output).await;
            inventory.close().await;
            outcome
        }
        Command::Ask(question) => {
            let inventory = local::reach(&global, false).await?;
            let outcome = ask(inventory.as_ref(), question, output).await;
            inventory.close().await;
            outcome
        }
        Command::Copy(places) => copy::run(global.config.as_deref(), &places, output).await,
        Command::Audit { command } => accounts::audit(&global, command, output).await,
        Command::Auth { command } => accounts::auth(&global, command, output).await,
        Command::Train(training) => train::run(*training, output),
        Command::Predict(prediction) => predict::run(&prediction, output),
        Command::Evaluate(evaluation) => evaluate::run(&evaluation, output),
        Command::Completions { shell } => completions::completions(shell, output),
        Command::Man { output: folder } => completions::manual(folder.as_deref(), output),
    }
}

async fn ask(inventory: &dyn Inventory, question: Question, output: &mut Output<'_>) -> Result<Exit, Failure> {
    match question {
        Question::Resources(query) => match &query.id {
            Some(id) => resource::run(inventory, id, query.as_of, output).await,
            None => resources::run(inventory, &query, output).await,
        },
        Question::Graph(query) => graph::run(inventory, &query, output).await,
        Question::Impact(query) => impact::run(inventory, &query, output).await,
        Question::Changes(query) => changes::run(inventory, &query, output).await,
        Question::Stats { as_of } => statistics::run(inventory, as_of, output).await,
        Question::Query(query) => cypher::run(inventory, &query, output).await,
        Question::Tasks(query) => tasks::run(inventory, &query, output).await,
        Question::Export { output: file } => export::run(inventory, file.as_deref(), output).await,
    }
}
