//! The environment as a source of the configuration.

use std::ffi::OsString;

use config::{ConfigError, Map, Source, Value, ValueKind};

use super::ConfigurationError;
use super::keys::{DOT, KEYS, Key, KeyKind, PREFIX};

/// Variables that other programs read for the same settings, with the keys that they set here.
const COMMON: [(&str, &str); 4] = [
    ("AWS_ENDPOINT_URL", "aws.endpoint_url"),
    ("NEO4J_URI", "neo4j.uri"),
    ("NEO4J_USER", "neo4j.user"),
    ("NEO4J_PASSWORD", "neo4j.password"),
];

/// The environment's values, each with the name of its variable as origin.
#[derive(Debug, Clone)]
pub(super) struct Variables(Map<String, Value>);

impl Source for Variables {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

impl Variables {
    /// Takes what names a key out of the environment.
    pub(super) fn read(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, ConfigurationError> {
        let mut values = Map::new();
        let mut common = Vec::new();
        for (name, value) in variables {
            let Ok(name) = name.into_string() else { continue };
            let shared = COMMON.iter().find(|(variable, _)| *variable == name);
            let known = KEYS.iter().find(|key| key.variable().is_some_and(|variable| variable == name));
            let is_ours = known.is_some() || name.strip_prefix(PREFIX).is_some_and(|rest| rest.contains(DOT));
            if !is_ours && shared.is_none() {
                continue;
            }
            let origin = format!("the environment variable {name}");
            let Ok(text) = value.into_string() else {
                return Err(ConfigurationError::invalid(origin, name, "UTF-8 text", "other bytes"));
            };
            if let Some((_, key)) = shared {
                common.extend((!text.is_empty()).then(|| ((*key).to_owned(), Value::new(Some(&origin), text))));
                continue;
            }
            let Some(key) = known else {
                let expected = KEYS.iter().filter_map(Key::variable).collect();
                return Err(ConfigurationError::UnknownKey { origin, key: name, expected });
            };
            let value = match key.kind {
                KeyKind::List => {
                    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                    ValueKind::Array(items.map(|item| Value::new(Some(&origin), item)).collect())
                }
                KeyKind::Value | KeyKind::Tables => ValueKind::String(text),
            };
            values.insert(key.path.to_owned(), Value::new(Some(&origin), value));
        }
        for (key, value) in common {
            values.entry(key).or_insert(value);
        }
        Ok(Self(values))
    }
}
