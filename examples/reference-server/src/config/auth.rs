//! Who may come in.

use std::collections::HashSet;
use std::net::IpAddr;
use std::path::PathBuf;

use dharmagraph_auth::password::is_known_default;
use dharmagraph_auth::policy::{Permission, Policy, PolicyDefinition, RoleDefinition};
use dharmagraph_cmdb::Secret;
use serde::{Deserialize, Serialize};

use super::{ConfigurationError, Profile};

/// What keeps accounts, sessions and the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthStoreKind {
    /// One file in the data directory.
    #[default]
    Sqlite,
    /// A PostgreSQL database, which several servers may share.
    Postgres,
}

/// How long access tokens live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenLifetimes {
    /// 24 hours.
    #[default]
    Standard,
    /// 15 minutes.
    Strict,
}

/// `[auth]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfiguration {
    /// What keeps accounts: `sqlite` or `postgres`. Default: `sqlite`.
    pub store: AuthStoreKind,
    /// The PostgreSQL database, with user and password.
    #[serde(skip_serializing)]
    pub postgres_url: Option<Secret>,
    /// A file that holds it, in place of `postgres_url`.
    pub postgres_url_file: Option<PathBuf>,
    /// The `iss` of tokens, 1 to 256 bytes. Default: `dharmagraph`.
    pub issuer: String,
    /// The `aud` of tokens, 1 to 256 bytes. Default: `dharmagraph`.
    pub audience: String,
    /// How long access tokens live: `standard` or `strict`. Default: `standard`.
    pub tokens: TokenLifetimes,
    /// Whether anybody may sign up, as a viewer. Default: true in `development`, false in `production`.
    pub signup: Option<bool>,
    /// The installation's own key, 32 bytes in base64url.
    #[serde(skip_serializing)]
    pub master_key: Option<Secret>,
    /// A file that holds it, in place of `master_key`. Default: `auth.key` in the data directory, made at the first start.
    pub master_key_file: Option<PathBuf>,
    /// The tenant of the first administrator and of those who sign up. Default: `default`.
    pub tenant: String,
    /// Days after which another key signs tokens, 1 to 365. Default: 30.
    pub key_days: u32,
    /// Wrong passwords for one account from one address before it is locked for that address. Default: 5.
    pub tries: u32,
    /// For how many minutes. Default: 15.
    pub tries_minutes: u32,
    /// Sign-ins from one address in a minute. Default: 60.
    pub logins_per_minute: u32,
    /// Sign-ups from one address in an hour. Default: 10.
    pub signups_per_hour: u32,
    /// A folder of range files of breached passwords. Default: none.
    pub breached_passwords: Option<PathBuf>,
    /// Roles beside VIEWER, OPERATOR and ADMIN.
    pub roles: Vec<RoleDefinition>,
    /// Proxies that tell in `X-Forwarded-For` who is asking. Default: none.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for AuthConfiguration {
    fn default() -> Self {
        Self {
            store: AuthStoreKind::default(),
            postgres_url: None,
            postgres_url_file: None,
            issuer: "dharmagraph".to_owned(),
            audience: "dharmagraph".to_owned(),
            tokens: TokenLifetimes::default(),
            signup: None,
            master_key: None,
            master_key_file: None,
            tenant: "default".to_owned(),
            key_days: 30,
            tries: 5,
            tries_minutes: 15,
            logins_per_minute: 60,
            signups_per_hour: 10,
            breached_passwords: None,
            roles: Vec::new(),
            trusted_proxies: Vec::new(),
        }
    }
}

impl AuthConfiguration {
    /// The roles of this installation.
    ///
    /// # Errors
    /// [`ConfigurationError::Invalid`] for a role that is defined twice or has the name of a built-in one.
    pub fn policy(&self) -> Result<Policy, ConfigurationError> {
        let definition = PolicyDefinition { roles: self.roles.clone(), ..PolicyDefinition::default() };
        Policy::builder().define(definition).build().map_err(|error| match error {
            dharmagraph_auth::Error::Invalid { expected, found, .. } => refusal("roles", &expected, &found),
            other => refusal("roles", "roles that hold together", &other.to_string()),
        })
    }

    pub(super) fn check(&self, profile: Profile) -> Result<(), ConfigurationError> {
        self.check_sources(profile)?;
        for (key, text) in [("issuer", &self.issuer), ("audience", &self.audience), ("tenant", &self.tenant)] {
            if !(1..=256).contains(&text.len()) || text.chars().any(char::is_control) {
                return Err(refusal(key, "1 to 256 bytes on one line", &format!("{} bytes", text.len())));
            }
        }
        let numbers = [
            ("key_days", self.key_days, 365),
            ("tries", self.tries, 1_000),
            ("tries_minutes", self.tries_minutes, 10_000),
            ("logins_per_minute", self.logins_per_minute, 100_000),
            ("signups_per_hour", self.signups_per_hour, 100_000),
        ];
        for (key, number, most) in numbers {
            if !(1..=most).contains(&number) {
                return Err(refusal(key, &format!("1 to {most}"), &number.to_string()));
            }
        }
        self.check_roles()
    }

