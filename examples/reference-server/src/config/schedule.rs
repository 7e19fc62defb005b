//! Discoveries that run by themselves.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use dharmagraph_cmdb::Provider;
use dharmagraph_cmdb::sync::{Credentials, DiscoveryRequest};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ConfigurationError;
use super::error::EXPECTED;

/// `[[discover]]`: a discovery that runs at the start and then again each time `every` has passed since its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduledDiscovery {
    /// How long to wait between two runs: a number and `s`, `m`, `h` or `d`, at least a minute.
    pub every: Interval,
    /// Who is asked: `aws` or `terraform`.
    pub provider: Provider,
    /// With which credentials; every source but keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
    /// Which regions.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Only these types; all where empty.
    #[serde(default)]
    pub resource_types: Vec<String>,
    /// The state file, for Terraform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether removals that look like a mistake go through. Default: false.
    #[serde(default)]
    pub accept_removals: bool,
}

impl ScheduledDiscovery {
    /// What the engine is asked to do each time.
    #[must_use]
    pub fn request(&self) -> DiscoveryRequest {
        let mut request = DiscoveryRequest::new(self.provider.clone());
        request.credentials.clone_from(&self.credentials);
        request.regions.clone_from(&self.regions);
        request.resource_types.clone_from(&self.resource_types);
        request.path.clone_from(&self.path);
        request.accept_removals = self.accept_removals;
        request
    }

    pub(super) fn check(&self, index: usize) -> Result<(), ConfigurationError> {
        let refuse = |key: &str, expected: &str, found: String| {
            Err(ConfigurationError::invalid("the configuration", format!("discover[{index}].{key}"), expected, found))
        };
        if ![Provider::AWS, Provider::TERRAFORM].contains(&self.provider) {
            return refuse("provider", "aws or terraform", format!("`{}`", self.provider));
        }
        match &self.credentials {
            Some(Credentials::Inline { .. } | Credentials::Gone {}) => {
                let expected = "default_chain, profile, assume_role, web_identity or ref: a configuration file holds no keys";
                refuse("credentials.source", expected, "`inline`".into())
            }
            None if self.provider == Provider::AWS => refuse("credentials", "a table with `source`", "nothing".into()),
            None if self.path.is_none() => refuse("path", "the state file", "nothing".into()),
            _ => Ok(()),
        }
    }
}

/// A length of time of at least a minute, written as a number and a unit: `90s`, `15m`, `6h`, `1d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval(Duration);

impl Interval {
    /// As a duration.
    #[must_use]
    pub const fn duration(self) -> Duration {
        self.0
    }
}

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds = UNITS.iter().find_map(|(unit, seconds)| {
            text.strip_suffix(*unit).and_then(|number| number.parse::<u64>().ok()).and_then(|number| number.checked_mul(*seconds))
        });
        match seconds {
            Some(seconds) if seconds >= 60 => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(format!("a number and s, m, h or d, of at least a minute, for instance 6h{EXPECTED}`{text}`")),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (unit, length) = UNITS.into_iter().find(|(_, length)| seconds.is_multiple_of(*length)).unwrap_or(('s', 1));
        write!(f, "{}{unit}", seconds / length)
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_a_number_and_a_unit_of_at_least_a_minute() {
        for (text, seconds) in [("60s", 60), ("15m", 900), ("6h", 21_600), ("1d", 86_400)] {
            let interval: Interval = text.parse().unwrap();
            assert_eq!(interval.duration(), Duration::from_secs(seconds));
        }
        assert_eq!("90m".parse::<Interval>().unwrap().to_string(), "90m");
        for text in ["", "6", "h", "59s", "0d", "-1h", "6 h", "99999999999999999d"] {
            assert!(text.parse::<Interval>().is_err(), "{text:?}");
        }
    }
}
