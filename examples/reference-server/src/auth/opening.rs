//! Opening what keeps the accounts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use dharmagraph_auth::password::RangeFolder;
use dharmagraph_auth::service::{AuthService, AuthSettings, TryLimits};
use dharmagraph_auth::store::{Limit, PostgresStore, SqliteStore};
use dharmagraph_auth::token::TokenPolicy;
use dharmagraph_auth::{MasterKey, Secret, Store, Tenant};

use crate::config::{
    AuthConfiguration, AuthStoreKind, Configuration, ConfigurationError, Profile, TokenLifetimes, refuse_default_password,
};
use crate::data_directory::{DataDirectory, DataDirectoryError};

/// An account may be tried this many times as often from everywhere as from one address.
const FROM_EVERYWHERE: u32 = 10;

/// Why accounts cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthOpenError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDirectory(#[from] DataDirectoryError),
    /// A file that holds a secret cannot be read.
    #[error("cannot read {}, which `{key}` names: {source}", path.display())]
    Read {
        /// The key that names it.
        key: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store, or a key in it, cannot be used.
    #[error("accounts cannot be opened: {0}")]
    Auth(#[from] dharmagraph_auth::Error),
}

/// Opens the configured accounts; their store and the installation's key are made where there are none.
///
/// # Errors
/// [`AuthOpenError`], also where PostgreSQL does not answer.
pub async fn open(configuration: &Configuration, directory: &DataDirectory) -> Result<AuthService, AuthOpenError> {
    let auth = &configuration.auth;
    let policy = auth.policy()?;
    let master = master_key(auth, directory)?;
    let store = open_store(configuration, directory).await?;
    let mut builder = AuthService::builder(store, settings(configuration), master).policy(policy);
    if let Some(folder) = &auth.breached_passwords {
        builder = builder.breached_passwords(Arc::new(RangeFolder::open(folder)?));
    }
    Ok(builder.open().await?)
}

/// Whether there are accounts to open; for PostgreSQL only its answer to [`open`] tells.
#[must_use]
pub fn exist(configuration: &Configuration) -> bool {
    let file = DataDirectory::accounts_in(&configuration.data_directory);
    configuration.auth.store == AuthStoreKind::Postgres || file.is_file()
}

async fn open_store(configuration: &Configuration, directory: &DataDirectory) -> Result<Arc<dyn Store>, AuthOpenError> {
    let auth = &configuration.auth;
    if auth.store == AuthStoreKind::Sqlite {
        return Ok(Arc::new(SqliteStore::open(DataDirectory::accounts_in(directory.path())).await?));
    }
    let url = match (&auth.postgres_url, &auth.postgres_url_file) {
        (Some(url), _) => Secret::new(url.expose()),
        (None, Some(path)) => secret_file("auth.postgres_url_file", path)?,
        (None, None) => Secret::new(""),
    };
    if configuration.profile == Profile::Production {
        refuse_default_password("postgres_url_file", url.expose())?;
    }
    Ok(Arc::new(PostgresStore::connect(&url).await?))
}

fn master_key(auth: &AuthConfiguration, directory: &DataDirectory) -> Result<MasterKey, AuthOpenError> {
    let text = match (&auth.master_key, &auth.master_key_file) {
        (Some(key), _) => Secret::new(key.expose()),
        (None, Some(path)) => secret_file("auth.master_key_file", path)?,
        (None, None) => {
            let made = MasterKey::generate()?.to_text();
            Secret::new(directory.auth_key(made.expose())?.expose())
        }
    };
    Ok(MasterKey::from_text(&text)?)
}

fn secret_file(key: &'static str, path: &Path) -> Result<Secret, AuthOpenError> {
    let text = fs::read_to_string(path).map_err(|source| AuthOpenError::Read { key, path: path.to_owned(), source })?;
    Ok(Secret::new(text.trim()))
}

fn settings(configuration: &Configuration) -> AuthSettings {
    let auth = &configuration.auth;
    let minutes = |count| Duration::from_secs(60 * u64::from(count));
    let limit = |count, window| Limit { count, window };
    let mut settings = AuthSettings::new(&auth.issuer, &auth.audience);
    if auth.tokens == TokenLifetimes::Strict {
        settings.tokens = TokenPolicy::strict(&auth.issuer, &auth.audience);
    }
    settings.key_lifetime = minutes(24 * 60 * auth.key_days);
    settings.limits = TryLimits {
        account_and_address: limit(auth.tries, minutes(auth.tries_minutes)),
        account: limit(auth.tries * FROM_EVERYWHERE, minutes(auth.tries_minutes)),
        address: limit(auth.logins_per_minute, minutes(1)),
        signup: limit(auth.signups_per_hour, minutes(60)),
    };
    settings.signup = configuration.allows_signup();
    settings.tenant = Tenant::new(&auth.tenant);
    settings
}
