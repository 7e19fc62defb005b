//! What went wrong in a call.

use std::error::Error as StdError;
use std::iter::successors;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::ErrorKind;

use super::answer::BrokenAnswer;
use super::patience::{LateAnswer, while_connecting};
use crate::error::Error;

/// No connection to the service, or one that broke.
const UNREACHABLE: &str = "Unreachable";
/// No answer in time.
const TIMEOUT: &str = "Timeout";
/// An answer that is none of the service's, or not all of it.
const BAD_RESPONSE: &str = "BadResponse";
/// No credentials to sign with.
const NO_CREDENTIALS: &str = "CredentialsUnavailable";

/// A call's failure in the provider's words, without its secrets: unlike [`Error`] it can be given to each scope that
/// waited for the call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{service}: {code}: {message}")]
pub(super) struct Fault {
    service: &'static str,
    code: String,
    message: String,
    retryable: bool,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let Fault { service, code, message, retryable } = fault;
        Self::Provider { service: service.into(), code, message, retryable }
    }
}

impl Fault {
    fn new(service: &'static str, code: &str, message: impl Into<String>, retryable: bool) -> Self {
        Self { service, code: code.to_owned(), message: harmless(code, &message.into()), retryable }
    }

    /// An answer that cannot be what the service meant.
    pub(super) fn bad_response(service: &'static str, message: impl Into<String>) -> Self {
        Self::new(service, BAD_RESPONSE, message, true)
    }

    /// An entry of a batch answer that says why there is no answer.
    pub(super) fn refused(service: &'static str, code: &str, message: impl Into<String>) -> Self {
        Self::new(service, code, message, false)
    }

    /// A failure of this program.
    pub(super) fn internal(service: &'static str, message: impl Into<String>) -> Self {
        Self::new(service, "Internal", message, false)
    }

    /// What a failed call of the SDK says.
    pub(super) fn of<E>(service: &'static str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        match error {
            SdkError::ServiceError(refusal) => {
                let (status, meta) = (refusal.raw().status().as_u16(), refusal.err().meta());
                match meta.code() {
                    Some(code) => {
                        Self::new(service, code, meta.message().unwrap_or_default(), status >= 500 || is_throttling(code))
                    }
                    None => Self::bad_response(service, format!("an answer with status {status} that is not the service's")),
                }
            }
            SdkError::DispatchFailure(failure) => {
                let source = failure.as_connector_error().and_then(StdError::source);
                if let Some(fault) = source.and_then(inner_fault) {
                    return fault;
                }
                if let Some(broken) = source.and_then(find::<BrokenAnswer>) {
                    return Self::bad_response(service, broken.to_string());
                }
                if let Some(late) = source.and_then(find::<LateAnswer>) {
                    return Self::new(service, TIMEOUT, late.to_string(), true);
                }
                if let Some(lack) = source.and_then(find::<CredentialsError>) {
                    return Self::new(service, NO_CREDENTIALS, last_words(lack), true);
                }
                let words = source.map_or_else(|| "no answer".to_owned(), last_words);
                let late = failure.is_timeout() && !source.is_some_and(while_connecting);
                let code = if late { TIMEOUT } else { UNREACHABLE };
                Self::new(service, code, words, true)
            }
            SdkError::TimeoutError(_) => Self::new(service, TIMEOUT, "no answer in time", true),
            SdkError::ResponseError(answer) => {
                let status = answer.raw().status().as_u16();
                Self::bad_response(service, format!("an answer with status {status} that cannot be read"))
            }
            other => match other.source() {
                Some(source) => inner_fault(source).unwrap_or_else(|| Self::new(service, "Internal", last_words(source), false)),
                None => Self::new(service, "Internal", "the request could not be made", false),
            },
        }
    }

    /// What failed credentials say.
    pub(super) fn of_credentials(error: &CredentialsError) -> Self {
        error.source().and_then(inner_fault).unwrap_or_else(|| Self::new("sts", NO_CREDENTIALS, last_words(error), true))
    }

    /// Whether no answer of the service could be read.
    pub(super) fn is_silence(&self) -> bool {
        [UNREACHABLE, TIMEOUT, BAD_RESPONSE].contains(&&*self.code)
    }

    /// Whether this is the refusal with this code, which some services end with `Exception`.
    pub(super) fn is(&self, code: &str) -> bool {
        self.code == code || self.code.strip_suffix("Exception") == Some(code)
    }
}