    /// Whether each secret has one source, and a good one.
    fn check_sources(&self, profile: Profile) -> Result<(), ConfigurationError> {
        if self.master_key.is_some() && self.master_key_file.is_some() {
            return Err(refusal("master_key_file", "auth.master_key or auth.master_key_file", "both"));
        }
        if self.store == AuthStoreKind::Sqlite {
            return Ok(());
        }
        match (&self.postgres_url, &self.postgres_url_file) {
            (Some(_), Some(_)) => {
                return Err(refusal("postgres_url_file", "auth.postgres_url or auth.postgres_url_file", "both"));
            }
            (None, None) => {
                let expected = "postgres://user:password@host:port/database, best in the environment variable \
                                DHARMAGRAPH_AUTH__POSTGRES_URL, since auth.store is postgres";
                return Err(refusal("postgres_url", expected, "nothing"));
            }
            (Some(url), None) if profile == Profile::Production => refuse_default_password("postgres_url", url.expose())?,
            _ => {}
        }
        if profile == Profile::Production && self.master_key.is_none() && self.master_key_file.is_none() {
            let expected = "auth.master_key or auth.master_key_file, the same for every server that uses this database; \
                            `openssl rand -base64 32 | tr '+/' '-_' | tr -d '='` makes one";
            return Err(refusal("master_key_file", expected, "nothing"));
        }
        Ok(())
    }

    fn check_roles(&self) -> Result<(), ConfigurationError> {
        let known: HashSet<Permission> = Permission::known().into_iter().collect();
        for (index, role) in self.roles.iter().enumerate() {
            if let Some(unknown) = role.permissions.iter().find(|permission| !known.contains(permission)) {
                let names: Vec<String> = Permission::known().iter().map(ToString::to_string).collect();
                let expected = format!("some of {}", names.join(", "));
                return Err(refusal(&format!("roles[{index}].permissions"), &expected, &format!("`{unknown}`")));
            }
        }
        self.policy().map(drop)
    }
}

/// Refuses a database's address with a password that everybody knows. What is no address is for the store to refuse.
pub(crate) fn refuse_default_password(key: &str, url: &str) -> Result<(), ConfigurationError> {
    let user = url.split_once("://").and_then(|(_, rest)| rest.split(['/', '?']).next()?.rsplit_once('@')).map(|(user, _)| user);
    match user.and_then(|user| user.split_once(':')) {
        Some((_, password)) if is_known_default(password) => {
            let expected = "in the profile production a password of its own; change it in the database and here";
            Err(refusal(key, expected, "a password that programs come with"))
        }
        _ => Ok(()),
    }
}

fn refusal(key: &str, expected: &str, found: &str) -> ConfigurationError {
    ConfigurationError::invalid("the configuration", format!("auth.{key}"), expected, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(configuration: &AuthConfiguration, profile: Profile) -> String {
        configuration.check(profile).unwrap_err().to_string()
    }

    #[test]
    fn a_shared_database_needs_an_address_and_in_production_a_key() {
        let configuration = AuthConfiguration { store: AuthStoreKind::Postgres, ..AuthConfiguration::default() };
        assert!(refused(&configuration, Profile::Development).contains("DHARMAGRAPH_AUTH__POSTGRES_URL"));
        let url = Some(Secret::new("postgres://server:nd7dQ2-kk@db/auth"));
        let configuration = AuthConfiguration { postgres_url: url, ..configuration };
        configuration.check(Profile::Development).unwrap();
        assert!(refused(&configuration, Profile::Production).contains("auth.master_key_file"));
        let configuration = AuthConfiguration { master_key_file: Some("/run/secrets/key".into()), ..configuration };
        configuration.check(Profile::Production).unwrap();
        let both = AuthConfiguration { master_key: Some(Secret::new("k")), ..configuration };
        assert!(refused(&both, Profile::Production).contains("both"));
    }

    #[test]
    fn production_refuses_a_password_that_everybody_knows_and_does_not_repeat_it() {
        for url in ["postgres://a:iacadmin123@db/auth", "postgresql://a:postgres@db:5432/x?sslmode=require", "postgres://a:@db/x"]
        {
            let configuration = AuthConfiguration {
                store: AuthStoreKind::Postgres,
                postgres_url: Some(Secret::new(url)),
                master_key_file: Some("/run/secrets/key".into()),
                ..AuthConfiguration::default()
            };
            configuration.check(Profile::Development).unwrap();
            let error = refused(&configuration, Profile::Production);
            assert!(error.contains("auth.postgres_url") && !error.contains("iacadmin"), "{error}");
        }
    }

    #[test]
    fn numbers_and_names_have_bounds() {
        let good = AuthConfiguration::default;
        for (configuration, key) in [
            (AuthConfiguration { tries: 0, ..good() }, "auth.tries"),
            (AuthConfiguration { key_days: 366, ..good() }, "auth.key_days"),
            (AuthConfiguration { issuer: String::new(), ..good() }, "auth.issuer"),
            (AuthConfiguration { tenant: "a\nb".into(), ..good() }, "auth.tenant"),
        ] {
            assert!(refused(&configuration, Profile::Development).contains(key), "{key}");
        }
    }

    #[test]
    fn a_role_names_permissions_that_there_are_and_no_built_in_role() {
        let role = |name: &str, permission: &str| RoleDefinition {
            name: name.parse().unwrap(),
            permissions: [permission.parse().unwrap()].into(),
        };
        let with = |roles: Vec<RoleDefinition>| AuthConfiguration { roles, ..AuthConfiguration::default() };
        with(vec![role("auditor", "audit:read")]).check(Profile::Production).unwrap();
        let error = refused(&with(vec![role("auditor", "audit:reed")]), Profile::Development);
        assert!(error.contains("auth.roles[0].permissions") && error.contains("audit:read"), "{error}");
        for roles in [vec![role("Admin", "cmdb:read")], vec![role("a", "cmdb:read"), role("a", "cmdb:read")]] {
            assert!(refused(&with(roles), Profile::Development).contains("auth.roles"));
        }
    }
}
