//! Where a discovery's credentials come from.

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// Where a discovery's credentials come from.
///
/// Serialising one never writes a secret: [`Credentials::Inline`] becomes `{"source": "inline"}`, which cannot be read
/// back as credentials with keys, only as [`Credentials::Gone`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Credentials {
    /// Keys that came with the request.
    #[serde(rename = "inline", skip_deserializing)]
    Inline {
        /// The key's id.
        #[serde(skip_serializing)]
        access_key: Secret,
        /// The key.
        #[serde(skip_serializing)]
        secret_key: Secret,
        /// The session's token, for temporary keys.
        #[serde(skip_serializing)]
        session_token: Option<Secret>,
    },
    /// Keys that came with a request that this process no longer holds.
    #[serde(rename = "inline")]
    Gone {},
    /// Whatever the server's environment offers: variables, shared files, container or instance role.
    DefaultChain {},
    /// A profile of the server's shared configuration.
    Profile {
        /// Its name.
        profile: String,
    },
    /// A role that the server's own identity may take; the external id is the server's, never the caller's.
    AssumeRole {
        /// The role.
        role_arn: String,
    },
    /// A role that the server takes with an OpenID Connect token.
    WebIdentity {
        /// The role; from the environment where it is not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role_arn: Option<String>,
        /// The token's file, from the allow-list; from the environment where it is not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token_file: Option<String>,
    },
    /// Keys that the server reads from allow-listed references, `env://NAME` or `file:///path`.
    Ref {
        /// Where the key's id is.
        access_key: String,
        /// Where the key is.
        secret_key: String,
        /// Where the session's token is, for temporary keys.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session_token: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn serialising_inline_keys_leaves_nothing_of_them() {
        let keys = Credentials::Inline {
            access_key: Secret::new("AKIA1"),
            secret_key: Secret::new("hunter2"),
            session_token: Some(Secret::new("token")),
        };
        let row = serde_json::to_value(&keys).unwrap();
        assert_eq!(row, json!({"source": "inline"}));
        assert_eq!(serde_json::from_value::<Credentials>(row).unwrap(), Credentials::Gone {});
        assert!(!format!("{keys:?}").contains("hunter2"));
    }
}
