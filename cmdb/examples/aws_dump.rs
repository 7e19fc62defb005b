//! Lists an AWS account and prints it as JSON lines: resources as the REST API shows them, relationships as
//! `{"source", "type", "target"}`. Failed scopes and a summary go to the standard error output.
//!
//! `aws_dump REGION..` uses the credentials and the endpoint (`AWS_ENDPOINT_URL`) of the environment. Ends with status 1
//! where a scope failed.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use dharmagraph_cmdb::aws::{AwsConnector, AwsSettings};
use dharmagraph_cmdb::sync::{Credentials, DiscoveryRequest};
use dharmagraph_cmdb::{BoxError, Connector, DiscoveryEvent, Provider, Secret};
use futures_util::StreamExt;

#[tokio::main]
async fn main() -> Result<ExitCode, BoxError> {
    let connector = AwsConnector::new(AwsSettings {
        endpoint_url: std::env::var("AWS_ENDPOINT_URL").ok(),
        allow_inline_keys: false,
        references: Vec::new(),
        external_id_key: Secret::new(""),
        concurrency: 16,
    });
    let mut request = DiscoveryRequest::new(Provider::AWS);
    request.credentials = Some(Credentials::DefaultChain {});
    request.regions = std::env::args().skip(1).collect();

    let discoverer = connector.connect(&request).await?;
    let scopes = discoverer.scopes().await?;
    let mut events = discoverer.discover(scopes);
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut completed, mut failed, mut calls) = (0, 0, None);
    while let Some(event) = events.next().await {
        match event {
            DiscoveryEvent::Resource { resource, .. } => writeln!(output, "{}", serde_json::to_string(&resource)?)?,
            DiscoveryEvent::Relationship { relationship, .. } => {
                writeln!(output, "{}", serde_json::to_string(&relationship)?)?;
            }
            DiscoveryEvent::Completed(_) => completed += 1,
            DiscoveryEvent::Failed { scope, error } => {
                failed += 1;
                eprintln!("{scope}: {error}");
            }
            DiscoveryEvent::Progress(so_far) => calls = Some(so_far),
            _ => {}
        }
    }
    output.flush()?;
    eprintln!("{completed} scopes completed, {failed} failed; {calls:?}");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
