//! Roles: names for sets of permissions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// The roles that every installation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum BuiltInRole {
    /// Reads and predicts.
    #[default]
    Viewer,
    /// Discovers, queries and trains, too.
    Operator,
    /// Everything.
    Admin,
}

impl BuiltInRole {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Admin];

    /// The name that everybody knows it by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "VIEWER",
            Self::Operator => "OPERATOR",
            Self::Admin => "ADMIN",
        }
    }
}

impl fmt::Display for BuiltInRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for BuiltInRole {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| {
            let found: String = text.chars().take(80).collect();
            Error::invalid("role", "VIEWER, OPERATOR or ADMIN", format!("`{found}`"))
        })
    }
}

/// The name of a role: a letter, then letters, digits, `_` and `-`, at most 64.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(String);

impl RoleName {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<BuiltInRole> for RoleName {
    fn from(role: BuiltInRole) -> Self {
        Self(role.as_str().to_owned())
    }
}

impl FromStr for RoleName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let letter = |byte: u8| byte.is_ascii_alphabetic();
        let other = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if (1..=64).contains(&text.len()) && letter(text.as_bytes()[0]) && text.bytes().all(other) {
            return Ok(Self(text.to_owned()));
        }
        let found: String = text.chars().take(80).collect();
        Err(Error::invalid("role name", "a letter, then letters, digits, _ and -, at most 64", format!("`{found}`")))
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for RoleName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RoleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_roles_read_back_and_nothing_else_does() {
        for role in BuiltInRole::ALL {
            assert_eq!(role.to_string().parse::<BuiltInRole>().unwrap(), role);
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
        for text in ["", "admin", "ROOT", "ADMIN "] {
            assert!(text.parse::<BuiltInRole>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_role_name_is_one_word() {
        assert!("auditor-2".parse::<RoleName>().is_ok());
        for text in ["", "2nd", "a b", "a:b", &"a".repeat(65), "ü"] {
            assert!(text.parse::<RoleName>().is_err(), "{text}");
        }
    }
}
