//! Single values of the command line: what is accepted, and what to say otherwise.

use std::net::SocketAddr;

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use dharmagraph_cmdb::{Direction, Provider, RelationshipKind, ResourceType, Status};
use reqwest::Url;
use serde_json::Value;

/// A server's address.
pub(super) fn server(text: &str) -> Result<Url, String> {
    const EXPECTED: &str = "expected http:// or https:// with a host, for instance http://127.0.0.1:8200";
    let url = Url::parse(text).map_err(|_| EXPECTED.to_owned())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(EXPECTED.to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a user name or password would be shown to everybody on this machine".to_owned());
    }
    Ok(url)
}

/// An address to listen on.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "expected an IP address and a port, for instance 127.0.0.1:8200".to_owned())
}

/// A region's name, as far as its form goes: whether the provider has it, the provider says.
pub(super) fn region(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let fits = text.len() <= 32
        && parts.len() >= 3
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        && parts.last().is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
    if fits { Ok(text.to_owned()) } else { Err("expected a region's name, for instance us-east-1".to_owned()) }
}

/// A role's ARN.
pub(super) fn role(text: &str) -> Result<String, String> {
    let mut parts = text.splitn(6, ':');
    let fits = parts.next() == Some("arn")
        && parts.next().is_some_and(|partition| partition.starts_with("aws"))
        && parts.next() == Some("iam")
        && parts.nth(2).is_some_and(|resource| resource.len() > "role/".len() && resource.starts_with("role/"));
    if fits {
        Ok(text.to_owned())
    } else {
        Err("expected a role's ARN, for instance arn:aws:iam::123456789012:role/inventory".into())
    }
}

/// A tag and its value.
pub(super) fn tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE, for instance Environment=production".to_owned()),
    }
}

/// A parameter of a query: JSON where it reads as that, else text.
pub(super) fn parameter(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            Ok((name.trim_start_matches('$').to_owned(), value))
        }
        _ => Err("expected NAME=VALUE, for instance status=RUNNING".to_owned()),
    }
}

/// What a person may call a resource: an id, an ARN or a name.
pub(super) fn reference(text: &str) -> Result<String, String> {
    // These two cannot stand in a URL's path, and no provider uses them.
    if matches!(text, "" | "." | "..") {
        return Err("expected an id, an ARN or a name that only one resource has".to_owned());
    }
    Ok(text.to_owned())
}

/// One of the known names, in either letter case.
fn known<T: Clone + Send + Sync + 'static>(names: impl Iterator<Item = &'static str>, make: fn(String) -> T) -> ValueParser {
    PossibleValuesParser::new(names).map(make).into()
}

macro_rules! known_name {
    ($(#[$meta:meta])* $function:ident, $name:ident, $case:ident) => {
        $(#[$meta])*
        pub(super) fn $function() -> ValueParser {
            known($name::KNOWN.iter().map($name::as_str), |text| $name::new(text.$case()))
        }
    };
}

known_name! {
    /// A provider.
    provider, Provider, to_ascii_lowercase
}
known_name! {
    /// A resource's type.
    resource_type, ResourceType, to_ascii_uppercase
}
known_name! {
    /// A state.
    status, Status, to_ascii_uppercase
}
known_name! {
    /// A kind of relationship.
    relationship_kind, RelationshipKind, to_ascii_uppercase
}

/// Which way to follow relationships.
pub(super) fn direction() -> ValueParser {
    known(["incoming", "outgoing", "both"].into_iter(), |text| match text.to_ascii_lowercase().as_str() {
        "incoming" => Direction::Incoming,
        "outgoing" => Direction::Outgoing,
        _ => Direction::Both,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_every_partition_have_the_right_form() {
        for name in ["us-east-1", "us-gov-west-1", "us-iso-east-1", "ap-southeast-4", "eusc-de-east-1", "cn-north-1"] {
            assert!(region(name).is_ok(), "{name}");
        }
        for name in ["", "us-east", "us-east-", "us--1", "us-east-1a", "../x-1", "us-east-1\n", &"a-b-1".repeat(9)] {
            assert!(region(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn roles_of_every_partition_are_taken() {
        for arn in ["arn:aws:iam::123456789012:role/a", "arn:aws-us-gov:iam::1:role/path/to/b"] {
            assert!(role(arn).is_ok(), "{arn}");
        }
        for arn in ["", "a", "arn:aws:iam::1:user/a", "arn:aws:iam::1:role/", "arn:aws:sts::1:role/a"] {
            assert!(role(arn).is_err(), "{arn}");
        }
    }

    #[test]
    fn a_tag_value_may_hold_more_of_the_same_sign() {
        assert_eq!(tag("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(tag("a="), Ok(("a".into(), String::new())));
    }
}
