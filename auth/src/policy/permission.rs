//! What somebody may do to which type of thing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// An action on a type of resource: `cmdb:read`. Both parts are lower-case words of letters, digits, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission {
    text: String,
    colon: usize,
}

macro_rules! known {
    ($($(#[$doc:meta])* $name:ident = $resource_type:literal : $action:literal,)*) => {
        impl Permission {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name() -> Self {
                    Self { text: concat!($resource_type, ":", $action).to_owned(), colon: $resource_type.len() }
                }
            )*

            /// Every permission that the crates of dharmagraph ask for.
            #[must_use]
            pub fn known() -> Vec<Self> {
                vec![$(Self::$name(),)*]
            }
        }
    };
}

known! {
    /// Look at the inventory.
    cmdb_read = "cmdb":"read",
    /// Start and cancel discoveries.
    cmdb_discover = "cmdb":"discover",
    /// Ask in Cypher.
    cmdb_query = "cmdb":"query",
    /// Ask for predictions.
    aiops_predict = "aiops":"predict",
    /// Train and switch models.
    aiops_train = "aiops":"train",
    /// List and change users.
    users_admin = "users":"admin",
    /// Read the audit trail.
    audit_read = "audit":"read",
}

impl Permission {
    /// The type of resource: `cmdb`.
    #[must_use]
    pub fn resource_type(&self) -> &str {
        &self.text[..self.colon]
    }

    /// The action: `read`.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.text[self.colon + 1..]
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Permission {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let word = |part: &str| {
            (1..=32).contains(&part.len()) && part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
        };
        match text.split_once(':') {
            Some((resource_type, action)) if word(resource_type) && word(action) => {
                Ok(Self { text: text.to_owned(), colon: resource_type.len() })
            }
            _ => {
                let found: String = text.chars().take(80).collect();
                Err(Error::invalid("permission", "a resource type and an action, for instance cmdb:read", format!("`{found}`")))
            }
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_reads_back() {
        for permission in Permission::known() {
            assert_eq!(permission.as_str().parse::<Permission>().unwrap(), permission);
            assert_eq!(format!("{}:{}", permission.resource_type(), permission.action()), permission.as_str());
        }
    }

    #[test]
    fn what_is_no_permission_is_refused() {
        for text in ["", ":", "cmdb", "cmdb:", ":read", "CMDB:read", "cmdb:read:all", "cmdb: read", "*:*", "cmdb:*"] {
            assert!(text.parse::<Permission>().is_err(), "{text}");
        }
    }
}
