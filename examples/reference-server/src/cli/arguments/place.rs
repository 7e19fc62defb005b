//! Where a graph can be kept.

use std::fmt;
use std::path::PathBuf;

/// A store, or an export of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The embedded store of a data directory.
    Embedded(PathBuf),
    /// Neo4j at this address; at the configured one where there is none.
    Neo4j(Option<String>),
    /// An export in a file of JSON lines.
    File(PathBuf),
    /// An export on standard input or output.
    Standard,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded(path) | Self::File(path) => write!(f, "{}", path.display()),
            Self::Neo4j(Some(address)) => f.write_str(address),
            Self::Neo4j(None) => f.write_str("neo4j"),
            Self::Standard => f.write_str("-"),
        }
    }
}

/// The schemes of Neo4j's own addresses.
const NEO4J_SCHEMES: [&str; 4] = ["bolt", "bolt+s", "neo4j", "neo4j+s"];

/// A place as a person writes it.
pub(super) fn place(text: &str) -> Result<Place, String> {
    const EXPECTED: &str = "expected a data directory, embedded:DIR, neo4j, bolt://HOST:PORT, FILE.jsonl or -";
    if let Some((scheme, rest)) = text.split_once("://") {
        if !NEO4J_SCHEMES.contains(&scheme) || rest.is_empty() {
            return Err(EXPECTED.to_owned());
        }
        if rest.contains('@') {
            return Err("an address with a user name or password would be shown to everybody on this machine; set NEO4J_USER \
                        and NEO4J_PASSWORD"
                .to_owned());
        }
        return Ok(Place::Neo4j(Some(text.to_owned())));
    }
    match text.strip_prefix("embedded:").unwrap_or(text) {
        "" => Err(EXPECTED.to_owned()),
        path if path.len() < text.len() => Ok(Place::Embedded(path.into())),
        "-" => Ok(Place::Standard),
        "neo4j" => Ok(Place::Neo4j(None)),
        path if path.ends_with(".jsonl") => Ok(Place::File(path.into())),
        path => Ok(Place::Embedded(path.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_known_by_its_form() {
        for (text, expected) in [
            ("/var/lib/dharmagraph", Place::Embedded("/var/lib/dharmagraph".into())),
            ("embedded:data", Place::Embedded("data".into())),
            ("embedded:neo4j", Place::Embedded("neo4j".into())),
            ("embedded:odd.jsonl", Place::Embedded("odd.jsonl".into())),
            ("neo4j", Place::Neo4j(None)),
            ("bolt://127.0.0.1:7687", Place::Neo4j(Some("bolt://127.0.0.1:7687".into()))),
            ("neo4j+s://graph.example", Place::Neo4j(Some("neo4j+s://graph.example".into()))),
            ("all.jsonl", Place::File("all.jsonl".into())),
            ("-", Place::Standard),
        ] {
            assert_eq!(place(text), Ok(expected), "{text}");
        }
        for text in ["", "embedded:", "http://127.0.0.1:8200", "bolt://", "postgres://a"] {
            assert!(place(text).unwrap_err().contains("embedded:DIR"), "{text}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_repeated() {
        let error = place("bolt://neo4j:hunter2@graph:7687").unwrap_err();
        assert!(error.contains("NEO4J_PASSWORD") && !error.contains("hunter2"), "{error}");
    }
}
