//! Counting calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::discover::Calls;

/// Counts the operations of the clients that it is given to, and how often each was tried again.
#[derive(Debug, Clone, Default)]
pub(super) struct CallCounter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    api_calls: AtomicU64,
    retries: AtomicU64,
}

impl CallCounter {
    pub(super) fn so_far(&self) -> Calls {
        Calls { api_calls: self.0.api_calls.load(Ordering::Relaxed), retries: self.0.retries.load(Ordering::Relaxed) }
    }

    fn count(&self, attempt: u32) {
        let counter = if attempt <= 1 { &self.0.api_calls } else { &self.0.retries };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

#[dyn_dispatch_hint]
impl Intercept for CallCounter {
    fn name(&self) -> &'static str {
        "CallCounter"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.count(bag.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attempt_is_a_call_and_the_others_are_retries() {
        let counter = CallCounter::default();
        for attempt in [1, 2, 3, 1] {
            counter.count(attempt);
        }
        assert_eq!(counter.so_far(), Calls { api_calls: 2, retries: 2 });
    }
}
