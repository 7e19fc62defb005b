//! How often to wait in vain.

use std::error::Error as StdError;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;

/// Attempts that may end without an answer in time. Each costs a minute, which a service that hangs would otherwise cost
/// as often as another failure may be tried again.
const ATTEMPTS: u32 = 2;

/// No answer in time, once too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LateAnswer;

impl fmt::Display for LateAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answer in time, {ATTEMPTS} times")
    }
}

impl std::error::Error for LateAnswer {}

/// The attempt that the SDK's own header numbers: `attempt=2; max=6`.
pub(super) fn attempt_of(request: &HttpRequest) -> u32 {
    let attempt = |header: &str| header.split("; ").find_map(|part| part.strip_prefix("attempt="))?.parse().ok();
    request.headers().get("amz-sdk-request").and_then(attempt).unwrap_or(1)
}

/// The failure of an attempt, as one that the SDK does not try again where the answer was late once too often.
pub(super) fn impatient(error: ConnectorError, attempt: u32) -> ConnectorError {
    let late = error.is_timeout() && !while_connecting(&error);
    if late && attempt >= ATTEMPTS { ConnectorError::other(LateAnswer.into(), None) } else { error }
}

/// Whether a timeout came before there was a connection. The SDK tells by the words alone.
pub(super) fn while_connecting(error: &(dyn StdError + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source()).any(|error| error.to_string().starts_with("HTTP connect timeout"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempt_is_found_in_the_header() {
        let mut request = HttpRequest::empty();
        assert_eq!(attempt_of(&request), 1);
        request.headers_mut().insert("amz-sdk-request", "attempt=12; max=6");
        assert_eq!(attempt_of(&request), 12);
        request.headers_mut().insert("amz-sdk-request", "ttl=20250118T123045Z; attempt=3; max=6");
        assert_eq!(attempt_of(&request), 3);
    }

    #[test]
    fn only_a_second_late_answer_is_final() {
        let late = || ConnectorError::timeout("late".into());
        assert!(impatient(late(), 1).is_timeout());
        assert_eq!(impatient(late(), 2).as_other(), None);
        assert!(impatient(ConnectorError::io("reset".into()), 2).is_io());
        assert!(impatient(ConnectorError::timeout("HTTP connect timeout occurred after 5s".into()), 2).is_timeout());
    }
}
