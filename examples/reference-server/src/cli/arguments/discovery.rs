//! What to discover, and with which rights.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dharmagraph_cmdb::Provider;
use dharmagraph_cmdb::sync::{Credentials, DiscoveryRequest};

use super::values;
use crate::cli::failure::Failure;
use crate::cli::state;

/// Whom to ask.
#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// An AWS account, through its API.
    Aws(AwsArguments),
    /// A Terraform state file.
    Terraform(TerraformArguments),
}

/// Which part of an AWS account, and as whom. Keys are never taken from the command line, where everybody on the machine
/// could read them.
#[derive(Debug, Args)]
pub(crate) struct AwsArguments {
    /// A region; may be given more than once, or as a list with commas.
    #[arg(
        long = "region",
        value_name = "REGION",
        env = "AWS_REGION",
        value_delimiter = ',',
        value_parser = values::region
    )]
    regions: Vec<String>,
    #[command(flatten)]
    identity: Identity,
    #[command(flatten)]
    options: Options,
}

/// As whom; by the default chain (environment, shared files, container or instance role) where nothing is said.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct Identity {
    /// As a profile of the shared AWS configuration.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// In a role that the default identity may take.
    #[arg(long, value_name = "ARN", value_parser = values::role)]
    assume_role: Option<String>,
    /// In the role and with the OpenID Connect token that AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE name.
    #[arg(long)]
    web_identity: bool,
}

impl Identity {
    fn credentials(self) -> Credentials {
        match self {
            Self { profile: Some(profile), .. } => Credentials::Profile { profile },
            Self { assume_role: Some(role_arn), .. } => Credentials::AssumeRole { role_arn },
            Self { web_identity: true, .. } => Credentials::WebIdentity { role_arn: None, token_file: None },
            Self { .. } => Credentials::DefaultChain {},
        }
    }
}

/// Which state file.
#[derive(Debug, Args)]
pub(crate) struct TerraformArguments {
    /// The file, or `-` for standard input.
    file: PathBuf,
    #[command(flatten)]
    options: Options,
}

/// What every discovery takes.
#[derive(Debug, Args)]
struct Options {
    /// Only this type, by our name (COMPUTE) or the provider's (AWS::EC2::Instance); may be given more than once.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Tell what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Let removals through that would be held back because they are so many.
    #[arg(long)]
    accept_removals: bool,
}

impl Source {
    /// The request that was asked for, with the state file's content.
    ///
    /// # Errors
    /// Without any region, or where the file is not there or is no state file.
    pub(crate) async fn into_request(self) -> Result<DiscoveryRequest, Failure> {
        let (mut request, options) = match self {
            Self::Aws(AwsArguments { regions, identity, options }) => {
                if regions.is_empty() {
                    let advice = "name one with --region us-east-1, or set AWS_REGION";
                    return Err(Failure::usage("no region to discover").advise(advice));
                }
                let mut request = DiscoveryRequest::new(Provider::AWS);
                request.regions = regions;
                request.credentials = Some(identity.credentials());
                (request, options)
            }
            Self::Terraform(TerraformArguments { file, options }) => {
                let mut request = DiscoveryRequest::new(Provider::TERRAFORM);
                request.document = Some(state::read(&file).await?);
                request.inline_document = true;
                (request, options)
            }
        };
        request.resource_types = options.types;
        request.dry_run = options.dry_run;
        request.accept_removals = options.accept_removals;
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Command;
    use super::super::tests::parse;
    use super::*;

    async fn request(line: &str) -> DiscoveryRequest {
        let Command::Discover { source } = parse(line).unwrap().command else { panic!() };
        source.into_request().await.unwrap()
    }

    #[tokio::test]
    async fn the_identity_becomes_the_credentials_source() {
        for (option, credentials) in [
            ("", Credentials::DefaultChain {}),
            ("--profile work", Credentials::Profile { profile: "work".into() }),
            ("--assume-role arn:aws:iam::1:role/a", Credentials::AssumeRole { role_arn: "arn:aws:iam::1:role/a".into() }),
            ("--web-identity", Credentials::WebIdentity { role_arn: None, token_file: None }),
        ] {
            let request = request(&format!("discover aws --region us-east-1 {option}")).await;
            assert_eq!(request.credentials, Some(credentials));
        }
    }

    #[tokio::test]
    async fn regions_come_one_by_one_or_as_a_list() {
        let request = request("discover aws --region us-east-1,eu-west-1 --region us-west-2 --type COMPUTE --dry-run").await;
        assert_eq!(request.regions, ["us-east-1", "eu-west-1", "us-west-2"]);
        assert_eq!(request.resource_types, ["COMPUTE"]);
        assert!(request.dry_run && !request.accept_removals);
    }

    #[tokio::test]
    async fn a_state_file_goes_with_the_request() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.tfstate");
        std::fs::write(&file, r#"{"version": 4}"#).unwrap();
        let request = request(&format!("discover terraform {} --accept-removals", file.display())).await;
        assert_eq!(request.document.as_deref(), Some(&br#"{"version": 4}"#[..]));
        assert!(request.accept_removals && request.inline_document && request.path.is_none());
    }
}
