//! What can go wrong between here and the server.

use std::io;
use std::time::Duration;

/// Why an exchange with the server failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// No connection came about, so nothing was asked.
    #[error("Neo4j at {address} cannot be reached: {source}")]
    Unreachable { address: String, source: io::Error },
    /// The connection ended in the middle: what was asked may or may not have been done.
    #[error("the connection to Neo4j was lost: {0}")]
    Lost(#[from] io::Error),
    /// The server, or a free connection, took too long.
    #[error("{what} took longer than {} ms", limit.as_millis())]
    Slow { what: &'static str, limit: Duration },
    /// The server refused.
    #[error("{code}: {message}")]
    Refused { code: String, message: String },
    /// Somebody did not keep to the protocol, or the database holds what this store did not write.
    #[error("{0}")]
    Protocol(String),
}

impl Fault {
    /// Whether the same may succeed when it is tried again.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Lost(_) | Self::Slow { .. } => true,
            Self::Refused { code, .. } => is_transient(code),
            Self::Protocol(_) => false,
        }
    }

    /// Whether another that makes the schema at the same time may be the reason.
    pub(super) fn is_about_schema(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if is_transient(code) || code.starts_with("Neo.ClientError.Schema."))
    }
}

/// The server calls an error transient by its class; the leader of a cluster that has moved is one as well. A
/// transaction that somebody ended on purpose is none, nor is one that needs more memory than the server has.
fn is_transient(code: &str) -> bool {
    const ALSO: [&str; 3] = [
        "Neo.ClientError.Cluster.NotALeader",
        "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
        "Neo.ClientError.Security.AuthorizationExpired",
    ];
    const NOT: [&str; 4] = [
        "Neo.TransientError.Transaction.Terminated",
        "Neo.TransientError.Transaction.LockClientStopped",
        // The same rows need the same memory again.
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "Neo.TransientError.General.OutOfMemoryError",
    ];
    (code.starts_with("Neo.TransientError.") && !NOT.contains(&code)) || ALSO.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_tried_again_and_nothing_else() {
        for code in ["Neo.TransientError.Transaction.DeadlockDetected", "Neo.ClientError.Cluster.NotALeader"] {
            assert!(is_transient(code), "{code}");
        }
        let lasting = [
            "Neo.ClientError.Statement.SyntaxError",
            "Neo.TransientError.Transaction.Terminated",
            "Neo.ClientError.Security.Unauthorized",
        ];
        for code in lasting {
            assert!(!is_transient(code), "{code}");
        }
    }
}
