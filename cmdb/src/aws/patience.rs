//! How often to wait in vain.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};

/// Attempts that may end without an answer in time. Each costs a minute, which a service that hangs would otherwise cost
/// as often as another failure may be tried again.
const ATTEMPTS: u32 = 2;

/// Ends the retries of a call that is not answered in time sooner than those of other failures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience;

impl ClassifyRetry for Patience {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(|answer| answer.err());
        let late = error.is_some_and(|error| {
            error.is_timeout_error() || error.as_connector_error().is_some_and(|connection| connection.is_timeout())
        });
        let attempt = context.request().and_then(|request| attempt_of(request.headers().get("amz-sdk-request")?));
        match attempt {
            Some(attempt) if late && attempt >= ATTEMPTS => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Patience"
    }
}

/// The attempt that the SDK's own header numbers: `attempt=2; max=6`.
fn attempt_of(header: &str) -> Option<u32> {
    header.split("; ").find_map(|part| part.strip_prefix("attempt="))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempt_is_found_in_the_header() {
        assert_eq!(attempt_of("attempt=1; max=6"), Some(1));
        assert_eq!(attempt_of("ttl=20250118T123045Z; attempt=12; max=6"), Some(12));
        assert_eq!(attempt_of("max=6"), None);
    }
}
