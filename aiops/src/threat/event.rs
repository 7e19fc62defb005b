//! What happened: one line of an audit, authentication or connection log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// One thing that happened.
///
/// The order of events does not matter, and several may have the same time: each of them counts. In JSON the time is RFC 3339,
/// and what is not known by a name here stands in `details`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What happened, see [`EventKind::of`]: `auth.failure`. Names that are not known give a warning.
    #[serde(rename = "type")]
    pub kind: String,
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub time: i64,
    /// The address that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<String>,
    /// The account that acted, or that somebody tried to act as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What it was aimed at: a host, a service, a role. `host:port` tells the port, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How many bytes left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<f64>,
    /// More of it. Read are `port` (a number) and `role` (a word).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, Value>,
}

impl Event {
    /// An event of this type at this time, in milliseconds since the epoch, of which nothing more is known.
    #[must_use]
    pub fn new(kind: impl Into<String>, time: i64) -> Self {
        Self { kind: kind.into(), time, source_ip: None, user: None, target: None, bytes: None, details: BTreeMap::new() }
    }

    /// The port that it was aimed at: `details.port`, or what follows the last colon of the target.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        match self.named_port() {
            Some(Value::Number(port)) => port.as_u64().and_then(|port| u16::try_from(port).ok()),
            Some(Value::String(port)) => port.parse().ok(),
            _ => {
                let (host, port) = self.target.as_deref()?.rsplit_once(':')?;
                // An address of version 6 has colons, too; its port follows a bracket.
                if host.contains(':') && !host.ends_with(']') { None } else { port.parse().ok() }
            }
        }
    }

    /// What `details` says of the port, if it is no port.
    pub(super) fn wrong_port(&self) -> Option<&Value> {
        self.named_port().filter(|named| !named.is_null() && self.port().is_none())
    }

    fn named_port(&self) -> Option<&Value> {
        self.details.get("port").or_else(|| self.details.get("destination_port"))
    }

    /// The target without its port.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let target = self.target.as_deref()?;
        match target.rsplit_once(':') {
            Some((host, port)) if port.parse::<u16>().is_ok() && (!host.contains(':') || host.ends_with(']')) => Some(host),
            _ => Some(target),
        }
    }

    /// The role that was given or taken, if it is said.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        ["role", "new_role", "group", "policy"].iter().find_map(|name| self.details.get(*name)?.as_str())
    }
}

/// What kinds of events the rules tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EventKind {
    /// Somebody failed to prove who they are.
    AuthFailure,
    /// Somebody proved who they are.
    AuthSuccess,
    /// A connection was tried; whether it came about is not said.
    Connection,
    /// A connection was refused, or nobody answered.
    ConnectionRefused,
    /// A connection came about.
    ConnectionOpen,
    /// A request was served.
    Request,
    /// Data left.
    Transfer,
    /// Somebody's rights changed, or somebody acted with more of them.
    Privilege,
    /// Somebody asked for rights and did not get them.
    PrivilegeDenied,
    /// A scanner for malicious software found some.
    Malware,
}

