//! External ids for roles.

use crate::secret::Secret;

const CONTEXT: &str = "dharmagraph 2025-01-18 external id of a role";

/// The external id of one role: stable for a key, and of no help in finding the key or another role's id.
pub(super) fn external_id(key: &Secret, role_arn: &str) -> String {
    let key = blake3::derive_key(CONTEXT, key.expose().as_bytes());
    format!("dharmagraph-{}", blake3::keyed_hash(&key, role_arn.as_bytes()).to_hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_and_each_installation_has_an_id_of_its_own_that_stays() {
        let (here, there) = (Secret::new("a"), Secret::new("b"));
        let (one, two) = ("arn:aws:iam::1:role/one", "arn:aws:iam::1:role/two");
        assert_eq!(external_id(&here, one), external_id(&here, one));
        assert_ne!(external_id(&here, one), external_id(&here, two));
        assert_ne!(external_id(&here, one), external_id(&there, one));
    }

    #[test]
    fn an_id_is_one_that_aws_accepts() {
        let id = external_id(&Secret::new(""), "");
        assert_eq!(id.len(), "dharmagraph-".len() + 64);
        assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }
}
