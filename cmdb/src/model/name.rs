//! Open names: constants for what is known, room for what is not.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

macro_rules! open_name {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $constant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            $($(#[$doc])* pub const $constant: Self = Self(Cow::Borrowed($text));)*

            /// Every name that this crate knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$constant),*];

            /// A name from text, known or not.
            #[must_use]
            pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
                Self(name.into())
            }

            /// A name from text; costs no memory where this crate knows the name.
            #[must_use]
            pub fn known_or_new(name: &str) -> Self {
                let known = Self::KNOWN.iter().find(|known| known.as_str() == name);
                known.cloned().unwrap_or_else(|| Self::new(name.to_owned()))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether this crate knows the name.
            #[must_use]
            pub fn is_known(&self) -> bool {
                Self::KNOWN.contains(self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

open_name! {
    /// Where a resource lives.
    Provider {
        /// Amazon Web Services.
        AWS = "aws",
        /// Microsoft Azure.
        AZURE = "azure",
        /// Google Cloud.
        GCP = "gcp",
        /// Kubernetes.
        KUBERNETES = "kubernetes",
        /// Machines of one's own.
        ON_PREMISE = "onprem",
        /// Terraform state, a source that reports other providers' resources.
        TERRAFORM = "terraform",
    }
}

open_name! {
    /// What a resource is, in the same words for every provider.
    ResourceType {
        /// A virtual machine.
        COMPUTE = "COMPUTE",
        /// A volume, snapshot or bucket.
        STORAGE = "STORAGE",
        /// A network or a part of one.
        NETWORK = "NETWORK",
        /// A database.
        DATABASE = "DATABASE",
        /// Something that runs in containers.
        CONTAINER = "CONTAINER",
        /// A cluster that runs containers.
        CONTAINER_CLUSTER = "CONTAINER_CLUSTER",
        /// A load balancer or a part of one.
        LOAD_BALANCER = "LOAD_BALANCER",
        /// A set of firewall rules.
        SECURITY_GROUP = "SECURITY_GROUP",
        /// A machine of one's own.
        ON_PREMISE_SERVER = "ON_PREMISE_SERVER",
        /// A function as a service.
        FUNCTION = "FUNCTION",
        /// A queue or topic.
        QUEUE = "QUEUE",
        /// A cache.
        CACHE = "CACHE",
        /// A role, user or profile.
        IDENTITY = "IDENTITY",
        /// An encryption key.
        KEY = "KEY",
        /// A stored secret.
        SECRET = "SECRET",
        /// A DNS zone.
        DNS = "DNS",
        /// An alarm or log.
        MONITOR = "MONITOR",
        /// A group that scales machines.
        SCALING_GROUP = "SCALING_GROUP",
        /// Anything else.
        OTHER = "OTHER",
    }
}

open_name! {
    /// Life-cycle state, in the same words for every provider.
    Status {
        /// In use or ready for it.
        RUNNING = "RUNNING",
        /// Switched off; can be switched on again.
        STOPPED = "STOPPED",
        /// Gone for good, still listed.
        TERMINATED = "TERMINATED",
        /// Being made or changed.
        PENDING = "PENDING",
        /// Being switched off or removed.
        STOPPING = "STOPPING",
        /// Broken.
        ERROR = "ERROR",
        /// The provider names a state that this crate does not know.
        UNKNOWN = "UNKNOWN",
    }
}

open_name! {
    /// How one resource is tied to another, read from source to target.
    RelationshipKind {
        /// Resource to the VPC it lives in.
        BELONGS_TO_VPC = "BELONGS_TO_VPC",
        /// Resource to the subnets it is placed in.
        BELONGS_TO_SUBNET = "BELONGS_TO_SUBNET",
        /// Instance to volume or interface; gateway to VPC; elastic IP to interface or instance.
        ATTACHED_TO = "ATTACHED_TO",
        /// Resource to security group; subnet to network ACL.
        PROTECTED_BY = "PROTECTED_BY",
        /// Load balancer to target group to target; route table to gateway.
        ROUTES_TO = "ROUTES_TO",
        /// Part to the whole it belongs to.
        MEMBER_OF = "MEMBER_OF",
        /// Work to the machine it runs on.
        RUNS_ON = "RUNS_ON",
        /// Read replica to its source.
        REPLICA_OF = "REPLICA_OF",
        /// Snapshot to the volume it was taken from.
        SNAPSHOT_OF = "SNAPSHOT_OF",
        /// Volume to the snapshot it was restored from.
        CREATED_FROM = "CREATED_FROM",
        /// Security group to a group named in an ingress rule.
        ALLOWS_TRAFFIC_FROM = "ALLOWS_TRAFFIC_FROM",
        /// Security group to a group named in an egress rule.
        ALLOWS_TRAFFIC_TO = "ALLOWS_TRAFFIC_TO",
        /// Peering connection to the VPC at each end.
        PEERS_WITH = "PEERS_WITH",
        /// Subnet to its route table; VPC to its main one.
        USES_ROUTE_TABLE = "USES_ROUTE_TABLE",
        /// Container service or task to its definition.
        USES_TASK_DEFINITION = "USES_TASK_DEFINITION",
        /// Resource to the role it takes.
        ASSUMES_ROLE = "ASSUMES_ROLE",
        /// Instance to its instance profile.
        HAS_PROFILE = "HAS_PROFILE",
        /// Resource to the key it is encrypted with.
        ENCRYPTED_WITH = "ENCRYPTED_WITH",
        /// Alarm to the resource it watches.
        MONITORS = "MONITORS",
        /// Alarm to the topic it tells.
        NOTIFIES = "NOTIFIES",
        /// Queue to its dead letter queue.
        DEAD_LETTERS_TO = "DEAD_LETTERS_TO",
        /// Event source to function.
        TRIGGERS = "TRIGGERS",
        /// DNS zone to the load balancer named by an alias record.
        RESOLVES_TO = "RESOLVES_TO",
        /// Function to its log group.
        LOGS_TO = "LOGS_TO",
        /// Anything to what it cannot work without.
        DEPENDS_ON = "DEPENDS_ON",
    }
}

/// Checks that text can stand as a label or relation name in Cypher, which cannot bind them as parameters.
///
/// # Errors
/// [`Error::Invalid`] unless the text is 1 to 64 of `A-Z`, `0-9` and `_` and begins with a letter.
pub fn check_label(what: &str, text: &str) -> Result<()> {
    let fits = text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if fits {
        return Ok(());
    }
    let found: String = text.chars().take(80).collect();
    Err(Error::invalid(what, "1 to 64 of A-Z, 0-9 and _, beginning with a letter", format!("`{found}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_name_is_a_valid_label() {
        for name in ResourceType::KNOWN {
            check_label("resource_type", name.as_str()).unwrap();
        }
        for name in RelationshipKind::KNOWN {
            check_label("relation", name.as_str()).unwrap();
        }
    }

    #[test]
    fn labels_that_could_carry_cypher_are_refused() {
        for text in ["", "a", "A`B", "A)-[:X]->(b", "1A", "A B", &"A".repeat(65)] {
            assert!(check_label("label", text).is_err(), "{text:?}");
        }
    }
}