impl EventKind {
    /// The kind that a type's name stands for; `None` for one that no rule reads. Case does not matter; `_`, `-`, `:` and `/`
    /// stand for a dot.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let name: String = name
            .chars()
            .take(80)
            .map(|letter| if matches!(letter, '_' | '-' | ':' | '/') { '.' } else { letter.to_ascii_lowercase() })
            .collect();
        // What log it is from does not matter.
        let name = ["user.", "account.", "audit.", "security.", "system."]
            .iter()
            .fold(name.as_str(), |name, log| name.strip_prefix(log).unwrap_or(name));
        let (family, rest) = match name.split_once('.') {
            Some(("failed", family)) => (family, "failed"),
            Some((family, rest)) => (family, rest),
            None => (name, ""),
        };
        let rest = rest.rsplit('.').next().unwrap_or_default();
        let failed = matches!(rest, "failure" | "failed" | "fail" | "denied" | "invalid" | "rejected" | "refused");
        Some(match (family, rest) {
            ("auth" | "authentication" | "login" | "logon" | "signin" | "ssh", _) if failed => Self::AuthFailure,
            ("auth" | "authentication" | "login" | "logon" | "signin" | "ssh", "success" | "succeeded" | "accepted" | "ok") => {
                Self::AuthSuccess
            }
            ("connection" | "connect" | "network" | "port" | "flow" | "firewall", "timeout" | "reset" | "blocked") => {
                Self::ConnectionRefused
            }
            ("connection" | "connect" | "network" | "port" | "flow" | "firewall", _) if failed => Self::ConnectionRefused,
            (
                "connection" | "connect" | "network" | "flow",
                "established" | "success" | "accepted" | "open" | "opened" | "closed",
            ) => Self::ConnectionOpen,
            ("connection" | "connect" | "flow" | "packet", "" | "attempt" | "new" | "syn" | "start")
            | ("network", "connection" | "connect" | "attempt" | "packet" | "scan" | "probe" | "flow")
            | ("port", "" | "scan" | "probe" | "attempt" | "access" | "connection" | "connect") => Self::Connection,
            ("transfer" | "data" | "upload" | "download" | "egress" | "exfiltration", "inbound" | "in") => return None,
            ("transfer" | "upload" | "download" | "egress", _)
            | (
                "data" | "file" | "network",
                "transfer" | "upload" | "download" | "egress" | "export" | "out" | "outbound" | "access" | "exfiltration",
            ) => Self::Transfer,
            ("privilege" | "role" | "sudo" | "group" | "policy" | "permission" | "iam", _) if failed => Self::PrivilegeDenied,
            ("privilege" | "role" | "sudo" | "group" | "policy" | "permission" | "iam", _) => Self::Privilege,
            ("http" | "request" | "api" | "dns", _) => Self::Request,
            ("malware" | "virus" | "ransomware", _) => Self::Malware,
            _ => return None,
        })
    }
}

fn write_time<S: Serializer>(time: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    let time = Timestamp::from_millisecond(*time).map_err(serde::ser::Error::custom)?;
    serializer.collect_str(&time)
}

fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time: Timestamp = text.parse().map_err(|error| {
        serde::de::Error::custom(format!("expected a time in RFC 3339 such as 2025-01-18T00:00:00Z, found `{text}`: {error}"))
    })?;
    Ok(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_reads_from_the_contract_and_reads_back() {
        let text =
            r#"{"type":"auth.failure","time":"2025-01-18T00:00:00.5Z","source_ip":"192.0.2.1","user":"ada","target":"db:22"}"#;
        let event: Event = serde_json::from_str(text).unwrap();
        assert_eq!((event.time, event.port(), event.host()), (1_737_158_400_500, Some(22), Some("db")));
        let again: Event = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
        assert_eq!(again, event);
        let error = serde_json::from_str::<Event>(r#"{"type":"auth.failure","time":"yesterday"}"#).unwrap_err();
        assert!(error.to_string().contains("RFC 3339"), "{error}");
    }

    #[test]
    fn ports_come_from_details_or_the_target_and_not_from_an_address() {
        let mut event = Event::new("connection.attempt", 0);
        event.target = Some("fe80::22".into());
        assert_eq!((event.port(), event.host()), (None, Some("fe80::22")));
        event.target = Some("[fe80::1]:22".into());
        assert_eq!((event.port(), event.host()), (Some(22), Some("[fe80::1]")));
        event.details.insert("port".into(), Value::from(443));
        assert_eq!(event.port(), Some(443));
        event.details.insert("port".into(), Value::from(70_000));
        assert_eq!(event.port(), None);
    }

    #[test]
    fn names_have_kinds_and_unknown_ones_have_none() {
        for (name, kind) in [
            ("auth.failure", EventKind::AuthFailure),
            ("LOGIN_FAILED", EventKind::AuthFailure),
            ("failed_login", EventKind::AuthFailure),
            ("user.login.failed", EventKind::AuthFailure),
            ("user.role.change", EventKind::Privilege),
            ("data.exfiltration", EventKind::Transfer),
            ("auth.success", EventKind::AuthSuccess),
            ("connection.attempt", EventKind::Connection),
            ("port.scan", EventKind::Connection),
            ("network.connection", EventKind::Connection),
            ("connection.refused", EventKind::ConnectionRefused),
            ("connection.established", EventKind::ConnectionOpen),
            ("transfer.out", EventKind::Transfer),
            ("data.transfer", EventKind::Transfer),
            ("privilege.change", EventKind::Privilege),
            ("sudo.denied", EventKind::PrivilegeDenied),
            ("http.request", EventKind::Request),
            ("malware.detected", EventKind::Malware),
        ] {
            assert_eq!(EventKind::of(name), Some(kind), "{name}");
        }
        for name in ["", "weather.rain", "auth.rain", "transfer.in"] {
            assert_eq!(EventKind::of(name), None, "{name}");
        }
    }
}