fn is_throttling(code: &str) -> bool {
    code.contains("Throttl") || code.contains("RequestLimitExceeded") || code.contains("TooManyRequests") || code == "SlowDown"
}

fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    successors(Some(error), |&error| error.source()).find_map(<dyn StdError>::downcast_ref)
}

fn inner_fault(error: &(dyn StdError + 'static)) -> Option<Fault> {
    find::<Fault>(error).cloned()
}

fn last_words(error: &(dyn StdError + 'static)) -> String {
    successors(Some(error), |&error| error.source()).last().map(ToString::to_string).unwrap_or_default()
}

/// A message without what a provider may repeat of a request: where it did not accept the signature it quotes signed
/// headers, the session's token among them.
fn harmless(code: &str, message: &str) -> String {
    if code.contains("Signature") || code.contains("AuthorizationHeader") || message.contains("Credential=") {
        return "the request's signature was not accepted; check the keys and this machine's clock".to_owned();
    }
    let words: Vec<&str> = message.split_whitespace().collect();
    let message = words.join(" ");
    match message.char_indices().nth(500) {
        Some((end, _)) => format!("{}..", &message[..end]),
        None => message,
    }
}

/// What kind of failure a broken answer is to the SDK's retries.
pub(super) const BROKEN_ANSWER_KIND: ErrorKind = ErrorKind::TransientError;

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::operation::describe_vpcs::DescribeVpcsError;
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    use super::*;

    fn refusal(status: u16, code: Option<&str>, message: &str) -> Fault {
        let mut meta = ErrorMetadata::builder().message(message);
        if let Some(code) = code {
            meta = meta.code(code);
        }
        let response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::empty());
        Fault::of("ec2", &SdkError::service_error(DescribeVpcsError::generic(meta.build()), response))
    }

    fn dispatch(error: ConnectorError) -> Fault {
        Fault::of("ec2", &SdkError::<DescribeVpcsError, HttpResponse>::dispatch_failure(error))
    }

    #[test]
    fn a_refusal_keeps_the_provider_s_code_and_words() {
        let denied = refusal(403, Some("UnauthorizedOperation"), "no right to ec2:DescribeVpcs");
        assert_eq!(denied.to_string(), "ec2: UnauthorizedOperation: no right to ec2:DescribeVpcs");
        assert!(!Error::from(denied).is_retryable());
        assert!(Error::from(refusal(503, Some("RequestLimitExceeded"), "")).is_retryable());
        assert!(Error::from(refusal(400, Some("ThrottlingException"), "")).is_retryable());
    }

    #[test]
    fn a_refusal_that_is_not_the_service_s_is_a_bad_response() {
        assert_eq!(refusal(403, None, "").code, BAD_RESPONSE);
    }

    #[test]
    fn a_refused_signature_is_not_quoted() {
        let quoted = refusal(403, Some("SignatureDoesNotMatch"), "should have been 'x-amz-security-token:TOKEN'");
        assert!(!quoted.to_string().contains("TOKEN"));
        let quoted = refusal(400, Some("Other"), "in header: 'AWS4-HMAC-SHA256 Credential=AKIA1/2025'");
        assert!(!quoted.to_string().contains("AKIA1"));
    }

    #[test]
    fn what_keeps_an_answer_from_being_read_has_a_code_of_its_own() {
        assert_eq!(dispatch(ConnectorError::io("connection refused".into())).code, UNREACHABLE);
        assert_eq!(dispatch(ConnectorError::timeout("HTTP read timeout occurred after 60s".into())).code, TIMEOUT);
        assert_eq!(dispatch(ConnectorError::timeout("HTTP connect timeout occurred after 5s".into())).code, UNREACHABLE);
        assert_eq!(dispatch(ConnectorError::other(LateAnswer.into(), None)).code, TIMEOUT);
        let broken = BrokenAnswer::new("it ends in the middle");
        assert_eq!(dispatch(ConnectorError::other(broken.into(), Some(BROKEN_ANSWER_KIND))).code, BAD_RESPONSE);
    }

    #[test]
    fn a_role_s_refusal_shows_through_the_call_that_needed_it() {
        let refused = Fault::refused("sts", "AccessDenied", "not your role");
        let lack = CredentialsError::provider_error(refused.clone());
        assert_eq!(Fault::of_credentials(&lack), refused);
        assert_eq!(dispatch(ConnectorError::other(lack.into(), None)), refused);
    }
}
