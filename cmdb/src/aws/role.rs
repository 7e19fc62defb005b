//! Taking a role.

use std::path::PathBuf;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::Client;
use aws_sdk_sts::types::Credentials as StsCredentials;

use super::fault::Fault;

const SESSION: &str = "dharmagraph";

/// What a role is taken with.
#[derive(Debug)]
pub(super) enum Proof {
    /// The identity that signs the call, and this external id.
    ExternalId(String),
    /// The OpenID Connect token in this file, which is read again for each session.
    TokenFile(PathBuf),
}

/// Credentials of sessions of a role.
#[derive(Debug)]
pub(super) struct Role {
    clients: Vec<Client>,
    role_arn: String,
    proof: Proof,
}

impl Role {
    /// A role that the first of these clients is asked for that is answered.
    pub(super) const fn new(clients: Vec<Client>, role_arn: String, proof: Proof) -> Self {
        Self { clients, role_arn, proof }
    }

    async fn session(&self) -> Result<Credentials, Fault> {
        let mut silence = None;
        for client in &self.clients {
            match self.ask(client).await {
                Err(fault) if fault.is_silence() => drop(silence.get_or_insert(fault)),
                answer => return answer,
            }
        }
        Err(silence.unwrap_or_else(|| Fault::internal("sts", "there is no region to ask in")))
    }

    async fn ask(&self, client: &Client) -> Result<Credentials, Fault> {
        let session = match &self.proof {
            Proof::ExternalId(id) => {
                let call = client.assume_role().role_arn(&self.role_arn).role_session_name(SESSION).external_id(id);
                call.send().await.map_err(|error| Fault::of("sts", &error))?.credentials
            }
            Proof::TokenFile(path) => {
                let token = tokio::fs::read_to_string(path)
                    .await
                    .map_err(|_| Fault::refused("sts", "InvalidIdentityToken", "the file of the token cannot be read"))?;
                let call = client.assume_role_with_web_identity().role_arn(&self.role_arn).role_session_name(SESSION);
                let call = call.web_identity_token(token.trim_end());
                call.send().await.map_err(|error| Fault::of("sts", &error))?.credentials
            }
        };
        session.map(credentials).ok_or_else(|| Fault::bad_response("sts", "a session without credentials"))
    }
}

fn credentials(session: StsCredentials) -> Credentials {
    let expiry = SystemTime::try_from(session.expiration).ok();
    Credentials::new(session.access_key_id, session.secret_access_key, Some(session.session_token), expiry, "dharmagraph")
}

impl ProvideCredentials for Role {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.session().await.map_err(CredentialsError::provider_error) })
    }
}
