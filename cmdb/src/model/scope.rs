//! The unit that a discovery completes or fails as a whole.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Provider;
use crate::error::{Error, Result};

/// One listing: a provider, account, region and native type. Text is `provider/account/region/native type`, for
/// instance `aws/123456789012/us-west-2/AWS::RDS::DBInstance`; the region of a global service is `global`.
///
/// A scope owns the resources and relationships that its listing reported: only a complete listing of the same scope
/// takes them away. A resource that several scopes own stays while one of them still reports it, and shows the facts
/// of the first of them, in this order: scopes of the resource's own provider before others (the API before a state
/// file), then by text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope {
    /// Who was asked.
    pub provider: Provider,
    /// Account, project or subscription; for Terraform the state's lineage.
    pub account: String,
    /// Region or `global`.
    pub region: String,
    /// What was listed.
    pub native_type: String,
}

impl Scope {
    /// A scope from its parts.
    pub fn new(
        provider: Provider,
        account: impl Into<String>,
        region: impl Into<String>,
        native_type: impl Into<String>,
    ) -> Self {
        Self { provider, account: account.into(), region: region.into(), native_type: native_type.into() }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.provider, self.account, self.region, self.native_type)
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut parts = text.splitn(4, '/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(provider), Some(account), Some(region), Some(native_type)) => {
                Ok(Self::new(Provider::new(provider.to_owned()), account, region, native_type))
            }
            _ => Err(Error::invalid("scope", "provider/account/region/native type", format!("`{text}`"))),
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_back() {
        let scope = Scope::new(Provider::AWS, "123456789012", "us-west-2", "AWS::RDS::DBInstance");
        assert_eq!(scope.to_string(), "aws/123456789012/us-west-2/AWS::RDS::DBInstance");
        assert_eq!(scope.to_string().parse::<Scope>().unwrap(), scope);
        assert!("aws/1".parse::<Scope>().is_err());
    }
}
