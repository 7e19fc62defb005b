//! Every key there is: what is accepted in a file, and how its environment variable is read.

/// How an environment variable's text becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// One value.
    Value,
    /// Values with commas between them.
    List,
    /// A table per item; can be set in the file alone.
    Tables,
}

/// A key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its path, with dots.
    pub path: &'static str,
    /// How its environment variable is read.
    pub kind: KeyKind,
}

impl Key {
    /// The environment variable that sets it; nothing where only the file can.
    #[must_use]
    pub fn variable(&self) -> Option<String> {
        let name = || format!("{PREFIX}{}", self.path.to_ascii_uppercase().replace('.', DOT));
        (self.kind != KeyKind::Tables).then(name)
    }
}

/// What the name of each environment variable begins with.
pub(super) const PREFIX: &str = "DHARMAGRAPH_";

/// What stands for a dot in it. Variables without one belong to the command line and others, but for the keys without
/// section.
pub(super) const DOT: &str = "__";

/// What can stand in a `[[discover]]` table.
pub(super) const DISCOVER: [&str; 7] =
    ["every", "provider", "credentials", "regions", "resource_types", "path", "accept_removals"];

/// What can stand in an `[[auth.roles]]` table.
pub(super) const ROLES: [&str; 2] = ["name", "permissions"];

/// What can stand in the tables of a key.
pub(super) const TABLES: [(&str, &[&str]); 2] = [("discover", &DISCOVER), ("auth.roles", &ROLES)];

const fn value(path: &'static str) -> Key {
    Key { path, kind: KeyKind::Value }
}

const fn list(path: &'static str) -> Key {
    Key { path, kind: KeyKind::List }
}

const fn tables(path: &'static str) -> Key {
    Key { path, kind: KeyKind::Tables }
}

/// Every key.
pub const KEYS: &[Key] = &[
    value("profile"),
    value("data_directory"),
    value("store"),
    list("listen"),
    value("neo4j.uri"),
    value("neo4j.user"),
    value("neo4j.password"),
    value("auth.store"),
    value("auth.postgres_url"),
    value("auth.postgres_url_file"),
    value("auth.issuer"),
    value("auth.audience"),
    value("auth.tokens"),
    value("auth.signup"),
    value("auth.master_key"),
    value("auth.master_key_file"),
    value("auth.tenant"),
    value("auth.key_days"),
    value("auth.tries"),
    value("auth.tries_minutes"),
    value("auth.logins_per_minute"),
    value("auth.signups_per_hour"),
    value("auth.breached_passwords"),
    tables("auth.roles"),
    list("auth.trusted_proxies"),
    value("aws.endpoint_url"),
    value("aws.inline_keys"),
    list("aws.references"),
    value("aws.concurrency"),
    list("terraform.folders"),
    value("history.retention_days"),
    value("sync.guard.share"),
    value("sync.guard.minimum"),
    tables("discover"),
    value("log.format"),
    value("log.level"),
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::{AwsConfiguration, Configuration, HistoryConfiguration};
    use super::*;

    fn leaves(path: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    leaves(&path, value, found);
                }
            }
            _ => found.push(path.to_owned()),
        }
    }

    #[test]
    fn the_list_names_every_field_of_the_configuration() {
        let configuration = Configuration {
            aws: AwsConfiguration { endpoint_url: Some("http://localhost".into()), ..AwsConfiguration::default() },
            history: HistoryConfiguration { retention_days: Some(1) },
            ..Configuration::default()
        };
        let mut fields = Vec::new();
        leaves("", &serde_json::to_value(configuration).unwrap(), &mut fields);
        // A secret is never written.
        fields.extend(["neo4j.password", "auth.postgres_url", "auth.master_key"].map(str::to_owned));
        fields.sort();
        let mut listed: Vec<&str> = KEYS.iter().map(|key| key.path).collect();
        listed.sort_unstable();
        assert_eq!(fields, listed);
    }

    #[test]
    fn every_key_and_its_variable_is_in_the_documentation() {
        let page = include_str!("../../../../docs/configuration.md");
        for key in KEYS {
            assert!(page.contains(&format!("`{}`", key.path)), "docs/configuration.md lacks {}", key.path);
            if let Some(variable) = key.variable() {
                assert!(page.contains(&format!("`{variable}`")), "docs/configuration.md lacks {variable}");
            }
        }
        for (table, members) in TABLES {
            for key in members {
                assert!(page.contains(&format!("`{table}.{key}`")), "docs/configuration.md lacks {table}.{key}");
            }
        }
    }
}
