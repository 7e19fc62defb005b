//! What neo4rs says when something fails, in this store's words.

use std::io;

use neo4rs::Error;

use super::super::fault::Fault;

/// What went wrong with a statement.
pub(super) fn fault(error: Error) -> Fault {
    match error {
        Error::Neo4j(refused) => Fault::Refused { code: refused.code().to_owned(), message: refused.message().to_owned() },
        Error::IOError { detail } => Fault::Lost(detail),
        Error::ConnectionError => Fault::Lost(io::Error::other("no connection could be had")),
        Error::AuthenticationError(message) => {
            Fault::Refused { code: "Neo.ClientError.Security.Unauthorized".to_owned(), message }
        }
        Error::UnexpectedMessage(message) => refused_late(message),
        other => Fault::Protocol(other.to_string()),
    }
}

/// A refusal that comes while records are read is, for neo4rs, a message that it did not expect: its code stands in the text.
fn refused_late(message: String) -> Fault {
    let code = message.find("\"Neo.").map(|at| &message[at + 1..]).and_then(|rest| rest.split('"').next()).map(str::to_owned);
    match code {
        Some(code) => Fault::Refused { code, message },
        None => Fault::Protocol(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_while_records_are_read_keeps_its_code() {
        let text = r#"unexpected response for PULL: Ok(Failure(Failure { metadata: BoltMap { value: {BoltString { value: "code" }: String(BoltString { value: "Neo.TransientError.Transaction.DeadlockDetected" })} } }))"#;
        let fault = fault(Error::UnexpectedMessage(text.to_owned()));
        assert!(fault.is_transient());
        assert!(matches!(fault, Fault::Refused { code, .. } if code == "Neo.TransientError.Transaction.DeadlockDetected"));
        assert!(!refused_late("unexpected response for BEGIN: Record".to_owned()).is_transient());
    }
}
