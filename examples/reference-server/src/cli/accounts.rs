//! `audit` and `auth`: what an operator does with the accounts of an installation, beside a running server or without one.

use dharmagraph_auth::audit::{ChainHead, ChainReport};
use dharmagraph_auth::service::AuthService;
use dharmagraph_reference_server::auth;
use dharmagraph_reference_server::data_directory::DataDirectory;
use serde_json::json;

use super::arguments::{AuditCommand, AuthCommand, Global};
use super::failure::{Exit, Failure};
use super::local::configuration;
use super::output::{Output, counted};

/// Runs `audit`.
pub(crate) async fn audit(global: &Global, command: AuditCommand, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let AuditCommand::Verify { expect } = command;
    let report = open(global).await?.verify_audit(expect).await.map_err(failed)?;
    write(&report, output)?;
    Ok(if report.is_sound() { Exit::Done } else { Exit::Failed })
}

/// Runs `auth`.
pub(crate) async fn auth(global: &Global, command: AuthCommand, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let AuthCommand::RotateKeys = command;
    let rotated = open(global).await?.rotate_keys().await.map_err(failed)?;
    if output.is_json() {
        output.json(&json!({"rotated": rotated}))?;
    } else if rotated {
        output.line("another key signs tokens now; a running server takes it up within a minute")?;
    } else {
        output.line("somebody else rotated the keys at the same time; nothing is left to do")?;
    }
    Ok(Exit::Done)
}

/// Opens the accounts of the installation. Looking at them makes none.
async fn open(global: &Global) -> Result<AuthService, Failure> {
    let configuration = configuration(global)?;
    if !auth::exist(&configuration) {
        let message = format!("there are no accounts in {}", configuration.data_directory.display());
        return Err(Failure::usage(message).advise("`dharmagraph serve` makes them, --data-dir names another data directory"));
    }
    let directory = DataDirectory::open(&configuration.data_directory).map_err(|error| Failure::new(error.to_string()))?;
    auth::open(&configuration, &directory).await.map_err(|error| Failure::new(error.to_string()))
}

fn failed(error: dharmagraph_auth::Error) -> Failure {
    Failure::coded(error.code(), &error)
}

fn write(report: &ChainReport, output: &mut Output<'_>) -> std::io::Result<()> {
    let head = report.head.as_ref().map(ChainHead::to_string);
    if output.is_json() {
        let damage = report.damage.map(|damage| json!({"sequence": damage.sequence, "text": damage.to_string()}));
        return output.json(&json!({"records": report.records, "head": head, "sound": report.is_sound(), "damage": damage}));
    }
    output.line(&format!("{} verified", counted(report.records, "record", "records")))?;
    if let Some(head) = head {
        output.line(&format!("head {head}"))?;
    }
    match report.damage {
        Some(damage) => output.line(&format!("broken: {damage}")),
        None => Ok(()),
    }
}
