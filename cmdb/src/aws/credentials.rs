//! From a request's credentials to the SDK's.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use tokio::sync::Mutex;

use super::arn::is_role;
use super::calls::CallCounter;
use super::clients::{Network, load, sts};
use super::external_id::external_id;
use super::fault::Fault;
use super::reference::AllowList;
use super::region_name::token_regions;
use super::role::{Proof, Role};
use super::settings::AwsSettings;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::sync::Credentials;

/// How long before their end session keys are replaced.
const EARLY: Duration = Duration::from_secs(300);

/// The SDK's configuration with these credentials, which are asked for once and again before they end.
///
/// # Errors
/// [`Error::Invalid`] or [`Error::Forbidden`] for credentials that cannot be used, [`Error::Provider`] for those that the
/// provider refuses.
pub(super) async fn configure(
    credentials: &Credentials,
    settings: &AwsSettings,
    network: &Network,
    regions: &[String],
    calls: &CallCounter,
) -> Result<SdkConfig> {
    let region = regions.first().map_or("us-east-1", String::as_str);
    let token = |config: &SdkConfig, region| sts(config, &network.gate, region, calls);
    let tokens = |config: &SdkConfig| token_regions(regions).into_iter().map(|region| token(config, region)).collect();
    let endpoint = settings.endpoint_url.as_deref();
    let load = |provider| load(&network.gate, endpoint, region, provider);
    let allowed = AllowList::new(&settings.references);
    let provider = match credentials {
        Credentials::Inline { access_key, secret_key, session_token } => fixed(access_key, secret_key, session_token.as_ref()),
        Credentials::Ref { access_key, secret_key, session_token } => {
            let token = session_token.as_deref().map(|token| allowed.read("session_token", token)).transpose()?;
            fixed(&allowed.read("access_key", access_key)?, &allowed.read("secret_key", secret_key)?, token.as_ref())
        }
        Credentials::DefaultChain {} => environment(&load(None).await)?,
        Credentials::Profile { profile } => {
            let config = ProviderConfig::without_region().with_region(Some(Region::new(region.to_owned())));
            let profile = ProfileFileCredentialsProvider::builder().profile_name(profile).configure(&config).build();
            SharedCredentialsProvider::new(profile)
        }
        Credentials::AssumeRole { role_arn } => {
            let config = load(None).await;
            let identity = SharedCredentialsProvider::new(Cached::new(environment(&config)?));
            let config = config.into_builder().credentials_provider(identity).build();
            let proof = Proof::ExternalId(external_id(&settings.external_id_key, role_arn));
            SharedCredentialsProvider::new(Role::new(tokens(&config), role_arn.clone(), proof))
        }
        Credentials::WebIdentity { role_arn, token_file } => {
            let token = match token_file {
                Some(reference) => allowed.file("token_file", reference)?,
                None => PathBuf::from(variable("token_file", "AWS_WEB_IDENTITY_TOKEN_FILE")?),
            };
            let role_arn = match role_arn {
                Some(role_arn) => role_arn.clone(),
                None => variable("role_arn", "AWS_ROLE_ARN")?,
            };
            if !is_role(&role_arn) {
                return Err(Error::invalid("AWS_ROLE_ARN", "the ARN of a role", "something else"));
            }
            let unsigned = load(Some(fixed(&Secret::new("unsigned"), &Secret::new("unsigned"), None))).await;
            SharedCredentialsProvider::new(Role::new(tokens(&unsigned), role_arn, Proof::TokenFile(token)))
        }
        Credentials::Gone {} => return Err(Error::invalid("credentials", "keys", "keys that are no longer held")),
    };
    let provider = SharedCredentialsProvider::new(Cached::new(provider));
    provider.provide_credentials().await.map_err(|error| Error::from(Fault::of_credentials(&error)))?;
    Ok(load(Some(provider)).await)
}

fn fixed(access_key: &Secret, secret_key: &Secret, session_token: Option<&Secret>) -> SharedCredentialsProvider {
    let token = session_token.map(|token| token.expose().to_owned());
    SharedCredentialsProvider::new(Keys::new(access_key.expose(), secret_key.expose(), token, None, "dharmagraph"))
}

fn environment(config: &SdkConfig) -> Result<SharedCredentialsProvider> {
    config.credentials_provider().ok_or_else(|| Error::invalid("credentials", "an environment with credentials", "none"))
}

fn variable(field: &str, name: &str) -> Result<String> {
    let unset = || Error::invalid(field, format!("a value, or the variable {name} of the server's environment"), "neither");
    std::env::var(name).ok().filter(|text| !text.is_empty()).ok_or_else(unset)
}

/// Keeps the keys that another provider gives until they are about to end. Shows nothing of them.
struct Cached {
    inner: SharedCredentialsProvider,
    keys: Mutex<Option<Keys>>,
}

impl Cached {
    fn new(inner: SharedCredentialsProvider) -> Self {
        Self { inner, keys: Mutex::new(None) }
    }
}

impl fmt::Debug for Cached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cached(..)")
    }
}

impl ProvideCredentials for Cached {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let mut kept = self.keys.lock().await;
            let soon = SystemTime::now() + EARLY;
            if let Some(keys) = kept.as_ref().filter(|keys| keys.expiry().is_none_or(|expiry| expiry > soon)) {
                return Ok(keys.clone());
            }
            let keys = self.inner.provide_credentials().await?;
            *kept = Some(keys.clone());
            Ok(keys)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Debug, Default)]
    struct Counting {
        asked: AtomicUsize,
        lasts: Duration,
    }

    impl ProvideCredentials for Counting {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let asked = self.asked.fetch_add(1, Ordering::Relaxed);
            let expiry = SystemTime::now() + self.lasts;
            future::ProvideCredentials::ready(Ok(Keys::new(format!("key{asked}"), "hunter2", None, Some(expiry), "test")))
        }
    }

    async fn keys_of_two_calls(lasts: Duration) -> [String; 2] {
        let cached = Cached::new(SharedCredentialsProvider::new(Counting { lasts, ..Counting::default() }));
        let mut keys = [String::new(), String::new()];
        for key in &mut keys {
            *key = cached.provide_credentials().await.unwrap().access_key_id().to_owned();
        }
        keys
    }

    #[tokio::test]
    async fn keys_are_asked_for_once_until_they_are_about_to_end() {
        assert_eq!(keys_of_two_calls(Duration::from_secs(3600)).await, ["key0", "key0"]);
        assert_eq!(keys_of_two_calls(Duration::from_secs(60)).await, ["key0", "key1"]);
    }

    #[test]
    fn kept_keys_are_not_shown() {
        let keys = fixed(&Secret::new("AKIA1"), &Secret::new("hunter2"), None);
        assert_eq!(format!("{:?}", Cached::new(keys)), "Cached(..)");
    }
}
